"""Two operators evict whoever squats an establishment, or correct its département; what was filed stays where it is."""

import asyncio
import secrets
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from models.engine.names import account_process, announcement_id
from models.labels import HoldReason
from models.settings import Settings
from models.store.cases import holds
from models.store.database import Database
from models.store.journal import events, representation
from models.store.people import accounts, authorities, notices, tokens
from tests.builders import Credentials, a_filing, employer, staff
from tests.cases import a_siret, an_employer
from tests.starter.api.public.test_enrolments import activated, enrolled
from tests.starter.conftest import a_setting
from tests.starter.people import Door, code_of, mailed

REASON = "Le répertoire et l’entreprise disent que ce n’est pas elle."


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path, profile="production")


@pytest.fixture
def second(database: Database) -> Credentials:
    return staff(database, "operator")


async def done(door: Door, by: Credentials, approver: Credentials, **act: object) -> dict[str, Any]:
    asked = await door(by).post("/exceptional-acts", json={"reason": REASON} | act)
    assert asked.status_code == 201, asked.text
    path = f"/exceptional-acts/{asked.json()['id']}/approval"
    assert (await door(by).post(path)).status_code == 409
    approved = await door(approver).post(path)
    assert approved.status_code == 200, approved.text
    view: dict[str, Any] = approved.json()
    return view


def account_of(database: Database, who: Credentials) -> str:
    with database.begin() as connection:
        found = tokens.find_bearer(connection, who.token)
    assert found
    return found[0].id


def happened(database: Database, siret: str) -> list[str]:
    with database.begin() as connection:
        assert events.broken_links(connection, siret) == []
        return [each.type for each in events.list_of(connection, siret)]


async def test_a_squatter_is_evicted_by_two_and_the_firm_enrols(
    door: Door, operator: Credentials, second: Credentials, database: Database
) -> None:
    agent, siret = staff(database), a_siret()
    await enrolled(door, siret=siret)
    squatter = await activated(door, database, siret)
    account_id = account_of(database, squatter)
    reference = (await door(squatter).post("/requests", json=a_filing())).json()["reference"]
    view = await done(door, operator, second, kind="evict", subject=siret)
    assert (view["kind"], view["subject"], view["department"]) == ("evict", siret, None)
    assert (await door(squatter).get(f"/requests/{reference}")).status_code == 401
    assert (await door(agent).get(f"/desk/requests/{reference}")).status_code == 200
    assert happened(database, siret)[-1] == "enrolment_evicted"
    with database.begin() as connection:
        assert HoldReason.EVICTION in {each.reason for each in holds.list_standing(connection, reference)}
        told = [each.kind for each in notices.list_unsent(connection, account_process(account_id))]
        agents = [each.kind for each in notices.list_unsent(connection, announcement_id(siret))]
    assert (told, set(agents)) == (["enrolment_evicted"], {"establishment_evicted"})
    await enrolled(door, siret=siret)
    owner = await activated(door, database, siret)
    filed = await door(owner).post("/requests", json=a_filing(other_employees=True))
    assert (filed.status_code, (await door(owner).get(f"/requests/{reference}")).status_code) == (201, 404)
    unknown = {"kind": "evict", "subject": reference, "reason": REASON}
    assert (await door(operator).post("/exceptional-acts", json=unknown)).status_code == 404
    assert len((await door(operator).get("/exceptional-acts")).json()["items"]) >= 1


async def test_whoever_a_squatter_let_in_goes_with_them_and_nobody_else(
    door: Door, operator: Credentials, second: Credentials, database: Database
) -> None:
    siret, secret = a_siret(), "une phrase assez longue"
    mine = await enrolled(door, siret=siret, email=(login := f"{secrets.token_hex(5)}@pirate.invalid"))
    await activated(door, database, siret, secret)
    await enrolled(door, siret=siret)
    owner = await activated(door, database, siret)
    client = door()
    signed = await client.post(
        "/session", json={"login": login, "password": secret}, headers={"Origin": "https://localhost"}
    )
    assert signed.status_code == 200
    own = {"Origin": "https://localhost", "Sec-Fetch-Site": "same-origin"}
    client.headers.update(own | {"Cookie": signed.headers["set-cookie"].partition(";")[0]})
    invited = {"siret": siret, "name": "Complice", "email": f"{secrets.token_hex(5)}@pirate.invalid", "role": "main"}
    assert (await client.post("/members", json=invited)).status_code == 202
    code, _ = mailed(database, "invitation")
    await done(door, operator, second, kind="evict", subject=mine["id"])
    late = await door().post("/invitations/acceptance", json={"code": code, "password": secret})
    assert late.json()["errors"][0]["code"] == "code-refused"
    assert (await client.get("/session")).status_code == 401
    assert (await door(owner).post("/requests", json=a_filing())).status_code == 201


async def test_an_account_of_several_establishments_is_evicted_from_the_one_that_both_operators_see(
    door: Door, operator: Credentials, second: Credentials, database: Database
) -> None:
    with database.begin() as connection:
        person, squatted = an_employer(connection), an_employer(connection, proven=False)
        accounts.enrol(connection, person.account_id, accounts.get_establishment(connection, squatted.siret))
    about = {"kind": "evict", "subject": person.account_id}
    alone = await door(operator).post("/exceptional-acts", json={"reason": REASON} | about)
    assert (alone.status_code, alone.json()["type"]) == (409, "/problems/several-establishments")
    assert all(each in alone.json()["detail"] for each in (person.siret, squatted.siret))
    foreign = await door(operator).post("/exceptional-acts", json={"reason": REASON, "siret": a_siret()} | about)
    assert foreign.status_code == 404
    view = await done(door, operator, second, siret=squatted.siret, **about)
    assert view["siret"] == squatted.siret
    with database.begin() as connection:
        assert representation.is_linked(connection, person.account_id, person.siret)
        assert authorities.is_proven(connection, person.account_id, person.siret)
        assert not representation.is_linked(connection, person.account_id, squatted.siret)


async def test_an_account_of_one_establishment_needs_none_named_and_other_acts_take_none(
    door: Door, operator: Credentials, second: Credentials, database: Database
) -> None:
    with database.begin() as connection:
        person = an_employer(connection)
    needless = {"kind": "relocate", "subject": person.siret, "department": "75", "siret": person.siret}
    refused = await door(operator).post("/exceptional-acts", json={"reason": REASON} | needless)
    assert refused.json()["errors"][0]["pointer"] == "/siret"
    view = await done(door, operator, second, kind="evict", subject=person.account_id)
    assert view["siret"] == person.siret
    with database.begin() as connection:
        assert not representation.is_linked(connection, person.account_id, person.siret)


async def test_an_enrolment_that_nobody_activated_yet_is_evicted_with_its_code(
    door: Door, operator: Credentials, second: Credentials, database: Database
) -> None:
    mine = await enrolled(door)
    code = code_of(database, mine["siret"])
    await done(door, operator, second, kind="evict", subject=mine["id"])
    late = await door().post("/enrolments/activation", json={"code": code, "password": "une phrase assez longue"})
    assert late.json()["errors"][0]["code"] == "code-refused"


async def test_a_filing_and_an_eviction_at_once_leave_nothing_that_is_handed_over(
    door: Door, operator: Credentials, second: Credentials, database: Database
) -> None:
    siret = a_siret()
    await enrolled(door, siret=siret)
    squatter = await activated(door, database, siret)
    asked = await door(operator).post("/exceptional-acts", json={"kind": "evict", "subject": siret, "reason": REASON})
    filings = (door(squatter).post("/requests", json=a_filing(other_employees=True)) for _ in range(6))
    approval = door(second).post(f"/exceptional-acts/{asked.json()['id']}/approval")
    answers = await asyncio.gather(approval, *filings)
    assert answers[0].status_code == 200, answers[0].text
    with database.begin() as connection:
        query = "SELECT reference FROM request WHERE siret = :s"
        for reference in connection.execute(text(query), {"s": siret}).scalars():
            assert HoldReason.EVICTION in {each.reason for each in holds.list_standing(connection, reference)}


async def test_the_departement_of_an_establishment_is_corrected_for_requests_to_come(
    door: Door, operator: Credentials, second: Credentials, database: Database
) -> None:
    who = employer(database, "974")
    before = (await door(who).post("/requests", json=a_filing(employees=9))).json()
    asked = {"kind": "relocate", "subject": who.siret, "reason": REASON}
    faults = [await door(operator).post("/exceptional-acts", json=asked)]
    faults.append(await door(operator).post("/exceptional-acts", json=asked | {"kind": "evict", "department": "75"}))
    assert [(each.status_code, each.json()["errors"][0]["pointer"]) for each in faults] == [(422, "/department")] * 2
    assert (await done(door, operator, second, department="75", **asked))["department"] == "75"
    after = (await door(who).post("/requests", json=a_filing(employees=9, other_employees=True))).json()
    assert ("reference" in before, "reference" in after) == (True, True), (before, after)
    assert [each["reference"][:3] for each in (before, after)] == ["974", "075"]
    assert after["tacit_acceptance_at"].endswith("+01:00")
    unchanged = (await door(who).get(f"/requests/{before['reference']}")).json()
    assert unchanged["clock"]["tacit_acceptance_at"] == before["tacit_acceptance_at"]
    assert "establishment_relocated" in happened(database, who.siret)


async def test_an_act_about_nothing_that_it_can_change_is_refused_before_it_waits(
    door: Door, operator: Credentials, database: Database
) -> None:
    siret, email = a_siret(), f"{secrets.token_hex(4)}@tacite.invalid"
    first = await enrolled(door, siret=siret, email=email)
    redundant = await enrolled(door, siret=siret, email=email)
    nobody = str(staff(database, "agent").account_id)
    wrong = [(kind, subject) for kind in ("resume", "erase", "evict", "relocate") for subject in (nobody, a_siret())]
    wrong += [(kind, each["id"]) for kind in ("resume", "erase", "relocate") for each in (first, redundant)]
    wrong += [("evict", redundant["id"]), ("relocate", siret), ("relocate", first["id"].upper())]
    wrong += [(kind, "034AAAA99") for kind in ("resume", "erase", "evict", "relocate")]
    for kind, subject in wrong:
        body = {"kind": kind, "subject": subject, "reason": REASON} | (
            {"department": "34"} if kind == "relocate" else {}
        )
        answer = await door(operator).post("/exceptional-acts", json=body)
        assert answer.status_code == 404, (kind, subject, answer.text)

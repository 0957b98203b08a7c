"""A head manages the unit: agents, delegations of signature, leaves; by the API and by the page."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from httpx import AsyncClient

from law.calendar import local
from law.directory import PARIS
from models.settings import Settings
from models.store.audit import rows
from models.store.audit.findings import Findings
from models.store.database import Database, now
from models.store.people import access_log, accounts, identities, sessions, tokens
from models.store.people.accounts import Account
from starter.auth import cookies
from tests.builders import Credentials, a_filing, a_grant, employer, staff
from tests.starter.people import Door

AGENT = {
    "role": "signatory",
    "name": "Nadia Perrin",
    "email": "nadia@service-034.invalid",
    "departments": ["34"],
    "subject": "nadia",
}
DELEGATION = {
    "departments": ["34"],
    "from_on": str(datetime.now(ZoneInfo("Europe/Paris")).date()),
    "certificate": "delegate",
    "act": "arrêté du 3 janvier 2024 portant délégation de signature",
}


@pytest.fixture
def head(database: Database) -> Credentials:
    return staff(database, "head")


async def made(client: AsyncClient, address: str, body: object) -> str:
    answer = await client.post(address, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def entered(database: Database, settings: Settings, subject: str) -> Account | None:
    with database.begin() as connection:
        return identities.find_account(connection, settings.oidc_issuer, subject)


async def test_a_head_opens_an_agent_who_signs_in_and_decides_once_it_may_sign(
    door: Door, boss: Credentials, head: Credentials, database: Database, settings: Settings
) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    agent = await made(door(head), "/unit/agents", AGENT)
    account = await entered(database, settings, "nadia")
    assert account is not None
    assert account.id == agent
    with database.begin() as connection:
        secret = sessions.open_session(connection, agent, "oidc", cookies.SESSION_LIFETIME)
    client = door()
    client.cookies.set(cookies.name(settings.site), secret)
    client.headers["Sec-Fetch-Site"] = "same-origin"
    decision = f"/requests/{reference}/decision"
    assert (await client.post(decision, json=a_grant())).status_code == 403
    given = await made(door(head), f"/unit/agents/{agent}/delegations", DELEGATION)
    decided = await client.post(decision, json=a_grant())
    assert decided.status_code == 202, decided.text
    assert (await client.delete(f"{decision}/D1")).status_code == 200
    assert (await door(head).delete(f"/unit/delegations/{given}")).status_code == 200
    assert (await client.post(decision, json=a_grant(id="D2"))).status_code == 403
    history = (await door(head).get(f"/desk/requests/{reference}")).json()["events"]
    assert [each["actor_role"] for each in history] == ["employer", "agent", "agent"]
    closed = await door(head).patch(f"/unit/agents/{agent}", json={"closed": True})
    assert closed.status_code == 200
    assert (await client.get("/desk")).status_code == 401
    with database.begin() as connection:
        day = local(now(connection), PARIS).date()
        kept = [each.type for each in access_log.list_page(connection, day, 0) if each.actor_id == head.account_id]
    assert [each for each in kept if each != "nominal_data_read"] == [
        "account_opened",
        "delegation_given",
        "delegation_revoked",
        "account_changed",
    ]


async def test_an_agent_whose_account_is_opened_again_has_neither_tokens_nor_delegations(
    door: Door, head: Credentials, database: Database
) -> None:
    back = staff(database)
    reference = (await door(employer(database)).post("/requests", json=a_filing())).json()["reference"]
    for closed in (True, False):
        assert (await door(head).patch(f"/unit/agents/{back.account_id}", json={"closed": closed})).status_code == 200
    assert (await door(back).get("/desk")).status_code == 401
    with database.begin() as connection:
        again = Credentials(back.account_id, tokens.issue(connection, back.account_id, "Essai")[0])
    assert (await door(again).get("/desk")).status_code == 200
    assert (await door(again).post(f"/requests/{reference}/decision", json=a_grant())).status_code == 403


async def test_a_head_corrects_the_address_of_an_agent(door: Door, head: Credentials, database: Database) -> None:
    agent = staff(database)
    client = door(head)
    for wrong in ("luc.martin@exemple..fr", "x@(y)", "=?utf-8?q?a=0a?=@exemple.fr", "é@exemple.fr"):
        refused = await client.patch(f"/unit/agents/{agent.account_id}", json={"email": wrong})
        assert [each["pointer"] for each in refused.json()["errors"]] == ["/email"], wrong
        assert wrong not in refused.text
        opened = await client.post("/unit/agents", json=AGENT | {"email": wrong})
        assert [each["pointer"] for each in opened.json()["errors"]] == ["/email"], wrong
    address = f"/unit/agents/{agent.account_id}"
    assert (await client.patch(address, json={"email": "Luc.Martin@exemple.fr."})).status_code == 200
    with database.begin() as connection:
        assert accounts.get(connection, agent.account_id).email == "Luc.Martin@exemple.fr"
        day = local(now(connection), PARIS).date()
        last = [each for each in access_log.list_page(connection, day, 0) if each.type == "account_changed"][-1]
    assert "exemple.fr" not in str(last)


async def test_a_head_reaches_no_further_than_its_unit(door: Door, head: Credentials, database: Database) -> None:
    client = door(head)
    beyond = await client.post("/unit/agents", json=AGENT | {"departments": ["34", "75"]})
    assert [each["code"] for each in beyond.json()["errors"]] == ["department-not-charged"]
    wide, other = staff(database, "reader", "34", "75"), staff(database, "head")
    for agent in (wide.account_id, other.account_id, head.account_id, "x"):
        for method, address, body in (
            ("PATCH", f"/unit/agents/{agent}", {"closed": True}),
            ("POST", f"/unit/agents/{agent}/delegations", DELEGATION),
            ("POST", f"/unit/agents/{agent}/leaves", {"from_on": "2026-12-01", "until_on": "2026-12-02"}),
        ):
            assert (await client.request(method, address, json=body)).status_code == 404, (method, agent)


async def test_a_wrong_delegation_or_leave_is_refused_with_its_reason(
    door: Door, head: Credentials, database: Database
) -> None:
    client, reader, agent = door(head), staff(database, "reader"), staff(database)
    dates = {"from_on": "2026-12-10", "until_on": "2026-12-01"}
    for address, body, told in (
        (f"/unit/agents/{reader.account_id}/delegations", DELEGATION, "Seul un signataire"),
        (f"/unit/agents/{agent.account_id}/delegations", DELEGATION | dates, "avant de commencer"),
        (f"/unit/agents/{agent.account_id}/delegations", DELEGATION | {"departments": ["75"]}, "unité"),
        (f"/unit/agents/{agent.account_id}/leaves", dates, "avant de commencer"),
        (
            f"/unit/agents/{agent.account_id}/leaves",
            {"from_on": "2026-12-01", "until_on": "2026-12-10", "replacement_id": agent.account_id},
            "Aucun collègue",
        ),
    ):
        answer = await client.post(address, json=body)
        assert answer.status_code == 422
        assert told in answer.text, answer.text
    twice = await client.post("/unit/agents", json=AGENT)
    again = await client.post("/unit/agents", json=AGENT | {"name": "Une autre"})
    assert (twice.status_code, again.json()["type"]) == (201, "/problems/identity-taken")


async def test_the_replacement_has_the_cases_of_the_one_who_is_away(
    door: Door, boss: Credentials, head: Credentials, database: Database
) -> None:
    away, there = staff(database, "instructor"), staff(database, "instructor")
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    await door(away).post(f"/requests/{reference}/assignment", json={"assigned_to": "me"})
    with database.begin() as connection:
        today = local(now(connection), "34").date()
    leave = {"from_on": str(today), "until_on": str(today + timedelta(days=7))}

    async def mine(who: Credentials) -> list[str]:
        listed = await door(who).get("/desk", params={"assigned_to": "me"})
        return [each["reference"] for each in listed.json()["items"]]

    assert (await mine(away), await mine(there)) == ([reference], [])
    written = await made(
        door(head),
        f"/unit/agents/{away.account_id}/leaves",
        leave | {"replacement_id": there.account_id},
    )
    assert await mine(there) == [reference]
    assert (await door(head).delete(f"/unit/leaves/{written}")).status_code == 200
    assert await mine(there) == []


async def test_every_act_of_a_head_leaves_the_access_log_true(
    door: Door, head: Credentials, database: Database
) -> None:
    client = door(head)
    agent = await made(client, "/unit/agents", AGENT | {"subject": "every-act"})
    address = f"/unit/agents/{agent}"
    changes: list[dict[str, object]] = [{"email": "n.perrin@service-034.invalid"}, {"departments": ["34"]}]
    changes += [{"role": role} for role in ("instructor", "signatory", "reader", "signatory")]
    changes += [{"closed": closed} for closed in (True, False, True)]
    for change in changes:
        if change != {"closed": False}:
            await client.post(f"{address}/delegations", json=DELEGATION)
        with database.begin() as connection:
            tokens.issue(connection, agent, "Essai")
        assert (await client.patch(address, json=change)).status_code == 200, change
    given = await made(client, f"/unit/agents/{staff(database).account_id}/delegations", DELEGATION)
    for _ in ("once", "again"):
        assert (await client.delete(f"/unit/delegations/{given}")).status_code == 200
    findings = Findings()
    with database.begin() as connection:
        rows.check_people(connection, None, findings)
        day = local(now(connection), PARIS).date()
        ended = [each for each in access_log.list_page(connection, day, 0) if each.data.get("account") == agent]
    mine = {str(row["delegation"]) for row in (each.data for each in ended if each.type == "delegation_revoked")}
    assert len(mine) >= 3
    assert {each.actor_id for each in ended if each.type.endswith("_revoked")} == {head.account_id}
    about = (agent, given, *mine)
    broken = findings.verdict(0, everything=True).broken
    assert [each.what for each in broken if any(one in each.what for one in about)] == []

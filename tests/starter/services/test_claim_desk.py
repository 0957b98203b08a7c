"""The desk of claims: by the last day of payment, filtered, in pages; figures and no person."""

import json

from sqlalchemy import text

from models.claim_labels import ClaimSignal
from models.store.claims import controls
from models.store.database import Database
from tests.builders import Credentials, staff
from tests.cases import an_agent
from tests.models.store.claims import builders, reviewed
from tests.starter.claimed import a_claim, a_line, authorized_for, filed
from tests.starter.claims import waiting
from tests.starter.people import Door


async def test_claims_that_wait_are_listed_by_day_of_payment_in_whole_pages(door: Door, database: Database) -> None:
    claims = [*waiting(database, 3), *waiting(database, 2, ClaimSignal.DSN_TOTAL)]
    client, listed, cursor = door(staff(database)), [], ""
    while True:
        page = (await client.get("/desk/claims", params={"limit": 2, "cursor": cursor})).json()
        listed += page["items"]
        if page["next"] is None:
            break
        cursor = page["next"]
    own = [each for each in listed if each["id"] in {claim.id for claim in claims}]
    assert [each["id"] for each in own] == [each.id for each in claims]
    assert [(each["due_on"], each["id"]) for each in listed] == sorted((each["due_on"], each["id"]) for each in listed)
    shown = {name: own[0][name] for name in ("month", "part", "version", "people", "hours", "allowance", "state")}
    assert shown == {
        "month": "2026-12",
        "part": 1,
        "version": 1,
        "people": 1,
        "hours": "7.00",
        "allowance": "83.30",
        "state": "under_review",
    }


async def test_the_desk_is_filtered(door: Door, database: Database) -> None:
    [plain], [signalled] = waiting(database, 1), waiting(database, 1, ClaimSignal.DSN_TOTAL)
    [agreed] = waiting(database, 1)
    reviewed.agree(database, agreed, an_agent(database))
    client = door(staff(database))

    async def ids(**wanted: object) -> set[str]:
        found = (await client.get("/desk/claims", params={"limit": 200, **wanted})).json()["items"]  # type: ignore[dict-item]
        return {each["id"] for each in found} & {plain.id, signalled.id, agreed.id}

    assert await ids() == {plain.id, signalled.id}
    assert await ids(signals="true") == {signalled.id}
    assert await ids(signals="false") == {plain.id}
    assert await ids(state="agreed") == {agreed.id}
    assert await ids(q=plain.reference) == {plain.id}
    assert await ids(siret=builders.employer_of(database, plain.reference).siret) == {plain.id}
    assert await ids(department="34") == {plain.id, signalled.id}
    assert await ids(department="75") == set()
    away = (await door(staff(database, "agent", "75")).get("/desk/claims")).json()
    assert away == {"items": [], "next": None}
    with database.begin() as connection:  # a signal of the case that somebody has looked at since
        connection.execute(text("UPDATE claim SET signals = '[\"case\"]' WHERE id = :id"), {"id": plain.id})
    assert await ids(signals="false") == {plain.id}
    reviewed.signal_case(database, plain.reference, "Compte bancaire déjà donné par une autre entreprise.")
    assert (await ids(signals="true"), await ids(signals="false")) == ({plain.id, signalled.id}, set())


async def test_wrong_filters_are_told_and_a_cursor_of_another_list_is_unknown(door: Door, agent: Credentials) -> None:
    wrong = await door(agent).get(
        "/desk/claims", params={"state": "late", "department": "20", "cursor": "x", "q": "\0"}
    )
    assert {each["pointer"] for each in wrong.json()["errors"]} == {"/state", "/department", "/cursor", "/q"}
    assert (await door(agent).get("/desk/claims", params={"cursor": "r.1.034AQHV02"})).status_code == 404


async def test_a_claim_is_read_with_its_sums_and_never_a_person(
    door: Door, agent: Credentials, database: Database
) -> None:
    reference = builders.authorize(database)
    people = [builders.a_person(1), builders.a_person(2, cents=6_000)]
    claim = builders.claim(database, reference, *people)
    reviewed.control(database, claim, ClaimSignal.OTHER_ESTABLISHMENT)
    reviewed.refuse(database, claim, an_agent(database))
    read = (await door(agent).get(f"/desk/claims/{claim.id}")).json()
    [total] = read["sums"]
    assert {name: total[name] for name in ("people", "hours", "allowance", "least", "most")} == {
        "people": 2,
        "hours": "14.00",
        "allowance": "143.30",
        "least": "8.57",
        "most": "11.90",
    }
    assert read["signals"] == ["other_establishment"]
    assert read["visa"]["outcome"] == "refused"
    assert read["versions"] == [claim.id]
    assert read["events"] == ["claim_received", "claim_controlled", "claim_refusal_registered"]
    assert not {"nir", "family_name", "blind", "sealed", "iban"} & set(json.dumps(read).split('"'))
    assert (await door(staff(database, "agent", "75")).get(f"/desk/claims/{claim.id}")).status_code == 404


async def test_an_agent_reads_why_a_claim_is_signalled_in_french(
    door: Door, agent: Credentials, boss: Credentials, database: Database
) -> None:
    reference = authorized_for(database, boss)
    wrong = a_claim(a_line(1, hourly_gross="400"), a_line(2, week=builders.LAST_WEEK, worked="0", idle="35"))
    filed_claim = await filed(door(boss), reference, wrong)
    assert filed_claim["signals"] == []
    reviewed.signal_case(database, reference, "Avis du CSE non transmis dans le délai.")
    with database.begin() as connection:
        controls.control(connection, filed_claim["id"])
    read = (await door(agent).get(f"/desk/claims/{filed_claim['id']}")).json()
    assert read["signals"] == ["wage", "calendar", "case"]
    assert read["signal_labels"] == [ClaimSignal.of(each).label for each in read["signals"]]
    assert read["warnings"] == [
        {"signal": "wage", "total": 1, "lines": [1]},
        {"signal": "calendar", "total": 1, "lines": [2]},
    ]
    assert read["case_signals"] == ["Avis du CSE non transmis dans le délai."]

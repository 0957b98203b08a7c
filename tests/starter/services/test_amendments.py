"""Amendments asked for through the API: under which conditions, with which number, and what they change."""

import asyncio
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import text

from models.store.database import Database
from models.store.journal import outbox
from tests.amendments import REASONS
from tests.builders import Credentials, a_filing, employer
from tests.cases import GROUNDS, IBAN, let_silence_accept, notify_a_decision
from tests.models.store.claims.builders import WEEK, a_person, claim
from tests.starter.people import Door

DECEMBER: Final = {"start_on": "2026-12-01", "end_on": "2026-12-31"}
MORE: Final[dict[str, Any]] = {"hours": "15000", "reasons": REASONS}


async def authorized(door: Door, database: Database, boss: Credentials, **filing: Any) -> str:
    reference: str = (await door(boss).post("/requests", json=a_filing(**filing))).json()["reference"]
    let_silence_accept(database, reference)
    return reference


async def test_an_amendment_is_answered_like_a_request_and_has_its_own_number(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference, client = await authorized(door, database, boss), door(boss)
    answer = await client.post(f"/requests/{reference}/amendments", json=MORE)
    filed = answer.json()
    assert (answer.status_code, filed["reference"], filed["status"]) == (201, f"{reference}01", "under_review")
    assert answer.headers["location"].endswith(f"/requests/{reference}01")
    amendment = (await client.get(f"/requests/{reference}01")).json()
    assert (amendment["amends"], amendment["hours"], amendment["circumstances"]) == (reference, "15000.00", REASONS)
    assert amendment["clock"]["tacit_acceptance_at"] == filed["tacit_acceptance_at"]
    parent = (await client.get(f"/requests/{reference}00")).json()
    assert (parent["reference"], parent["amends"], parent["hours"]) == (reference, None, "12000.00")
    [listed] = parent["amendments"]
    assert (listed["reference"], listed["status"], listed["hours"]) == (f"{reference}01", "under_review", "15000.00")
    assert listed["links"]["self"] == f"/api/v1/requests/{reference}01"
    assert parent["in_force"]["hours"] == "12000.00"


async def test_what_is_in_force_changes_once_silence_accepts(door: Door, boss: Credentials, database: Database) -> None:
    reference, client = await authorized(door, database, boss), door(boss)
    amendment = (await client.post(f"/requests/{reference}/amendments", json=MORE)).json()["reference"]
    let_silence_accept(database, amendment)
    parent = (await client.get(f"/requests/{reference}")).json()
    assert (parent["in_force"]["hours"], parent["granted"]["hours"]) == ("15000.00", "12000.00")
    assert [each["reference"] for each in (await client.get("/requests")).json()["items"]] == [reference, amendment]


async def test_only_what_is_authorized_and_open_is_amended(door: Door, boss: Credentials, database: Database) -> None:
    client = door(boss)
    reference = (await client.post("/requests", json=a_filing())).json()["reference"]
    early = await client.post(f"/requests/{reference}/amendments", json=MORE)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/not-authorized")
    notify_a_decision(database, reference, outcome="refusal", grounds=GROUNDS)
    refused = await client.post(f"/requests/{reference}/amendments", json=MORE)
    assert refused.json()["type"] == "/problems/not-authorized"
    other = await authorized(door, database, boss)
    with database.begin() as connection:
        connection.execute(text("UPDATE request SET closed_at = now() WHERE reference = :r"), {"r": other})
    closed = await client.post(f"/requests/{other}/amendments", json=MORE)
    assert closed.json()["type"] == "/problems/case-closed"
    foreign = await door(employer(database)).post(f"/requests/{other}/amendments", json=MORE)
    assert foreign.status_code == 404


async def test_an_amendment_of_an_amendment_is_one_of_the_authorization(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference, client = await authorized(door, database, boss), door(boss)
    first = (await client.post(f"/requests/{reference}/amendments", json=MORE)).json()["reference"]
    let_silence_accept(database, first)
    second = await client.post(f"/requests/{first}/amendments", json=MORE | {"hours": "16000"})
    assert second.json()["reference"] == f"{reference}02"


async def test_one_amendment_at_a_time_whatever_is_sent_at_once(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference, client = await authorized(door, database, boss), door(boss)
    bodies = [MORE | {"hours": str(hours)} for hours in range(13_000, 13_005)]
    sent = (client.post(f"/requests/{reference}/amendments", json=body) for body in bodies)
    answers = await asyncio.gather(*sent)
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409, 409]
    assert {each.json()["type"] for each in answers if each.status_code == 409} == {"/problems/amendment-pending"}
    await client.post(f"/requests/{reference}01/desistment")
    assert (await client.post(f"/requests/{reference}/amendments", json=MORE)).status_code == 201


async def test_the_same_key_makes_one_amendment(door: Door, boss: Credentials, database: Database) -> None:
    reference, client = await authorized(door, database, boss), door(boss)
    with database.begin() as connection:
        before = len(outbox.list_waiting(connection, 100))
    key = {"Idempotency-Key": "once"}
    path = f"/requests/{reference}/amendments"
    answers = await asyncio.gather(*(client.post(path, json=MORE, headers=key) for _ in range(5)))
    assert ({each.status_code for each in answers}, len({each.text for each in answers})) == ({201}, 1)
    with database.begin() as connection:
        assert len(outbox.list_waiting(connection, 100)) == before + 1


async def test_every_fault_is_told_at_once(door: Door, boss: Credentials, database: Database) -> None:
    reference, client = await authorized(door, database, boss), door(boss)
    path = f"/requests/{reference}/amendments"
    shape = await client.post(path, json={"hours": "0", "employees": 0})
    assert {each["pointer"] for each in shape.json()["errors"]} == {"/hours", "/employees", "/reasons"}
    same = await client.post(path, json={"hours": "12000", "reasons": REASONS})
    assert [each["code"] for each in same.json()["errors"]] == ["nothing-changed"]
    claim(database, reference, a_person(1, (WEEK, "20")))
    period = {"start_on": "2026-12-01", "end_on": "2027-03-31"}
    less = await client.post(path, json={"hours": "10", "period": period, "reasons": REASONS})
    assert [(each["pointer"], each["code"]) for each in less.json()["errors"]] == [
        ("/period/end_on", "period-too-long"),
        ("/hours", "hours-claimed"),
    ]


async def test_days_that_are_claimed_stay_within_the_period(door: Door, boss: Credentials, database: Database) -> None:
    reference, client = await authorized(door, database, boss), door(boss)
    claim(database, reference)
    path, codes = f"/requests/{reference}/amendments", []
    for start_on, end_on in (("2026-12-08", "2027-01-31"), ("2026-12-01", "2026-12-12"), ("2026-12-07", "2026-12-13")):
        period = {"start_on": start_on, "end_on": end_on}
        answer = (await client.post(path, json={"period": period, "reasons": REASONS})).json()
        codes.append([(each["pointer"], each["code"]) for each in answer.get("errors", [])])
    assert codes == [[("/period", "days-claimed")], [("/period", "days-claimed")], []]


async def test_days_of_another_request_are_not_added_but_for_other_employees(
    door: Door, boss: Credentials, database: Database
) -> None:
    client = door(boss)
    january = {"start_on": "2027-01-01", "end_on": "2027-01-31"}
    longer = {"period": {"start_on": "2026-12-01", "end_on": "2027-01-15"}, "reasons": REASONS}
    reference = await authorized(door, database, boss, period=DECEMBER)
    other = (await client.post("/requests", json=a_filing(period=january))).json()["reference"]
    answer = await client.post(f"/requests/{reference}/amendments", json=longer)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/overlapping-request")
    assert other in answer.json()["detail"]
    boss = employer(database)
    stated = await authorized(door, database, boss, period=DECEMBER, other_employees=True, employees=20)
    client = door(boss)
    await client.post("/requests", json=a_filing(period=january, employees=20))
    assert (await client.post(f"/requests/{stated}/amendments", json=longer)).status_code == 201


async def test_figures_that_the_calendar_does_not_allow_are_signalled(
    door: Door, boss: Credentials, database: Database
) -> None:
    reference, client = await authorized(door, database, boss), door(boss)
    answer = await client.post(f"/requests/{reference}/amendments", json=MORE | {"hours": "900000", "employees": 43})
    assert [each["code"] for each in answer.json()["signals"]] == ["employees-above-headcount", "hours-above-calendar"]
    assert Decimal((await client.get(f"/requests/{reference}01")).json()["hours"]) == Decimal(900_000)
    assert IBAN not in answer.text

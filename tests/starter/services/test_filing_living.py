"""Filings beside living requests: overlaps are named, other employees are stated, parallel filings wait in line."""

import asyncio
from collections.abc import Iterator

import pytest

from law.grounds import Ground
from local.postgres import Postgres
from models.labels import Proof
from models.store.database import Database
from models.store.people import accounts, authorities
from tests.builders import Credentials, a_filing, a_grant, employer
from tests.starter.conftest import one_register
from tests.starter.people import Door


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_an_overlapping_request_is_refused_and_named(door: Door, boss: Credentials) -> None:
    client = door(boss)
    first = (await client.post("/requests", json=a_filing())).json()["reference"]
    for ground in ("exceptional_circumstances", "supply_difficulties", "economic_conditions"):
        again = await client.post("/requests", json=a_filing(ground=ground))
        assert (again.status_code, again.json()["type"]) == (409, "/problems/overlapping-request")
        assert first in again.json()["detail"]
    too_many = await client.post("/requests", json=a_filing(other_employees=True))
    assert [each["code"] for each in too_many.json()["errors"]] == ["employees-above-headcount"]
    assert first in too_many.json()["errors"][0]["message"]
    await client.post(f"/requests/{first}/desistment")
    answer = await client.post("/requests", json=a_filing())
    assert (answer.status_code, answer.json()["signals"]) == (201, [])


async def test_a_request_for_other_employees_is_taken_up_to_the_headcount_and_says_so(
    door: Door, boss: Credentials
) -> None:
    client, shared = door(boss), {"employees": 20, "headcount": 42}
    first = (await client.post("/requests", json=a_filing(**shared))).json()["reference"]
    key = {"Idempotency-Key": "others"}
    more = {"ground": "supply_difficulties", "other_employees": True, "hours": "5000"}
    body = a_filing(employees=22, headcount=42, **more)
    answer = await client.post("/requests", json=body, headers=key)
    assert answer.status_code == 201, answer.text
    assert [each["code"] for each in answer.json()["signals"]] == ["other-employees"]
    assert answer.json()["signals"][0]["label"].startswith("Des jours de cette période")
    assert (await client.post("/requests", json=body, headers=key)).json() == answer.json()
    third = await client.post("/requests", json=body | {"employees": 1})
    assert third.status_code == 422
    assert first in third.json()["errors"][0]["message"]


async def test_of_five_filings_at_once_for_one_month_one_is_taken_and_four_are_told_which(
    door: Door, database: Database
) -> None:
    client, period = door(employer(database)), {"start_on": "2026-12-01", "end_on": "2026-12-31"}
    bodies = [a_filing(ground=ground.value, period=period) for ground in Ground]
    answers = await asyncio.gather(*(client.post("/requests", json=body) for body in bodies))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409, 409]
    (taken,) = (each.json()["reference"] for each in answers if each.status_code == 201)
    assert all(taken in each.json()["detail"] for each in answers if each.status_code == 409)


async def test_months_asked_count_before_they_are_decided(door: Door, database: Database) -> None:
    client = door(employer(database))
    for number, (start, end) in enumerate(
        (("2026-12", "2027-02-28"), ("2027-03", "2027-05-31"), ("2027-06", "2027-08-31"))
    ):
        period = {"start_on": f"{start}-01", "end_on": end}
        answer = await client.post("/requests", json=a_filing(ground="economic_conditions", period=period))
        assert answer.status_code == (201 if number < 2 else 422), answer.text
    assert [each["code"] for each in answer.json()["errors"]] == ["too-many-months"]


async def test_a_draft_goes_the_same_way(door: Door, database: Database) -> None:
    client = door(employer(database))
    first = (await client.post("/requests", json=a_filing())).json()["reference"]
    draft = (await client.post("/drafts", json={"ground": "supply_difficulties", "placement_on": "2026-12-01"})).json()
    body = {name: value for name, value in a_filing(ground="supply_difficulties").items() if name != "siret"}
    assert (await client.patch(f"/drafts/{draft['id']}", json=body)).status_code == 200
    refused = await client.post(f"/drafts/{draft['id']}/filing")
    assert (refused.status_code, first in refused.json()["detail"]) == (409, True)


async def test_what_a_stranger_filed_for_the_establishment_bars_nobody(door: Door, database: Database) -> None:
    boss, stranger = employer(database, proven=False), employer(database, proven=False)
    with database.begin() as connection:
        accounts.enrol(connection, stranger.account_id, accounts.get_establishment(connection, boss.siret), apart=True)
    squatted = await door(stranger).post("/requests", json=a_filing(siret=boss.siret))
    assert squatted.status_code == 201, squatted.text
    assert (await door(boss).post("/requests", json=a_filing())).status_code == 201


async def test_what_a_stranger_was_granted_bars_nobody(door: Door, database: Database, agent: Credentials) -> None:
    boss, stranger = employer(database, proven=False), employer(database, proven=False)
    with database.begin() as connection:
        accounts.enrol(connection, stranger.account_id, accounts.get_establishment(connection, boss.siret), apart=True)
    filed = [await door(who).post("/requests", json=a_filing(siret=boss.siret)) for who in (stranger, boss)]
    assert [each.status_code for each in filed] == [201, 201]
    with database.begin() as connection:
        authorities.record(connection, boss.siret, boss.account_id, Proof.TRIAL)
    for each in filed:
        decided = f"/requests/{each.json()['reference']}/decision"
        answer = await door(agent).post(decided, json=a_grant(id=each.json()["reference"]))
        assert answer.status_code == 202, answer.text

"""Decisions that raise a quota by the API: recorded once a key, about a case or an establishment, listed, ended."""

import pytest

from cli.environment import OPERATOR
from models.store.database import Database
from models.store.people import delegations
from tests.builders import Credentials, employer, staff
from tests.cases import a_siret
from tests.models.store.claims.builders import WEEK, authorize
from tests.models.store.claims.reviewed import today
from tests.models.store.claims.test_quota_exceptions import a_decision_file, place_of
from tests.starter.people import Door

REASON = "Le nombre d’heures a été mal saisi."


def a_body(database: Database, agent: Credentials, **changes: object) -> dict[str, object]:
    """A decision of the ministers of today about the establishment or case in `changes`, with its file sent."""
    day, file = str(today(database)), a_decision_file(database, agent.account_id)
    body = {"year": WEEK.year, "hours": "1200", "authority": "ministers", "decided_on": day, "file": file} | changes
    return {name: value for name, value in body.items() if value is not None}


@pytest.mark.parametrize("whole", [True, False])
async def test_a_decision_is_recorded_once_listed_and_read(
    door: Door, agent: Credentials, database: Database, *, whole: bool
) -> None:
    reference = authorize(database)
    siret = place_of(database, reference).siret
    about = {"siret": siret} if whole else {"reference": reference}
    client, keyed = door(agent), {"Idempotency-Key": "decision"}
    body = a_body(database, agent, **about)
    first, again = [await client.post("/quota-exceptions", json=body, headers=keyed) for _ in range(2)]
    assert (first.status_code, first.json()) == (201, again.json())
    [listed] = (await client.get("/quota-exceptions")).json()["items"]
    shown = {name: listed[name] for name in ("id", "siret", "reference", "year", "hours", "authority", "file")}
    assert shown == {
        "id": first.json()["id"],
        "siret": siret,
        "reference": None if whole else reference,
        "year": WEEK.year,
        "hours": "1200.00",
        "authority": "ministers",
        "file": body["file"],
    }
    colleague = door(staff(database, "reader"))
    assert (await colleague.get(f"/files/{body['file']}")).status_code == 200
    elsewhere = door(staff(database, "head", "75"))
    assert (await elsewhere.get("/quota-exceptions")).json()["items"] == []
    assert (await elsewhere.get(f"/files/{body['file']}")).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "pointers"),
    [
        ({"hours": "1000"}, {"/hours"}),
        ({"hours": "0"}, {"/hours"}),
        ({"hours": None}, {"/hours"}),
        ({"year": "2026"}, {"/year"}),
        ({"year": 2012}, {"/year"}),
        ({"authority": "maire"}, {"/authority"}),
        ({"authority": "prefect"}, {"/hours"}),
        ({"decided_on": "2099-01-01"}, {"/decided_on"}),
        ({"siret": None}, {""}),
        ({"reference": "034ZZZZ99"}, {""}),
        ({"siret": None, "reference": "034ZZZZ99"}, {"/reference"}),
        ({"siret": a_siret(), "file": "0" * 8 + "-0000-0000-0000-" + "0" * 12}, {"/siret", "/file"}),
        ({"file": "x"}, {"/file"}),
    ],
)
async def test_a_wrong_decision_is_refused_where_it_is_wrong(
    door: Door, agent: Credentials, database: Database, wrong: dict[str, object], pointers: set[str]
) -> None:
    siret = place_of(database, authorize(database)).siret
    body = a_body(database, agent, **{"siret": siret, **wrong})
    answer = await door(agent).post("/quota-exceptions", json=body)
    assert (answer.status_code, {each["pointer"] for each in answer.json()["errors"]}) == (422, pointers)
    assert (await door(agent).get("/quota-exceptions")).json()["items"] == []


async def test_the_file_must_be_ones_own_and_the_place_in_ones_departements(
    door: Door, agent: Credentials, database: Database
) -> None:
    reference = authorize(database)
    body = a_body(database, staff(database), reference=reference)
    answer = await door(agent).post("/quota-exceptions", json=body)
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/file"]
    head = staff(database, "head", "75")
    for about in ({"reference": reference}, {"siret": place_of(database, reference).siret}):
        answer = await door(head).post("/quota-exceptions", json=a_body(database, head, **about))
        assert [each["pointer"] for each in answer.json()["errors"]] == [f"/{each}" for each in about]


async def test_nobody_records_one_without_a_delegation(door: Door, database: Database) -> None:
    reference = authorize(database)
    ended = staff(database)
    body = a_body(database, ended, reference=reference)
    with database.begin() as connection:
        delegations.revoke_all(connection, ended.account_id, OPERATOR)
    refused = await door(ended).post("/quota-exceptions", json=body)
    assert (refused.status_code, "contingent" in refused.json()["detail"]) == (403, True)
    for other in (staff(database, "instructor"), employer(database)):
        assert (await door(other).post("/quota-exceptions", json=body)).status_code == 403


async def test_a_decision_is_ended_with_a_reason_and_stays_listed(
    door: Door, agent: Credentials, database: Database
) -> None:
    client, keyed = door(agent), {"Idempotency-Key": "end"}
    body = a_body(database, agent, reference=authorize(database))
    given = (await client.post("/quota-exceptions", json=body)).json()["id"]
    address = f"/quota-exceptions/{given}/end"
    for reason in ({}, {"reason": "non"}):
        wrong = await client.post(address, json=reason)
        assert (wrong.status_code, [each["pointer"] for each in wrong.json()["errors"]]) == (422, ["/reason"])
    [before] = (await client.get("/quota-exceptions")).json()["items"]
    assert [before[name] for name in ("ended_at", "ended_by", "end_reason")] == [None] * 3
    answers = [await client.post(address, json={"reason": REASON}, headers=keyed) for _ in range(2)]
    assert [(each.status_code, each.json()) for each in answers] == [(200, {"id": given})] * 2
    [listed] = (await client.get("/quota-exceptions")).json()["items"]
    assert (listed["ended_by"], listed["end_reason"]) == (agent.account_id, REASON)
    assert listed["ended_at"] >= listed["given_at"]


async def test_nobody_else_ends_a_decision(door: Door, agent: Credentials, database: Database) -> None:
    body = a_body(database, agent, reference=authorize(database))
    given = (await door(agent).post("/quota-exceptions", json=body)).json()["id"]
    ended = staff(database)
    with database.begin() as connection:
        delegations.revoke_all(connection, ended.account_id, OPERATOR)
    for who, status in (
        (ended, 403),
        (staff(database, "instructor"), 403),
        (employer(database), 403),
        (staff(database, "head", "75"), 404),
    ):
        refused = await door(who).post(f"/quota-exceptions/{given}/end", json={"reason": REASON})
        assert refused.status_code == status
    assert (await door(agent).post("/quota-exceptions/x/end", json={"reason": REASON})).status_code == 404
    [listed] = (await door(agent).get("/quota-exceptions")).json()["items"]
    assert listed["ended_at"] is None

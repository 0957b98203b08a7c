"""Cases given to a colleague in one act: some, or all that an agent has in charge, with the reason."""

import pytest

from models.store.cases import requests
from models.store.database import Database
from tests.builders import Credentials, staff
from tests.cases import file_a_case
from tests.starter.people import Door, accesses

WHY = "Absence jusqu’à la fin du mois."


@pytest.fixture
def colleague(database: Database) -> Credentials:
    return staff(database)


@pytest.fixture
def head(database: Database) -> Credentials:
    return staff(database, "head")


def charged(database: Database, *cases: str) -> list[str | None]:
    with database.begin() as connection:
        return [requests.get(connection, each).assigned_to for each in cases]


async def test_every_open_case_of_an_agent_changes_hands_in_one_act(
    door: Door, head: Credentials, agent: Credentials, colleague: Credentials, database: Database
) -> None:
    cases = [file_a_case(database) for _ in range(3)]
    other, ended = file_a_case(database), file_a_case(database)
    with database.begin() as connection:
        for each in (*cases, ended):
            requests.assign(connection, each, agent.account_id)
    await door(head).post(f"/requests/{ended}/decision", json={})
    body = {"from_agent": agent.account_id, "to_agent": colleague.account_id, "reason": WHY}
    answer = await door(head).post("/unit/reassignments", json=body)
    assert (answer.status_code, answer.json()["references"]) == (200, sorted([*cases, ended]))
    assert charged(database, *cases, other) == [colleague.account_id] * 3 + [None]
    assert accesses(database, "cases_reassigned") == [head.account_id]
    again = await door(head).post("/unit/reassignments", json=body)
    assert [each["code"] for each in again.json()["errors"]] == ["no-case"]


async def test_some_cases_change_hands(
    door: Door, agent: Credentials, colleague: Credentials, database: Database
) -> None:
    first, second, kept = [file_a_case(database) for _ in range(3)]
    body = {"references": [first, second], "to_agent": colleague.account_id, "reason": WHY}
    assert (await door(agent).post("/unit/reassignments", json=body)).status_code == 200
    assert charged(database, first, second, kept) == [colleague.account_id, colleague.account_id, None]


async def test_what_is_wrong_changes_nothing(
    door: Door, agent: Credentials, colleague: Credentials, database: Database
) -> None:
    case, foreign = file_a_case(database), file_a_case(database, department="75")
    stranger, reader = staff(database, "agent", "75"), staff(database, "reader")
    body = {"references": [case], "to_agent": colleague.account_id, "reason": WHY}
    client = door(agent)
    for changes, status in (
        ({"reason": "non"}, 422),
        ({"references": []}, 422),
        ({"from_agent": colleague.account_id}, 422),
        ({"to_agent": stranger.account_id}, 422),
        ({"to_agent": reader.account_id}, 422),
        ({"references": [case, foreign]}, 404),
        ({"references": [], "from_agent": stranger.account_id}, 404),
    ):
        assert (await client.post("/unit/reassignments", json=body | changes)).status_code == status, changes
    assert (await door(reader).post("/unit/reassignments", json=body)).status_code == 403
    assert charged(database, case, foreign) == [None, None]

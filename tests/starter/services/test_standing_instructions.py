"""Standing instructions by the API: given once a key, within one’s départements and delegation, revoked."""

from datetime import timedelta

import pytest

from cli.environment import OPERATOR
from models.store.database import Database
from models.store.people import delegations
from tests.builders import Credentials, staff
from tests.models.store.claims.reviewed import today
from tests.starter.people import Door


def a_body(database: Database, **changes: object) -> dict[str, object]:
    day = today(database)
    body = {"departments": ["34"], "ceiling": "5000", "from_on": str(day), "to_on": str(day + timedelta(days=30))}
    return body | changes


async def test_an_instruction_is_given_once_listed_and_revoked(
    door: Door, agent: Credentials, database: Database
) -> None:
    client, body = door(agent), a_body(database, ceiling="1250.50")
    keyed = {"Idempotency-Key": "instruction"}
    first, again = [await client.post("/standing-instructions", json=body, headers=keyed) for _ in range(2)]
    assert (first.status_code, first.json()) == (201, again.json())
    [listed] = (await client.get("/standing-instructions")).json()["items"]
    shown = {name: listed[name] for name in ("id", "given_by", "departments", "ceiling", "from_on")}
    assert shown == {
        "id": first.json()["id"],
        "given_by": agent.account_id,
        "departments": ["34"],
        "ceiling": "1250.50",
        "from_on": body["from_on"],
    }
    address = f"/standing-instructions/{first.json()['id']}"
    assert (await door(staff(database, "head", "75")).delete(address)).status_code == 404
    assert (await door(staff(database)).delete(address)).status_code == 403
    assert (await door(staff(database, "head")).delete(address)).status_code == 200
    assert (await client.delete(address)).status_code == 200
    assert (await client.get("/standing-instructions")).json()["items"] == []


@pytest.mark.parametrize(
    ("wrong", "status", "pointer"),
    [
        ({"ceiling": "0"}, 422, "/ceiling"),
        ({"ceiling": 5000}, 422, "/ceiling"),
        ({"ceiling": "1.234"}, 422, "/ceiling"),
        ({"departments": []}, 422, "/departments"),
        ({"departments": ["75"]}, 422, "/departments"),
        ({"from_on": "2020-01-01"}, 422, "/from_on"),
        ({"to_on": "2020-01-01"}, 422, ""),
        ({"to_on": None}, 422, "/to_on"),
    ],
)
async def test_a_wrong_instruction_is_refused_where_it_is_wrong(
    door: Door, agent: Credentials, database: Database, wrong: dict[str, object], status: int, pointer: str
) -> None:
    answer = await door(agent).post("/standing-instructions", json=a_body(database, **wrong))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, pointer)


async def test_nobody_instructs_without_a_delegation_nor_beyond_it(door: Door, database: Database) -> None:
    instructor = staff(database, "instructor")
    assert (await door(instructor).post("/standing-instructions", json=a_body(database))).status_code == 403
    ended = staff(database)
    with database.begin() as connection:
        delegations.revoke_all(connection, ended.account_id, OPERATOR)
    refused = await door(ended).post("/standing-instructions", json=a_body(database))
    assert (refused.status_code, "délégation" in refused.json()["detail"]) == (403, True)

"""A browser is recognised by a cookie; the holder of an account is told of a new one, once a day."""

from collections.abc import Iterator

import httpx
import pytest

from local.postgres import Postgres
from models.engine.names import account_process
from models.store.database import Database
from models.store.people import known_browsers, notices
from tests.starter.conftest import one_register
from tests.starter.people import PASSWORD, SITE, Door, Person, a_person

pytestmark = pytest.mark.usefixtures("unhurried")
BROWSER = "__Host-tacite-browser"


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def enter(door: Door, person: Person, browser: str = "") -> str:
    """Sign in, from a browser that was recognised before or not; returns its secret."""
    headers = {"Origin": SITE} | ({"Cookie": f"{BROWSER}={browser}"} if browser else {})
    body = {"login": person.login, "password": PASSWORD}
    answer: httpx.Response = await door().post("/session", json=body, headers=headers)
    assert answer.status_code == 200
    (kept,) = [each for each in answer.headers.get_list("set-cookie") if each.startswith(BROWSER)]
    assert all(each in kept for each in ("HttpOnly", "SameSite=lax", "Secure"))
    return kept.partition("=")[2].partition(";")[0]


def told(database: Database, person: Person) -> list[str]:
    with database.begin() as connection:
        return [each.kind for each in notices.list_unsent(connection, account_process(person.who.account_id))]


async def test_the_first_browser_and_a_known_one_are_told_to_nobody_and_another_is_once_a_day(
    door: Door, database: Database
) -> None:
    person = a_person(database)
    first = await enter(door, person)
    assert await enter(door, person, first) == first
    assert told(database, person) == []
    second = await enter(door, person)
    assert second != first
    assert told(database, person) == ["signed_in_elsewhere"]
    await enter(door, person)
    assert told(database, person) == ["signed_in_elsewhere"]


async def test_one_browser_of_two_people_keeps_its_secret_and_a_forged_one_is_a_new_one(
    door: Door, database: Database
) -> None:
    one, other = a_person(database), a_person(database)
    shared = await enter(door, one)
    assert await enter(door, other, shared) == shared
    assert told(database, other) == []
    await enter(door, one, "x" * 43)
    assert told(database, one) == ["signed_in_elsewhere"]
    assert await enter(door, one, "x" * 200) != "x" * 200


def test_only_the_latest_browsers_of_an_account_are_kept(database: Database) -> None:
    person = a_person(database)
    with database.begin() as connection:
        for each in range(known_browsers.MAX_BROWSERS + 5):
            known_browsers.add(connection, person.who.account_id, f"secret {each}")
        assert not known_browsers.is_known(connection, person.who.account_id, "secret 0")
        last = f"secret {known_browsers.MAX_BROWSERS + 4}"
        assert known_browsers.is_known(connection, person.who.account_id, last)

"""Password sign-in: one answer for unknown and wrong, whatever the time; nobody is signed in from another site."""

import secrets
from collections.abc import Iterator
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import text

from local.postgres import Postgres
from models.store.database import Database
from models.store.people import credentials
from starter.auth import passwords
from tests.builders import a_filing
from tests.starter.conftest import one_register
from tests.starter.people import COOKIE, PASSWORD, Door, a_person, accesses, sign_in

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_a_session_is_opened_read_used_and_closed(door: Door, database: Database) -> None:
    client, person = door(), a_person(database)
    opened = await sign_in(client, person)
    flags = opened.headers["set-cookie"].lower()
    assert opened.json() | {"form_token": ""} == {
        "account_id": person.who.account_id,
        "name": opened.json()["name"],
        "role": "employer",
        "form_token": "",
    }
    assert flags.startswith(f"{COOKIE.lower()}=")
    assert all(flag in flags for flag in ("httponly", "secure", "samesite=lax", "path=/"))
    assert "domain" not in flags
    assert (await client.get("/session", headers=person.headers)).status_code == 200
    filed = await client.post("/requests", json=a_filing(), headers=person.headers)
    assert filed.status_code == 201, filed.text
    closed = await client.delete("/session", headers=person.headers)
    assert closed.status_code == 200
    assert "max-age=0" in closed.headers["set-cookie"].lower()
    assert (await client.get("/session", headers=person.headers)).status_code == 401
    for kind in ("signed_in", "signed_out"):
        assert accesses(database, kind)[-1] == person.who.account_id


async def test_another_site_signs_nobody_in(door: Door, database: Database) -> None:
    person = a_person(database)
    body = {"login": person.login, "password": PASSWORD}
    answer = await door().post("/session", json=body, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403


async def test_unknown_and_wrong_are_one_answer(door: Door, database: Database) -> None:
    client, person = door(), a_person(database)
    wrong = await sign_in(client, person, password="ce n’est pas le bon")
    unknown = await sign_in(client, person, login="personne@tacite.invalid")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    assert {*wrong.headers} == {*unknown.headers}
    assert accesses(database, "sign_in_refused")[-2:] == [person.who.account_id, None]


async def test_unknown_and_wrong_take_one_time(door: Door, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Medians of interleaved attempts: hashing dominates both; without it, one would be many times shorter."""
    monkeypatch.undo()
    client, person = door(), a_person(database)
    with database.begin() as connection:
        credentials.set_password(connection, person.who.account_id, person.login, passwords.hashed(PASSWORD))
    spent: dict[str, list[float]] = {"wrong": [], "unknown": []}
    for _ in range(9):
        for case, login in (("wrong", person.login), ("unknown", f"{secrets.token_hex(6)}@tacite.invalid")):
            with database.begin() as connection:
                connection.execute(text("DELETE FROM attempt"))
            began = perf_counter()
            answer = await sign_in(client, person, login=login, password="ce n’est pas le bon")
            spent[case].append(perf_counter() - began)
            assert answer.status_code == 401
    ratio = median(spent["wrong"]) / median(spent["unknown"])
    assert 1 / 2 < ratio < 2, spent

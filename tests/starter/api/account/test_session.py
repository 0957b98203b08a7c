"""Password sign-in: one answer for unknown and wrong, attempts slowed, cookies that other sites cannot use."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from local.postgres import Postgres
from models.store.database import Database
from models.store.people import credentials
from models.store.people.attempts import LIMITS
from starter.app import create_app
from starter.auth import passwords, rate_limits
from tests.builders import Credentials, a_filing
from tests.starter.conftest import Door, a_setting, one_register
from tests.starter.people import COOKIE, PASSWORD, SITE, a_person, sign_in, unhurry


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


@pytest.fixture(autouse=True)
def unhurried(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests share one address, so the attempts of one must not count for the next."""
    unhurry(database, monkeypatch)


def accesses(database: Database, kind: str) -> list[str | None]:
    with database.begin() as connection:
        query = (
            "SELECT actor_id::text FROM event WHERE subject LIKE 'access:%' AND type = :k ORDER BY position"
        )
        return list(connection.execute(text(query), {"k": kind}).scalars())


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


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": SITE, "Sec-Fetch-Site": "cross-site"},
        {"Origin": SITE, "Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {},
    ],
)
async def test_another_site_does_nothing_with_the_cookie(
    headers: dict[str, str], door: Door, database: Database
) -> None:
    client, person = door(), a_person(database)
    await sign_in(client, person)
    sent = {"Cookie": f"{COOKIE}={person.cookie}"} | headers
    assert (await client.post("/requests", json=a_filing(), headers=sent)).status_code == 403
    assert (await client.delete("/session", headers=sent)).status_code == 403
    assert (await client.get("/session", headers=person.headers)).status_code == 200


async def test_another_site_signs_nobody_in(door: Door, database: Database) -> None:
    person = a_person(database)
    body = {"login": person.login, "password": PASSWORD}
    answer = await door().post("/session", json=body, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize("secret", ["", "x", "é", "tacite_unknown", "x" * 4_000])
async def test_an_unknown_cookie_opens_nothing(secret: str, door: Door) -> None:
    headers = {b"Cookie": f"{COOKIE}={secret}".encode(), b"Origin": SITE.encode()}
    answer = await door().get("/requests", headers=headers)
    assert answer.status_code == 401


async def test_unknown_and_wrong_are_one_answer(door: Door, database: Database) -> None:
    client, person = door(), a_person(database)
    wrong = await sign_in(client, person, password="ce n’est pas le bon")
    unknown = await sign_in(client, person, login="personne@tacite.invalid")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    assert {*wrong.headers} == {*unknown.headers}
    assert accesses(database, "sign_in_refused")[-2:] == [person.who.account_id, None]


async def test_unknown_and_wrong_take_one_time(
    door: Door, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
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


async def test_guessing_a_password_is_slowed_and_leaves_events(door: Door, database: Database) -> None:
    client, person = door(), a_person(database)
    for _ in range(LIMITS["login"].most):
        assert (await sign_in(client, person, password="au hasard")).status_code == 401
    locked = await sign_in(client, person)
    assert (locked.status_code, locked.json()["type"]) == (429, "/problems/too-many")
    assert 0 < int(locked.headers["retry-after"]) <= LIMITS["login"].within.total_seconds()
    assert accesses(database, "sign_in_refused").count(person.who.account_id) == LIMITS["login"].most
    with database.begin() as connection:
        told = (
            "SELECT data->>'locked' FROM event WHERE type = 'sign_in_refused' ORDER BY position DESC LIMIT 1"
        )
        assert connection.execute(text(told)).scalar() == "yes"
        connection.execute(text("UPDATE attempt SET at = at - interval '15 minutes'"))
    assert (await sign_in(client, person)).status_code == 200


async def test_an_unknown_login_locks_like_a_known_one(door: Door, database: Database) -> None:
    client, person = door(), a_person(database)
    login = f"{secrets.token_hex(6)}@tacite.invalid"
    answers = [await sign_in(client, person, login=login) for _ in range(LIMITS["login"].most + 1)]
    assert [each.status_code for each in answers] == [401] * LIMITS["login"].most + [429]


async def test_one_address_that_tries_many_logins_is_slowed(door: Door, database: Database) -> None:
    client, person = door(), a_person(database)
    with database.begin() as connection:
        assert (await sign_in(client, person, login="a@tacite.invalid")).status_code == 401
        connection.execute(
            text(
                "INSERT INTO attempt (kind, subject) SELECT kind, subject FROM attempt, generate_series(2, :n)"
                " WHERE kind = 'address'"
            ),
            {"n": LIMITS["address"].most},
        )
    assert (await sign_in(client, person)).status_code == 429


async def test_guessing_tokens_is_slowed_and_leaves_an_event(
    door: Door, boss: Credentials, database: Database
) -> None:
    client = door()
    statuses = [
        (await client.get("/requests", headers={"Authorization": f"Bearer tacite_{n}"})).status_code
        for n in range(LIMITS["token"].most + 1)
    ]
    assert statuses == [401] * LIMITS["token"].most + [429]
    assert len(accesses(database, "guesses_slowed")) >= 1
    assert (await door(boss).get("/requests")).status_code == 200


async def test_tries_of_one_subscriber_are_counted_together_whatever_his_address(
    app: FastAPI, database: Database
) -> None:
    addresses = {
        "2001:db8:1:1::1": 1,
        "2001:db8:1:1:ffff::2": 1,
        "2001:db8:1:2::1": 2,
        "192.0.2.7": 3,
        "::ffff:192.0.2.7": 3,
        "192.0.2.8": 4,
        "192.0.2.8:4433": 4,
        "[2001:db8:1:2::9]:443": 4,
        "an odd proxy": 5,
    }
    for address, counted in addresses.items():
        transport = httpx.ASGITransport(app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://door/api/v1") as client:
            guess = {"Authorization": "Bearer tacite_guess"}
            assert (await client.get("/requests", headers=guess)).status_code == 401
        with database.begin() as connection:
            tried = text("SELECT count(DISTINCT subject) FROM attempt WHERE kind = 'token'")
            assert connection.execute(tried).scalar() == counted, address


@pytest.mark.parametrize(
    "lines", [["6.6.6.6", "203.0.113.9"], ["6.6.6.6, 203.0.113.9"], ["6.6.6.6,", "203.0.113.9, "]]
)
async def test_what_a_stranger_says_of_his_address_is_not_believed(
    lines: list[str], database: Database, tmp_path: Path
) -> None:
    made = create_app(a_setting(database, tmp_path, proxies=1))
    headers = [("Authorization", "Bearer tacite_guess"), *(("X-Forwarded-For", line) for line in lines)]
    transport = httpx.ASGITransport(made)
    async with (
        made.router.lifespan_context(made),
        httpx.AsyncClient(transport=transport, base_url="http://door/api/v1") as client,
    ):
        await client.get("/requests", headers=headers)
        origin = rate_limits.digest(made.state.context.master, "address", "203.0.113.9")
    with database.begin() as connection:
        assert connection.execute(
            text("SELECT subject FROM attempt WHERE kind = 'token'")
        ).scalars().all() == [origin]


async def test_guessing_references_is_slowed_and_leaves_an_event(
    door: Door, boss: Credentials, database: Database
) -> None:
    client, before = door(boss), len(accesses(database, "guesses_slowed"))
    asked: list[httpx.Response] = [
        await client.get(f"/requests/034ZZZZ{n:02}") for n in range(LIMITS["reference"].most + 1)
    ]
    assert [each.status_code for each in asked] == [404] * LIMITS["reference"].most + [429]
    assert len(accesses(database, "guesses_slowed")) == before + 1

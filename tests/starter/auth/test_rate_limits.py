"""Attempts are counted by login, address and subscriber, slowed, and leave events."""

import secrets
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from local.postgres import Postgres
from models.engine.keys import MasterKey
from models.store.database import Database
from models.store.people.attempts import LIMITS
from starter.app import create_app
from starter.auth import rate_limits
from tests.builders import Credentials
from tests.starter.conftest import a_setting, one_register
from tests.starter.people import Door, a_person, accesses, sign_in

pytestmark = pytest.mark.usefixtures("unhurried")


@pytest.fixture(scope="module")
def database(postgres: Postgres) -> Iterator[Database]:
    yield from one_register(postgres)


async def test_guessing_a_password_is_slowed_and_leaves_events(door: Door, database: Database) -> None:
    client, person = door(), a_person(database)
    for _ in range(LIMITS["login"].max_attempts):
        assert (await sign_in(client, person, password="au hasard")).status_code == 401
    locked = await sign_in(client, person)
    assert (locked.status_code, locked.json()["type"]) == (429, "/problems/too-many")
    assert 0 < int(locked.headers["retry-after"]) <= LIMITS["login"].within.total_seconds()
    assert accesses(database, "sign_in_refused").count(person.who.account_id) == LIMITS["login"].max_attempts
    with database.begin() as connection:
        told = "SELECT data->>'locked' FROM event WHERE type = 'sign_in_refused' ORDER BY position DESC LIMIT 1"
        assert connection.execute(text(told)).scalar() == "yes"
        connection.execute(text("UPDATE attempt SET at = at - interval '15 minutes'"))
    assert (await sign_in(client, person)).status_code == 200


async def test_an_answer_states_what_is_left_to_who_calls_and_nothing_of_others(door: Door, database: Database) -> None:
    client, person = door(), a_person(database)
    before = 0
    for number in range(1, LIMITS["login"].max_attempts + 1):
        wrong = await sign_in(client, person, password="au hasard")
        assert wrong.headers["ratelimit-policy"] == '"address";q=60;w=900', "the login’s limit is not stated"
        left, reset = (int(each[2:]) for each in wrong.headers["ratelimit"].split(";")[1:])
        assert (before - left if before else 1, 0 < reset <= 900) == (1, True), number
        before = left
    locked = await sign_in(client, person)
    assert '"login";q=5;w=900' in locked.headers["ratelimit-policy"]
    assert f'"login";r=0;t={locked.headers["retry-after"]}' in locked.headers["ratelimit"]
    with database.begin() as connection:
        connection.execute(text("DELETE FROM attempt WHERE kind = 'login'"))
    good = await sign_in(client, person)
    assert good.headers["ratelimit"].startswith(f'"address";r={before};t='), "a good sign-in does not count"
    assert "ratelimit" not in (await door(person.who).get("/account")).headers


async def test_an_unknown_token_and_an_unknown_reference_state_their_limits(door: Door, boss: Credentials) -> None:
    unknown = await door(Credentials("", "tacite_guess")).get("/requests")
    assert (unknown.status_code, unknown.headers["ratelimit-policy"]) == (401, '"token";q=60;w=900')
    missing = await door(boss).get("/requests/034ZZZZ01")
    assert (missing.status_code, missing.headers["ratelimit-policy"]) == (404, '"reference";q=60;w=900')


async def test_an_unknown_login_locks_like_a_known_one(door: Door, database: Database) -> None:
    client, person = door(), a_person(database)
    login = f"{secrets.token_hex(6)}@tacite.invalid"
    answers = [await sign_in(client, person, login=login) for _ in range(LIMITS["login"].max_attempts + 1)]
    assert [each.status_code for each in answers] == [401] * LIMITS["login"].max_attempts + [429]


async def test_one_address_that_tries_many_logins_is_slowed(door: Door, database: Database) -> None:
    client, person = door(), a_person(database)
    with database.begin() as connection:
        assert (await sign_in(client, person, login="a@tacite.invalid")).status_code == 401
        connection.execute(
            text(
                "INSERT INTO attempt (kind, subject) SELECT kind, subject FROM attempt, generate_series(2, :n)"
                " WHERE kind = 'address'"
            ),
            {"n": LIMITS["address"].max_attempts},
        )
    assert (await sign_in(client, person)).status_code == 429


async def test_guessing_tokens_is_slowed_and_leaves_an_event(door: Door, boss: Credentials, database: Database) -> None:
    client = door()
    statuses = [
        (await client.get("/requests", headers={"Authorization": f"Bearer tacite_{n}"})).status_code
        for n in range(LIMITS["token"].max_attempts + 1)
    ]
    assert statuses == [401] * LIMITS["token"].max_attempts + [429]
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


@pytest.mark.parametrize("lines", [["6.6.6.6", "203.0.113.9"], ["6.6.6.6, 203.0.113.9"], ["6.6.6.6,", "203.0.113.9, "]])
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
        assert connection.execute(text("SELECT subject FROM attempt WHERE kind = 'token'")).scalars().all() == [origin]


def test_the_addresses_of_one_mailbox_are_counted_together(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b64encode(bytes(32)))
    master = MasterKey(tmp_path / "key")
    one = {rate_limits.mailbox_digest(master, f"{each}@tacite.invalid") for each in ("v", "V", "v+0", "v+a+b", " v+")}
    others = ("w", "+v", "+w", "v.w")
    assert len(one) == 1
    assert len({rate_limits.mailbox_digest(master, f"{each}@tacite.invalid") for each in others} | one) == 5


async def test_guessing_references_is_slowed_and_leaves_an_event(
    door: Door, boss: Credentials, database: Database
) -> None:
    client, before = door(boss), len(accesses(database, "guesses_slowed"))
    asked: list[httpx.Response] = [
        await client.get(f"/requests/034ZZZZ{n:02}") for n in range(LIMITS["reference"].max_attempts + 1)
    ]
    assert [each.status_code for each in asked] == [404] * LIMITS["reference"].max_attempts + [429]
    assert len(accesses(database, "guesses_slowed")) == before + 1

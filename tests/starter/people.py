"""People with a password and a browser, for tests of accounts."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import text

from models.engine.names import account_process
from models.mailed_codes import account_code, activation_code
from models.store.database import Database
from models.store.people import accounts, activations, credentials, enrolments, notices
from starter.auth import passwords
from tests.builders import Credentials, employer
from tests.cases import master_key

Door = Callable[..., httpx.AsyncClient]
"""Opens an API client for an account, or for nobody."""
PASSWORD = "une longue phrase que personne ne devine"
QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
"""Cheap password hashing for other tests: the real one is slow on purpose."""
_HASH = QUICK.hash(PASSWORD)
ANOTHER = "une autre phrase, tout aussi longue"
SITE = "https://localhost"
COOKIE = "__Host-tacite"


@dataclass
class Person:
    """A person who can sign in, and the browser's cookies."""

    who: Credentials
    login: str
    cookie: str = ""
    address: str = field(default_factory=lambda: f"10.0.{secrets.randbelow(250)}.{secrets.randbelow(250)}")

    @property
    def headers(self) -> dict[str, str]:
        """Headers that a browser sends from our own pages."""
        held = {"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}
        return {"Origin": SITE, "Sec-Fetch-Site": "same-origin"} | held


def hash_quickly(patch: pytest.MonkeyPatch) -> None:
    """Hash passwords cheaply until the end of the test."""
    patch.setattr(passwords, "_HASHER", QUICK)
    patch.setattr(passwords, "_DUMMY_HASH", QUICK.hash("personne"))


def unhurry(database: Database, patch: pytest.MonkeyPatch) -> None:
    """Tests share one address, so the attempts of one must not count for the next."""
    hash_quickly(patch)
    with database.begin() as connection:
        connection.execute(text("DELETE FROM attempt"))


def a_person(database: Database, establishments: int = 1) -> Person:
    """An employer with a password."""
    who = employer(database, establishments=establishments)
    return with_password(database, who)


def with_password(database: Database, who: Credentials) -> Person:
    login = f"{secrets.token_hex(6)}@tacite.invalid"
    with database.begin() as connection:
        accounts.readdress(connection, who.account_id, login)
        credentials.set_password(connection, who.account_id, login, _HASH)
    return Person(who, login)


async def sign_in(client: httpx.AsyncClient, person: Person, **changes: object) -> httpx.Response:
    """Sign in, and keep the cookie."""
    body = {"login": person.login, "password": PASSWORD} | changes
    answer = await client.post("/session", json=body, headers={"Origin": SITE})
    if answer.status_code == 200:
        person.cookie = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    return answer


def mailed(database: Database, kind: str) -> tuple[str, str]:
    """The code of the last mail of a kind, and the address that it goes to."""
    with database.begin() as connection:
        query = "SELECT account_id::text FROM notice WHERE kind = :k ORDER BY created_at DESC LIMIT 1"
        account_id = connection.execute(text(query), {"k": kind}).scalar_one()
        told = [each for each in notices.list_unsent(connection, account_process(account_id)) if each.kind == kind]
        waits = "SELECT count(*) FROM outbox WHERE workflow_id = :w AND kind = 'announce'"
        assert connection.execute(text(waits), {"w": account_process(account_id)}).scalar_one() >= 1
    return account_code(master_key(), told[-1].data["entry"]), told[-1].account.email


def knocking(client: httpx.AsyncClient, person: Person) -> httpx.AsyncClient:
    client.headers.update(person.headers)
    return client


async def join(door: Door, database: Database, kind: str, password: str = ANOTHER) -> Person:
    """Accept the offer of a mail, and sign in."""
    code, address = mailed(database, kind)
    answer = await door().post("/invitations/acceptance", json={"code": code, "password": password})
    assert answer.status_code == 200, answer.text
    joined = Person(Credentials("", ""), address)
    assert (await sign_in(door(), joined, password=password)).status_code == 200
    return joined


def code_of(database: Database, siret: str) -> str:
    """Issue the credentials requested last, as the process does; returns the code as the mail prints it."""
    with database.begin() as connection:
        found = enrolments.get_last(connection, siret)
        activations.issue(connection, found.id, master_key())
        return activation_code(master_key(), found.id, enrolments.get_last(connection, siret).version)


def accesses(database: Database, kind: str) -> list[str | None]:
    with database.begin() as connection:
        query = "SELECT actor_id::text FROM event WHERE subject LIKE 'access:%' AND type = :k ORDER BY position"
        return list(connection.execute(text(query), {"k": kind}).scalars())


def readings(database: Database, who: Credentials) -> list[str]:
    """What an account read, as the access log names it."""
    with database.begin() as connection:
        query = (
            "SELECT data ->> 'about' FROM event WHERE subject LIKE 'access:%' AND type = 'nominal_data_read'"
            " AND actor_id = CAST(:a AS uuid) ORDER BY position"
        )
        return list(connection.execute(text(query), {"a": who.account_id}).scalars())

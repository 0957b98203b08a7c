"""The application on its own register, without an engine unless a test provides one."""

import secrets
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from re import fullmatch

import httpx
import pytest
import structlog
from fastapi import FastAPI
from structlog.typing import EventDict

from local.engine import Engine
from local.ports import free_port
from local.postgres import Postgres
from local.programs import Examining
from models.settings import Settings
from models.store.database import Database
from models.telemetry import logs
from starter.app import create_app
from starter.services import enrolment
from tests.builders import (
    Credentials,
    a_filing,
    employer,
    staff,
)
from tests.cases import a_blind_key, a_master_key
from tests.conftest import TEMPLATE
from tests.starter.people import Door, Person, a_person, sign_in, unhurry

EXAMINER = f"127.0.0.1:{free_port()}"
"""Where the program that judges files listens."""
NOBODY = "127.0.0.1:9"
"""An address where no engine listens."""


def one_register(postgres: Postgres) -> Iterator[Database]:
    """One register per module: refused calls leave no trace, and each test has its own employer."""
    name = f"register_{secrets.token_hex(4)}"
    with Database(postgres.database(name, TEMPLATE), size=10) as opened:
        yield opened
    postgres.drop(name)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return a_setting(database, tmp_path)


@pytest.fixture(scope="session", autouse=True)
def examining(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Examining]:
    """The program that judges files, for every application of these tests."""
    folder, listening = tmp_path_factory.mktemp("examining"), {"TACITE_EXAMINING": EXAMINER}
    port = int(EXAMINER.rpartition(":")[2])
    with Examining("Examen", "examining", folder, port, settings=lambda: listening) as running:
        yield running


def a_setting(database: Database, folder: Path, **changes: object) -> Settings:
    stated: dict[str, object] = {
        "profile": "development",
        "database": database.dsn.replace("+psycopg", ""),
        "engine": NOBODY,
        "master_key": a_master_key(folder),
        "blind_key": a_blind_key(folder),
        "trust": folder,
        "seal": folder,
        "signatories": folder,
        "timestamps": (),
        "agency": folder.as_uri(),
        "examining": EXAMINER,
        "upload_bytes": 200_000,
    }
    return Settings.model_validate(stated | changes)


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


async def what_every_answer_has(answer: httpx.Response) -> None:
    """Every answer has an id of ours; every creation says where what it created is."""
    assert fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])
    if answer.status_code == 201:
        assert answer.headers["location"].startswith("/api/v1/"), answer.url


@pytest.fixture
async def door(app: FastAPI) -> AsyncIterator[Door]:
    """An API client for an account: `door(employer).get("/requests")`."""
    clients: list[httpx.AsyncClient] = []

    def knock(who: Credentials | None = None) -> httpx.AsyncClient:
        headers = who.headers if who else {}
        transport = httpx.ASGITransport(app)
        hooks = {"response": [what_every_answer_has]}
        clients.append(
            httpx.AsyncClient(transport=transport, base_url="http://door/api/v1", headers=headers, event_hooks=hooks)
        )
        return clients[-1]

    yield knock
    for client in clients:
        await client.aclose()


@pytest.fixture
def unhurried(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests share one address, so the attempts of one must not count for the next."""
    unhurry(database, monkeypatch)


@pytest.fixture
def resend_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A code may be requested again without a pause."""
    monkeypatch.setattr(enrolment, "RESEND_INTERVAL", timedelta())


@pytest.fixture
async def chief(door: Door, database: Database) -> Person:
    """A main contact who has signed in."""
    person = a_person(database)
    assert (await sign_in(door(), person)).status_code == 200
    return person


@pytest.fixture
def boss(database: Database) -> Credentials:
    """An employer of one establishment in Hérault."""
    return employer(database)


@pytest.fixture
def agent(database: Database) -> Credentials:
    """An agent of Hérault."""
    return staff(database)


@pytest.fixture
def operator(database: Database) -> Credentials:
    """An operator in charge of everything."""
    return staff(database, "operator")


NAMESPACES = [f"doors-{number}" for number in range(30)]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    server = Engine(tmp_path_factory.mktemp("engine"), headless=True, namespaces=NAMESPACES)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def namespaces() -> Iterator[str]:
    return iter(NAMESPACES)


@pytest.fixture
async def case(door: Door, boss: Credentials) -> str:
    """A request under review."""
    filed = await door(boss).post("/requests", json=a_filing())
    return str(filed.json()["reference"])


@pytest.fixture
def lines() -> Iterator[list[EventDict]]:
    """The log entries of this process, with case and trace."""
    heard = structlog.testing.LogCapture()
    before = structlog.get_config()
    structlog.configure(processors=[logs.add_trace, logs.mask, heard], cache_logger_on_first_use=False)
    yield heard.entries
    structlog.configure(**before)

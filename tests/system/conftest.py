"""One complete world per module: the real programs, database, engine, authorities, mailbox and agency."""

import re
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from local.world import World
from models.store.database import Database
from tests.builders import Credentials, employer, staff
from tests.system.auditor import Auditor, Promise
from tests.system.people import WAIT_TIMEOUT_SECONDS, Person

ClientFactory = Callable[[Credentials], Person]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("world"), headless=True) as running:
        yield running


@pytest.fixture
def database(world: World) -> Iterator[Database]:
    """For creating accounts and reading; everything else goes through the API."""
    with Database(world.postgres.dsn, size=4) as opened:
        yield opened


@pytest.fixture
def client_of(world: World) -> Iterator[ClientFactory]:
    """Return a function that gives an API client for an account."""
    callers: list[Person] = []

    def person(who: Credentials) -> Person:
        callers.append(Person(world, who))
        return callers[-1]

    yield person
    for caller in callers:
        caller.close()


@pytest.fixture
def boss(database: Database, client_of: ClientFactory) -> Person:
    """An employer of one establishment in Hérault."""
    return client_of(employer(database))


@pytest.fixture
def agent(database: Database, client_of: ClientFactory) -> Person:
    """An agent of Hérault."""
    return client_of(staff(database))


@pytest.fixture
def operator(database: Database, client_of: ClientFactory) -> Person:
    """An operator in charge of everything."""
    return client_of(staff(database, "operator"))


def an_auditor(world: World, session: psycopg.Connection) -> Auditor:
    """Return an auditor of a world's stores."""
    trust = world.authorities.folder / "trust"
    return Auditor(session, world.engine.database_file, world.agency.deposits, world.mail.folder, trust)


def assert_audited(
    world: World,
    session: psycopg.Connection,
    promises: list[Promise],
    but: str = r"(?!)",
    *,
    seconds: float = WAIT_TIMEOUT_SECONDS,
) -> None:
    """Assert that the audit finds nothing once all begun work is done, except findings that match `but`."""
    auditor, limit = an_auditor(world, session), time.monotonic() + seconds
    while (findings := [each for each in auditor.findings(promises) if not re.search(but, each)]) and (
        time.monotonic() < limit
    ):
        time.sleep(0.5)
    assert not findings, "\n".join(findings[:30])

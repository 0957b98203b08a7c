"""A whole world for each module: the real programs, database, engine, authorities, mailbox and agency."""

import re
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from local.world import World
from models.store.database import Database
from tests.builders import Credentials, employer, staff
from tests.system.auditor import Auditor, Promise
from tests.system.people import PATIENCE, Person

Knock = Callable[[Credentials], Person]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("world"), headless=True) as running:
        yield running


@pytest.fixture
def database(world: World) -> Iterator[Database]:
    """For opening accounts and for looking; everything else goes through the doors."""
    with Database(world.postgres.dsn, size=4) as opened:
        yield opened


@pytest.fixture
def knock(world: World) -> Iterator[Knock]:
    """Speak to the doors as somebody."""
    callers: list[Person] = []

    def person(who: Credentials) -> Person:
        callers.append(Person(world, who))
        return callers[-1]

    yield person
    for caller in callers:
        caller.close()


@pytest.fixture
def boss(database: Database, knock: Knock) -> Person:
    """An employer of one establishment in Hérault."""
    return knock(employer(database))


@pytest.fixture
def agent(database: Database, knock: Knock) -> Person:
    """An agent of Hérault."""
    return knock(staff(database))


@pytest.fixture
def operator(database: Database, knock: Knock) -> Person:
    """An operator in charge of everything."""
    return knock(staff(database, "operator"))


def an_auditor(world: World, session: psycopg.Connection) -> Auditor:
    """Look at the stores of a world."""
    trust = world.authorities.folder / "trust"
    return Auditor(session, world.engine.database_file, world.agency.deposits, world.mail.folder, trust)


def audited(
    world: World,
    session: psycopg.Connection,
    promises: list[Promise],
    but: str = r"(?!)",
    *,
    seconds: float = PATIENCE,
) -> None:
    """Nothing is wrong once everything that was begun is done, but for sentences that match."""
    auditor, limit = an_auditor(world, session), time.monotonic() + seconds
    while (findings := [each for each in auditor.findings(promises) if not re.search(but, each)]) and (
        time.monotonic() < limit
    ):
        time.sleep(0.5)
    assert not findings, "\n".join(findings[:30])

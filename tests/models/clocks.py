"""A register with a frozen clock, small acts on it, and the locks that its sessions wait for."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic, sleep

import psycopg
from sqlalchemy import Connection, text

from models.bodies.completion import CompletionRequestBody
from models.bodies.decision import RefusalBody
from models.store.cases import completions, decisions, requests
from models.store.database import Database, case_now
from models.store.journal import events
from models.store.journal.course import Course
from models.store.journal.events import Actor
from tests.cases import GROUNDS

SECOND = timedelta(seconds=1)
MICROSECOND = timedelta(microseconds=1)


@contextmanager
def clock_at(database: Database, instant: datetime) -> Iterator[Database]:
    """A second pool on the same register, whose clock is frozen at `instant`."""
    dsn = database.dsn.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(dsn, autocommit=True) as server:
        server.execute("CREATE SCHEMA IF NOT EXISTS frozen")
        server.execute(
            "CREATE OR REPLACE FUNCTION frozen.clock_timestamp() RETURNS timestamptz LANGUAGE sql"
            f" RETURN '{instant.isoformat()}'::timestamptz"
        )
    options = "?options=-csearch_path%3Dpublic,frozen,pg_catalog"
    with Database(dsn + options, size=2) as frozen:
        yield frozen


def refuse(database: Database, reference: str, agent: Actor, decision: str = "D1") -> str:
    """Register and sign a refusal, without notifying it."""
    body = RefusalBody(id=decision, outcome="refusal", grounds=tuple(GROUNDS))
    with database.begin() as connection:
        decisions.register(connection, reference, body, b"1", actor=agent)
        decisions.sign(connection, decision)
    return decision


def deadline(database: Database, reference: str) -> datetime:
    with database.begin() as connection:
        found = requests.get(connection, reference).deadline_at
    assert found is not None
    return found


def story(database: Database, reference: str) -> list[str]:
    """Types of the events of a case, once chain and grammar are found whole."""
    with database.begin() as connection:
        assert events.broken_links(connection, reference) == []
        course, chain = Course(), events.list_of(connection, reference)
        assert [each for each in chain if course.follow(each.type, each.data)] == []
        return [each.type for each in chain]


def wait_for_lock(database: Database) -> None:
    """Return once a session of this database waits for a row lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    limit = monotonic() + 60
    while monotonic() < limit:
        with database.begin() as connection:
            if connection.execute(waiting).scalar_one():
                return
        sleep(0.01)
    raise AssertionError("nobody waits")


PIECES = {
    "pieces": [{"code": "bank_details", "label": "Coordonnées bancaires", "text_reference": "R. 5122-26"}],
    "reasons": "Le compte n’est pas lisible.",
}


def ask_pieces(connection: Connection, reference: str, agent: Actor, completion: str = "P1") -> str:
    due_on = case_now(connection, reference).date() + timedelta(days=10)
    body = CompletionRequestBody.model_validate(PIECES | {"id": completion, "due_on": due_on})
    digest = sha256(completion.encode()).digest()
    return completions.register(connection, reference, body, digest, agent).id

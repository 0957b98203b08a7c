"""The access log: readings of nominal data and refused accesses, append-only, one hash chain a day.

The chain of a day is the events of the subject `access:<day>`, a day in Paris. It holds ids and references,
never what was read. Append to it last in a transaction: its lock then keeps other callers waiting for the
commit only.
"""

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, select, text

from law.calendar import local
from law.directory import PARIS
from models.store.database import now
from models.store.journal import events
from models.store.journal.events import Actor
from models.store.people.accounts import Account
from models.store.records import Record
from models.store.schema.journal import event

PAGE_SIZE: Final = 200


class AccessRecord(Record):
    """One line of the chain; `actor_id` is the account that tried or read, `data` the verb and its object."""

    position: int
    type: str
    at: datetime
    actor_role: str
    actor_id: str | None
    data: dict[str, str]


def subject(day: date) -> str:
    """Return the subject of the events of a day."""
    return f"access:{day.isoformat()}"


def append(connection: Connection, kind: str, account: Account, /, **data: str) -> None:
    """Append one access by an account to today's chain."""
    write(connection, kind, account.actor, role=account.role, **data)


def write(connection: Connection, kind: str, actor: Actor, **data: str) -> None:
    """Append one fact to today's chain."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('access'))"))
    at = now(connection)
    events.append(connection, subject(local(at, PARIS).date()), kind, at, actor, recorded_at=at, **data)


def list_page(connection: Connection, day: date, after: int) -> list[AccessRecord]:
    """Return the next accesses of a day, in order, after a position."""
    query = select(event).where(event.c.subject == subject(day), event.c.position > after)
    return AccessRecord.all(connection, query.order_by(event.c.position).limit(PAGE_SIZE))

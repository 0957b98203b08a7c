"""Who read what names people, and what was refused to whom: append-only, one hash chain for each day.

The chain is of the register's own: subject `access:<day>`, in Paris. It holds ids and references, never what was
read. It is written last in its transaction, so that callers wait for each other for as long as a commit takes.
"""

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, select, text

from law.calendar import local
from models.store.database import now
from models.store.journal import events
from models.store.journal.events import Actor
from models.store.people.accounts import Account
from models.store.records import Record
from models.store.schema.journal import event

HOME: Final = "75"
"""Its legal time says when a day of the chain begins."""
PAGE: Final = 200


class AccessRecord(Record):
    """One line of the chain; `account_id` is who tried or read, `data` the verb and what it was about."""

    position: int
    type: str
    at: datetime
    actor_role: str
    actor_id: str | None
    data: dict[str, str]


def subject(day: date) -> str:
    """The chain of a day."""
    return f"access:{day.isoformat()}"


def append(connection: Connection, kind: str, account: Account, /, **data: str) -> None:
    """Append one access of an account."""
    write(connection, kind, account.actor, role=account.role, **data)


def write(connection: Connection, kind: str, actor: Actor, **data: str) -> None:
    """Append one fact to the chain of today."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('access'))"))
    at = now(connection)
    events.append(connection, subject(local(at, HOME).date()), kind, at, actor, recorded_at=at, **data)


def list_page(connection: Connection, day: date, after: int) -> list[AccessRecord]:
    """Accesses of a day in their order, from a position that was already read."""
    query = select(event).where(event.c.subject == subject(day), event.c.position > after)
    return AccessRecord.all(connection, query.order_by(event.c.position).limit(PAGE))

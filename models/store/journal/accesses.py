"""The chain of accesses: one subject a day, `access:<day>` in Paris, written under a lock that all writers share."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, text

from law.calendar import local
from law.directory import PARIS
from models.store.database import before_commit, now
from models.store.journal import events
from models.store.journal.events import SYSTEM, Actor

PREFIX: Final = "access:"
"""How the subject of such a chain begins."""


def subject(day: date) -> str:
    """Return the subject of the events of a day."""
    return f"{PREFIX}{day.isoformat()}"


def write(connection: Connection, kind: str, actor: Actor, **data: str) -> None:
    """Append one fact to today's chain now; its lock then keeps other writers waiting for the commit."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('access'))"))
    at: datetime = now(connection)
    events.append(connection, subject(local(at, PARIS).date()), kind, at, actor, recorded_at=at, **data)


def write_last(connection: Connection, kind: str, actor: Actor, **data: str) -> None:
    """Append one fact at the end of the transaction, for what happens in the middle of one."""
    before_commit(connection, lambda last: write(last, kind, actor, **data))


def state_sign_in(connection: Connection, account_id: str) -> None:
    """Have the end of the transaction state how an account signs in then: whatever changes it must."""
    write_last(connection, "sign_in_changed", SYSTEM, account=account_id)


def state_members(connection: Connection, account_id: str) -> None:
    """Have the end of the transaction state the memberships, mandates and parties of an account as they are then."""
    write_last(connection, "members_changed", SYSTEM, account=account_id)

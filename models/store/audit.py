"""Who entered, or was refused, and what changed in who may: append-only, one hash chain for each day.

The chain is of the register's own: subject `access:<day>`, in Paris. It holds ids, never what was read or written.
It is written last in its transaction, so that callers wait for each other for as long as a commit takes.
"""

from datetime import date
from typing import Final

from sqlalchemy import Connection, func, select, text

from law.calendar import local
from models.store import events
from models.store.events import Actor

HOME: Final = "75"
"""Its legal time says when a day of the chain begins."""


def subject(day: date) -> str:
    """The chain of a day."""
    return f"access:{day.isoformat()}"


def write(connection: Connection, kind: str, actor: Actor, **data: str) -> None:
    """Append one fact to the chain of today."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('access'))"))
    at = connection.execute(select(func.clock_timestamp())).scalar_one()
    events.append(connection, subject(local(at, HOME).date()), kind, at, actor, recorded_at=at, **data)

"""What the engine must hear: written in the transaction that made it true, delivered in order by the relay."""

from typing import Literal

from sqlalchemy import Connection, select, text, update

from models.identifiers import Message
from models.store.schema.journal import outbox
from models.telemetry import trace_context

Start = Literal["start", "revive", "restart"]
"""`start` a process once; `revive` it unless it runs; `restart` it, ending what runs under its name."""
Kind = (
    Start
    | Literal["decide", "request_completion", "complete", "desist", "supply_opinion", "resume", "deposit"]
    | Literal["resend", "announce"]
)
"""`Start` one, `resume` a parked one, or what a running process must look at."""


class OutboxMessage(Message):
    """One message for one process; `subject` is the id of what it must look at, `parent` the trace it continues."""

    id: int
    workflow_id: str
    kind: Kind
    subject: str
    parent: str | None = None


def enqueue(connection: Connection, workflow_id: str, kind: Kind, subject: str = "") -> None:
    """Add a message for a process; the relay wakes when the transaction commits."""
    at_hand = trace_context.current()
    parent = at_hand.parent if at_hand else None
    row = {"workflow_id": workflow_id, "kind": kind, "subject": subject, "parent": parent}
    connection.execute(_POST, row)


_POST = outbox.insert()


def list_waiting(connection: Connection, limit: int, after: int = 0) -> list[OutboxMessage]:
    """Return the oldest undelivered messages after an id, in order."""
    rows = connection.execute(
        select(outbox.c.id, outbox.c.workflow_id, outbox.c.kind, outbox.c.subject, outbox.c.parent)
        .where(outbox.c.done_at.is_(None), outbox.c.id > after)
        .order_by(outbox.c.id)
        .limit(limit)
    )
    return [OutboxMessage.model_validate(dict(row)) for row in rows.mappings()]


def mark_delivered(connection: Connection, message_id: int) -> None:
    """Mark a message as delivered."""
    connection.execute(
        update(outbox).where(outbox.c.id == message_id).values(done_at=text("clock_timestamp()"))
    )

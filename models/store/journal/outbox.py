"""Messages to the engine: written in the transaction that causes them, delivered in order by the relay."""

from collections.abc import Collection
from typing import Final, Literal

from sqlalchemy import Connection, not_, select, text, update

from models.engine.names import authorization_id
from models.identifiers import Message
from models.store.schema.journal import outbox
from models.telemetry import trace_context

Start = Literal["start", "revive", "restart"]
"""`start` a process once; `revive` it unless it runs; `restart` it, terminating the run under its id."""
Kind = (
    Start
    | Literal["decide", "request_completion", "complete", "desist", "supply_opinion", "resume", "deposit"]
    | Literal["resend", "announce", "release_hand_over", "look", "change_account"]
)
"""A `Start`, the `resume` of a parked process, or a signal that a running process must handle."""


_A_CASE: Final = authorization_id("")


class OutboxMessage(Message):
    """One message to one process; `subject` is the id of what it is about, `parent` the trace it continues."""

    id: int
    workflow_id: str
    kind: Kind
    subject: str
    parent: str | None = None

    @property
    def starts_a_case(self) -> bool:
        """Whether it makes a new case enter the engine."""
        return self.kind == "start" and self.workflow_id.startswith(_A_CASE)


def enqueue(connection: Connection, workflow_id: str, kind: Kind, subject: str = "") -> None:
    """Add a message for a process; the relay wakes when the transaction commits."""
    context = trace_context.current()
    parent = context.parent if context else None
    row = {"workflow_id": workflow_id, "kind": kind, "subject": subject, "parent": parent}
    connection.execute(_INSERT, row)


_INSERT = outbox.insert()


def list_waiting(
    connection: Connection, limit: int, after: int = 0, *, without: Collection[str] = (), new_cases: bool = True
) -> list[OutboxMessage]:
    """Return the oldest undelivered messages after an id, in order; not those of some processes, or no new cases."""
    query = select(outbox.c.id, outbox.c.workflow_id, outbox.c.kind, outbox.c.subject, outbox.c.parent)
    query = query.where(outbox.c.done_at.is_(None), outbox.c.id > after, outbox.c.workflow_id.not_in(without))
    if not new_cases:
        query = query.where((outbox.c.kind != "start") | not_(outbox.c.workflow_id.startswith(_A_CASE)))
    rows = connection.execute(query.order_by(outbox.c.id).limit(limit))
    return [OutboxMessage.model_validate(dict(row)) for row in rows.mappings()]


def mark_delivered(connection: Connection, message_id: int) -> None:
    """Mark a message as delivered."""
    connection.execute(update(outbox).where(outbox.c.id == message_id).values(done_at=text("clock_timestamp()")))

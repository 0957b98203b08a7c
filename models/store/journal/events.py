"""Events of a case: appended to its hash chain, listed, verified."""

import json
from datetime import datetime

from sqlalchemy import Connection, text

from models.identifiers import Message
from models.roles import ActorRole
from models.store.journal import representation


class Actor(Message):
    """Who acts: an account under its role, or the system."""

    role: ActorRole
    account_id: str | None = None


SYSTEM = Actor(role="system")


class Event(Message):
    """One fact of a case; `at` is when it took effect, `recorded_at` when it was written."""

    seq: int
    type: str
    at: datetime
    recorded_at: datetime
    actor_role: ActorRole
    data: dict[str, str]


def append(
    connection: Connection,
    subject: str,
    kind: str,
    at: datetime,
    actor: Actor = SYSTEM,
    *,
    recorded_at: datetime | None = None,
    **data: str,
) -> int:
    """Append one event and return its number; the caller's transaction must hold the subject's row.

    An event of an agent of record always names the mandate under which the agent acts.
    """
    if actor.role == "employer" and actor.account_id:
        mandate = representation.find_mandate(connection, actor.account_id, subject)
        data |= {"mandate": mandate} if mandate else {}
    seq: int = connection.execute(
        _APPEND,
        {
            "s": subject,
            "k": kind,
            "at": at,
            "recorded_at": recorded_at or at,
            "role": actor.role,
            "actor": actor.account_id,
            "data": json.dumps(data),
        },
    ).scalar_one()
    return seq


_APPEND = text("SELECT append_event(:s, :k, :at, :recorded_at, :role, CAST(:actor AS uuid), CAST(:data AS jsonb))")


def hold_chain(connection: Connection, subject: str) -> None:
    """Hold a chain that no row stands for until the end of the transaction: two events must not take one number.

    Taken last of all locks.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:c))"), {"c": f"chain:{subject}"})


def list_of(connection: Connection, subject: str) -> list[Event]:
    """Return the events of a subject in order."""
    rows = connection.execute(
        text("SELECT seq, type, at, recorded_at, actor_role, data FROM event WHERE subject = :s ORDER BY seq"),
        {"s": subject},
    )
    return [Event.model_validate(row) for row in rows.mappings()]


def find_actor(connection: Connection, subject: str, kind: str) -> str | None:
    """Return the account that caused the first event of a kind, or None."""
    query = text("SELECT actor_id::text FROM event WHERE subject = :s AND type = :k ORDER BY seq LIMIT 1")
    actor: str | None = connection.execute(query, {"s": subject, "k": kind}).scalar()
    return actor


def broken_links(connection: Connection, subject: str) -> list[int]:
    """Return the numbers of the events whose digest does not follow from the events before; empty if intact."""
    rows = connection.execute(
        text(
            "SELECT seq FROM (SELECT e.seq, e.digest, event_digest(coalesce(lag(e.digest) OVER w, ''), e) AS due,"
            " row_number() OVER w AS place FROM event e WHERE subject = :s WINDOW w AS (ORDER BY seq)) chain"
            " WHERE digest <> due OR seq <> place ORDER BY seq"
        ),
        {"s": subject},
    )
    return list(rows.scalars())

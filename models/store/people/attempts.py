"""Tries that may be guesses: counted in the register, for the doors share nothing else.

A try is counted before it is judged, so that a thousand at once are no better than one after the other; the one
that was right is taken back.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import Connection, delete, func, insert, select, text

from models.store.schema.accounts import attempt

Kind = Literal[
    "login", "address", "code", "mail", "mailbox", "token", "reference", "passkey", "provider", "enrolment"
]
"""What is tried: passwords of one login, sign-ins of one address, codes, mails, tokens, references, enrolments."""


@dataclass(frozen=True)
class Limit:
    """So many tries within so long."""

    most: int
    within: timedelta


LIMITS: Final[dict[Kind, Limit]] = {
    "login": Limit(5, timedelta(minutes=15)),
    "address": Limit(60, timedelta(minutes=15)),
    "code": Limit(20, timedelta(minutes=15)),
    "mail": Limit(3, timedelta(minutes=15)),
    "mailbox": Limit(30, timedelta(minutes=15)),
    "token": Limit(60, timedelta(minutes=15)),
    "passkey": Limit(200, timedelta(minutes=15)),
    "provider": Limit(200, timedelta(minutes=15)),
    "enrolment": Limit(300, timedelta(minutes=15)),
    "reference": Limit(60, timedelta(minutes=15)),
}
"""One login locks soon; one address may be that of a large firm, or of an operator's customers."""


@dataclass(frozen=True)
class Taken:
    """A try that was counted, or that must wait."""

    id: int | None
    wait: int
    """Seconds before another try is listened to; 0 when this one is."""
    last: bool
    """Whether the next one will have to wait."""


def take(connection: Connection, kind: Kind, subject: bytes) -> Taken:
    """Count one try, unless too many came within the limit; the subject is held until the transaction ends."""
    limit = LIMITS[kind]
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:s))"), {"s": f"attempt:{kind}:{subject.hex()}"}
    )
    now = func.clock_timestamp()
    left = func.ceil(func.extract("epoch", attempt.c.at + limit.within - now))
    mine = (attempt.c.kind == kind, attempt.c.subject == subject, attempt.c.at > now - limit.within)
    recent = connection.execute(
        select(left).where(*mine).order_by(attempt.c.at.desc()).limit(limit.most)
    ).scalars()
    waits = [max(int(each), 1) for each in recent]
    if len(waits) >= limit.most:
        return Taken(None, waits[-1], True)
    row = {"kind": kind, "subject": subject}
    made = connection.execute(insert(attempt).values(row).returning(attempt.c.id)).scalar_one()
    return Taken(made, 0, len(waits) + 1 == limit.most)


def take_back(connection: Connection, *ids: int | None) -> None:
    """Forget tries that were right."""
    connection.execute(delete(attempt).where(attempt.c.id.in_([each for each in ids if each])))


def forget(connection: Connection, kind: Kind, subject: bytes) -> None:
    """Forget every attempt of a subject that has proved its identity."""
    connection.execute(delete(attempt).where(attempt.c.kind == kind, attempt.c.subject == subject))

"""Rate limits on attempts that may be guesses, counted in the register because HTTP programs share nothing else.

An attempt is counted before it is judged, so that a thousand at once gain nothing; a successful one is then
subtracted.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import Connection, delete, func, insert, select, text

from models.store.schema.accounts import attempt

Kind = Literal["login", "address", "code", "mail", "mailbox", "token", "reference", "passkey", "provider", "enrolment"]
"""What is limited: passwords of one login, sign-ins from one address, codes, mails, tokens, references, enrolments."""


@dataclass(frozen=True)
class Limit:
    """The most attempts within a period."""

    max_attempts: int
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
"""One login locks soon; one network address may be shared by a large firm or an operator's customers."""


@dataclass(frozen=True)
class Attempt:
    """An attempt that was counted, or that must wait."""

    id: int | None
    wait: int
    """Seconds before another attempt is accepted; 0 when this one is."""
    last: bool
    """Whether the next one will have to wait."""


def take(connection: Connection, kind: Kind, subject: bytes) -> Attempt:
    """Count one attempt unless the limit is reached; the subject is locked until the transaction ends."""
    limit = LIMITS[kind]
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:s))"), {"s": f"attempt:{kind}:{subject.hex()}"})
    now = func.clock_timestamp()
    left = func.ceil(func.extract("epoch", attempt.c.at + limit.within - now))
    mine = (attempt.c.kind == kind, attempt.c.subject == subject, attempt.c.at > now - limit.within)
    recent = connection.execute(
        select(left).where(*mine).order_by(attempt.c.at.desc()).limit(limit.max_attempts)
    ).scalars()
    waits = [max(int(each), 1) for each in recent]
    if len(waits) >= limit.max_attempts:
        return Attempt(None, waits[-1], True)
    row = {"kind": kind, "subject": subject}
    created = connection.execute(insert(attempt).values(row).returning(attempt.c.id)).scalar_one()
    return Attempt(created, 0, len(waits) + 1 == limit.max_attempts)


def take_back(connection: Connection, *ids: int | None) -> None:
    """Forget attempts that succeeded."""
    connection.execute(delete(attempt).where(attempt.c.id.in_([each for each in ids if each])))


def forget(connection: Connection, kind: Kind, subject: bytes) -> None:
    """Forget every attempt of a subject that has proved its identity."""
    connection.execute(delete(attempt).where(attempt.c.kind == kind, attempt.c.subject == subject))

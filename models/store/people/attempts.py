"""Rate limits on attempts that may be guesses, counted in the register because HTTP programs share nothing else.

An attempt is counted before it is judged, so that a thousand at once gain nothing; a successful one is then
subtracted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import Connection, case, delete, func, insert, select, text

from models.store.schema.accounts import attempt

Kind = Literal[
    "login",
    "address",
    "code",
    "mail",
    "mail_origin",
    "mail_day",
    "mail_rest",
    "password_mail",
    "password_mail_day",
    "mailbox",
    "token",
    "reference",
    "passkey",
    "provider",
    "enrolment",
    "verification",
    "look_up",
]
"""What is limited: passwords of one login, sign-ins from one address, codes, mails, tokens, references, enrolments,
verifications, look-ups of establishments."""


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
    "mail_origin": Limit(30, timedelta(days=1)),
    "mail_day": Limit(10, timedelta(days=1)),
    "mail_rest": Limit(7, timedelta(days=1)),
    "password_mail": Limit(3, timedelta(minutes=15)),
    "password_mail_day": Limit(10, timedelta(days=1)),
    "mailbox": Limit(30, timedelta(minutes=15)),
    "token": Limit(60, timedelta(minutes=15)),
    "passkey": Limit(200, timedelta(minutes=15)),
    "provider": Limit(200, timedelta(minutes=15)),
    "enrolment": Limit(300, timedelta(minutes=15)),
    "verification": Limit(30, timedelta(minutes=15)),
    "look_up": Limit(30, timedelta(minutes=15)),
    "reference": Limit(60, timedelta(minutes=15)),
}
"""`mail` and `mail_origin`: mails to one mailbox about enrolments that one network address asks for, and `mail` about
invitations. `mail_day`: mails to one mailbox about enrolments, whoever asks, the first `MAILS_OF_ONE_ASKER` of each;
`mail_rest`: what they ask for beyond, all together. Beyond these limits mails leave later.
`password_mail` and `password_mail_day`: codes of a lost password, counted apart so that the former use up none.
One login locks soon; one network address may be shared by a large firm or an operator's customers."""

MAILS_OF_ONE_ASKER: Final = 3
"""Mails to one mailbox in a day that one asker has among those of others: the rest wait apart and delay nobody."""
LATER: Final = timedelta(hours=1)
"""Between two mails to one mailbox, once it had those of a day: its owner is not locked out by what strangers ask."""


@dataclass(frozen=True)
class Attempt:
    """An attempt that was counted, or that must wait."""

    kind: Kind
    id: int | None
    wait: int
    """Seconds before another attempt is accepted; 0 when this one is."""
    left: int
    """Attempts that are accepted after this one."""
    reset: int
    """Seconds until the oldest of those that count no longer does."""

    @property
    def last(self) -> bool:
        """Whether the next one will have to wait."""
        return self.left == 0


def take(connection: Connection, kind: Kind, subject: bytes) -> Attempt:
    """Count one attempt unless the limit is reached; the subject is locked until the transaction ends."""
    limit = LIMITS[kind]
    _hold(connection, kind, subject)
    now = func.clock_timestamp()
    left = func.ceil(func.extract("epoch", attempt.c.at + limit.within - now))
    mine = (attempt.c.kind == kind, attempt.c.subject == subject, attempt.c.at > now - limit.within)
    recent = connection.execute(
        select(left).where(*mine).order_by(attempt.c.at.desc()).limit(limit.max_attempts)
    ).scalars()
    waits = [max(int(each), 1) for each in recent]
    if len(waits) >= limit.max_attempts:
        return Attempt(kind, None, waits[-1], 0, waits[-1])
    row = {"kind": kind, "subject": subject}
    created = connection.execute(insert(attempt).values(row).returning(attempt.c.id)).scalar_one()
    oldest = waits[-1] if waits else int(limit.within.total_seconds())
    return Attempt(kind, created, 0, limit.max_attempts - len(waits) - 1, oldest)


def count_recent(connection: Connection, kind: Kind, subject: bytes) -> int:
    """Return how many attempts of a subject count now."""
    mine = (attempt.c.kind == kind, attempt.c.subject == subject)
    recent = attempt.c.at > func.clock_timestamp() - LIMITS[kind].within
    return int(connection.execute(select(func.count()).select_from(attempt).where(*mine, recent)).scalar_one())


def place(connection: Connection, kind: Kind, subject: bytes) -> datetime | None:
    """Count one attempt, never refused; beyond the limit, returns when it takes effect, `LATER` after the last."""
    limit = LIMITS[kind]
    _hold(connection, kind, subject)
    now = func.clock_timestamp()
    mine = (attempt.c.kind == kind, attempt.c.subject == subject, attempt.c.at > now - limit.within)
    full = case((func.count() >= limit.max_attempts, func.greatest(func.max(attempt.c.at), now) + LATER))
    leaves_at: datetime | None = connection.execute(select(full).where(*mine)).scalar()
    row = {"kind": kind, "subject": subject} | ({"at": leaves_at} if leaves_at else {})
    connection.execute(insert(attempt).values(row))
    return leaves_at


def take_back(connection: Connection, attempt_id: int | None) -> None:
    """Forget an attempt that succeeded."""
    connection.execute(delete(attempt).where(attempt.c.id == attempt_id))


def forget(connection: Connection, kind: Kind, subject: bytes) -> None:
    """Forget every attempt of a subject that has proved its identity."""
    connection.execute(delete(attempt).where(attempt.c.kind == kind, attempt.c.subject == subject))


def _hold(connection: Connection, kind: Kind, subject: bytes) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:s))"), {"s": f"attempt:{kind}:{subject.hex()}"})

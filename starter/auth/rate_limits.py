"""Rate limits on guessing: attempts are counted by login and by address, under keyed digests that name nobody."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from math import ceil
from time import monotonic
from typing import Final, ParamSpec, TypeVar

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from models import limits
from models.engine.keys import MasterKey
from models.limits import LimitState
from models.store.database import Database
from models.store.journal.events import SYSTEM, Actor
from models.store.people import access_log, attempts
from models.store.people.attempts import Attempt, Kind
from starter.http.address import caller_address
from starter.http.problems import problem

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
MIN_ANSWER_SECONDS: Final = 0.4
"""Minimum duration of an answer whose timing must not reveal whether an account exists."""
ENROLMENT_MAILS: Final[tuple[Kind, ...]] = ("mail", "mail_origin")
"""Limits of the mails about enrolments that one network address sends to one mailbox, whatever the call."""
MAILBOX_MAILS: Final[tuple[Kind, ...]] = ("mail_day", "mail_rest")
"""Limits of the mails about enrolments to one mailbox, whoever asks."""
PASSWORD_MAILS: Final[tuple[Kind, ...]] = ("password_mail", "password_mail_day")
"""Limits of the codes of a lost password to one mailbox, whether or not there is an account."""
STATED: Final[frozenset[Kind]] = frozenset(
    ("address", "code", "mailbox", "token", "reference", "passkey", "provider", "enrolment", "verification", "look_up")
)
"""Limits of who calls. The others count by a login or a mailbox: what is left of them would tell of its owner."""
TOO_MANY_ATTEMPTS: Final = "Trop de tentatives : réessayez dans {wait}."


def origin_digest(request: Request, proxies: int, master: MasterKey) -> bytes:
    """Return the digest of the address that a call comes from, as the last of our proxies reported it."""
    return digest(master, "address", caller_address(request.scope, proxies))


def digest(master: MasterKey, kind: str, value: str) -> bytes:
    """Return the keyed digest under which attempts on a login or an address are counted."""
    return master.derive(f"attempt of {kind}", value.strip().lower())[:16]


def count(connection: Connection, kind: Kind, subject: bytes, *, stated: bool = True) -> Attempt:
    """Count an attempt before it is checked; raises 429 after too many.

    What is left is `stated` in the answer (`models.limits`), unless who reads it would learn of others.
    """
    attempt = attempts.take(connection, kind, subject)
    if attempt.id is None or (stated and kind in STATED):
        limit = attempts.LIMITS[kind]
        window = int(limit.within.total_seconds())
        limits.note(LimitState(kind, limit.max_attempts, window, attempt.left, attempt.reset))
    if attempt.id is None:
        headers = {"Retry-After": str(attempt.wait)}
        raise problem("too-many", TOO_MANY_ATTEMPTS.format(wait=_in_words(attempt.wait)), headers)
    return attempt


def _in_words(seconds: int) -> str:
    """Return a wait as people say it, never shorter than it is."""
    for unit, word in ((3600, "heure"), (60, "minute")):
        if seconds >= unit:
            number = ceil(seconds / unit)
            return f"{number} {word}{'s' if number > 1 else ''}"
    return f"{seconds} s"


def count_apart(database: Database, kind: Kind, subject: bytes, *, stated: bool = True) -> None:
    """The same with its event in a transaction of its own, which a rollback of the caller's does not undo."""
    with database.begin() as connection:
        note_slowdown(connection, kind, count(connection, kind, subject, stated=stated))


def take_back(connection: Connection, attempt: Attempt) -> None:
    """Forget an attempt that succeeded."""
    attempts.take_back(connection, attempt.id)
    limits.give_back(attempt.kind)


def count_enrolment_mail(connection: Connection, master: MasterKey, email: str, origin: bytes) -> None:
    """Count a mail about an enrolment by its mailbox and who asks for it, so that nobody locks another out; raises 429.

    How many reach a mailbox whoever asks is bounded by `place_mail`, which refuses none.
    """
    for kind in ENROLMENT_MAILS:
        note_slowdown(connection, kind, count(connection, kind, _asked(master, email, origin)))


def place_mail(connection: Connection, master: MasterKey, email: str, origin: bytes) -> datetime | None:
    """Count a mail that leaves, by its mailbox; returns when it may, None if at once.

    The first few of one asker are counted with those of others; the rest apart, so that one delays nobody for long.
    """
    asked = attempts.count_recent(connection, "mail_origin", _asked(master, email, origin))
    kind: Kind = "mail_day" if asked <= attempts.MAILS_OF_ONE_ASKER else "mail_rest"
    return attempts.place(connection, kind, mailbox_digest(master, email))


def forget_enrolment_mails(connection: Connection, master: MasterKey, email: str, origin: bytes) -> None:
    """Forget the mails about enrolments to a mailbox whose owner has shown that they wanted them."""
    for kind in MAILBOX_MAILS:
        attempts.forget(connection, kind, mailbox_digest(master, email))
    for kind in ENROLMENT_MAILS:
        attempts.forget(connection, kind, _asked(master, email, origin))


def _asked(master: MasterKey, email: str, origin: bytes) -> bytes:
    return digest(master, "mail asked for", f"{mailbox_digest(master, email).hex()} {origin.hex()}")


def count_mail(connection: Connection, master: MasterKey, email: str, kinds: tuple[Kind, ...]) -> None:
    """Count a mail that somebody who is not signed in causes, by its mailbox; raises 429."""
    subject = mailbox_digest(master, email)
    for kind in kinds:
        note_slowdown(connection, kind, count(connection, kind, subject))


def forget_mails(connection: Connection, master: MasterKey, email: str, kinds: tuple[Kind, ...]) -> None:
    """Forget the mails to a mailbox whose owner has shown that they wanted them, by using a code of theirs."""
    for kind in kinds:
        attempts.forget(connection, kind, mailbox_digest(master, email))


def mailbox_digest(master: MasterKey, email: str) -> bytes:
    """Return the digest of the mailbox that an address reaches: « a+b@c.fr » is counted with « a@c.fr »."""
    local, at, domain = email.strip().rpartition("@")
    return digest(master, "mail", f"{local.partition('+')[0] or local}{at}{domain}")


def note_slowdown(connection: Connection, kind: Kind, attempt: Attempt, actor: Actor = SYSTEM) -> None:
    """Record an event if the next attempt must wait."""
    if attempt.last:
        access_log.write(connection, "guesses_slowed", actor, tried=kind)


async def in_constant_time(do: Callable[Arguments, Answer], *args: Arguments.args, **named: Arguments.kwargs) -> Answer:
    """Run a function in a thread, and answer no sooner than `MIN_ANSWER_SECONDS`, whatever its outcome."""
    began = monotonic()
    try:
        return await run_in_threadpool(do, *args, **named)
    finally:
        await asyncio.sleep(max(0, MIN_ANSWER_SECONDS - (monotonic() - began)))

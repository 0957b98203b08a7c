"""Rate limits on guessing: attempts are counted by login and by address, under keyed digests that name nobody."""

import asyncio
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Network, ip_address
from time import monotonic
from typing import Final, ParamSpec, TypeVar

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from models.engine.keys import MasterKey
from models.store.database import Database
from models.store.journal.events import SYSTEM, Actor
from models.store.people import access_log, attempts
from models.store.people.attempts import Attempt, Kind
from starter.http.problems import problem

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
MIN_ANSWER_SECONDS: Final = 0.4
"""Minimum duration of an answer whose timing must not reveal whether an account exists."""
UNKNOWN_ADDRESS: Final = "-"
TOO_MANY_ATTEMPTS: Final = "Trop d’essais : attendez {wait} s avant le prochain."


def origin_digest(request: Request, proxies: int, master: MasterKey) -> bytes:
    """Return the digest of the address that a call comes from, as the last of our proxies reported it."""
    return digest(master, "address", _address(request, proxies))


def digest(master: MasterKey, kind: str, value: str) -> bytes:
    """Return the keyed digest under which attempts on a login or an address are counted."""
    return master.derive(f"attempt of {kind}", value.strip().lower())[:16]


def _address(request: Request, proxies: int) -> str:
    peer = request.client.host if request.client else UNKNOWN_ADDRESS
    header = ",".join(request.headers.getlist("x-forwarded-for"))  # a proxy may add a header line of its own
    forwarded = [each.strip() for each in header.split(",") if each.strip()]
    return _subscriber(forwarded[-proxies] if 0 < proxies <= len(forwarded) else peer)


def _subscriber(address: str) -> str:
    """Reduce an IPv6 address to its /64, which one subscriber owns whole: they could otherwise use each in turn."""
    try:
        parsed = ip_address(_without_port(address))
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Network((parsed, 64), strict=False))


def _without_port(address: str) -> str:
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def count(connection: Connection, kind: Kind, subject: bytes) -> Attempt:
    """Count an attempt before it is checked; raises 429 after too many."""
    attempt = attempts.take(connection, kind, subject)
    if attempt.id is None:
        headers = {"Retry-After": str(attempt.wait)}
        raise problem("too-many", TOO_MANY_ATTEMPTS.format(wait=attempt.wait), headers)
    return attempt


def count_apart(database: Database, kind: Kind, subject: bytes) -> None:
    """The same with its event in a transaction of its own, which a rollback of the caller's does not undo."""
    with database.begin() as connection:
        note_slowdown(connection, kind, count(connection, kind, subject))


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

"""Anchors: one digest of a day's events, time-stamped by an authority; each anchor covers the one before it.

The hash chain of a case proves that none of its events was changed; an anchor proves that none was added
later. Anchors are numbered without gaps, and each has a copy outside this register (`anchor_copy`).
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, func, select, text
from sqlalchemy.dialects.postgresql import insert

from models.identifiers import Instant
from models.store.records import Record
from models.store.schema.journal import anchor, anchor_copy, event

MAX_EVENTS: Final = 50_000
"""Events that one anchor covers at most, so that neither it nor its copy outgrows a program's memory."""


class Anchor(Record):
    """The events up to a position, to be stamped."""

    number: int
    upto: int
    digest: bytes


class StampedAnchor(Anchor):
    """An anchor with the token that dates it."""

    token: bytes
    stamped_at: Instant


BEFORE_ALL: Final = Anchor(number=0, upto=0, digest=b"")
_OLDEST_FIRST = select(anchor).order_by(anchor.c.upto)


def last_position(connection: Connection) -> int:
    """Return the last position of the journal, once every transaction that is writing events has ended."""
    connection.execute(text("LOCK TABLE event IN SHARE MODE"))
    position: int = connection.execute(select(func.coalesce(func.max(event.c.position), 0))).scalar_one()
    return position


def next_anchor(connection: Connection, upto: int) -> Anchor | None:
    """Return the next anchor to stamp for the events up to a position, or None when all have one."""
    previous = find_last(connection) or BEFORE_ALL
    last = connection.execute(_LAST_COVERED, {"after": previous.upto, "upto": upto, "max": MAX_EVENTS}).scalar()
    if last is None:
        return None
    return Anchor(number=previous.number + 1, upto=last, digest=digest(connection, previous, last))


_LAST_COVERED = text(
    "SELECT max(position) FROM (SELECT position FROM event WHERE position > :after AND position <= :upto"
    " ORDER BY position LIMIT :max) covered"
)


def store(connection: Connection, due: Anchor, token: bytes) -> None:
    """Store an anchor with its token."""
    connection.execute(anchor.insert().values(due.model_dump() | {"token": token}))


def find_last(connection: Connection) -> StampedAnchor | None:
    """Return the last anchor, or None."""
    return StampedAnchor.first(connection, select(anchor).order_by(anchor.c.upto.desc()).limit(1))


def find(connection: Connection, number: int) -> StampedAnchor | None:
    """Return an anchor by its number, or None."""
    return StampedAnchor.first(connection, select(anchor).where(anchor.c.number == number))


def find_before(connection: Connection, upto: int) -> StampedAnchor | None:
    """Return the anchor before the one up to a position, or None."""
    query = select(anchor).where(anchor.c.upto < upto).order_by(anchor.c.upto.desc()).limit(1)
    return StampedAnchor.first(connection, query)


def stream(connection: Connection, after: int = 0) -> Iterator[StampedAnchor]:
    """Yield the anchors of later positions, in order of position."""
    query = _OLDEST_FIRST.where(anchor.c.upto > after).execution_options(yield_per=100)
    return (StampedAnchor.of(row) for row in connection.execute(query).mappings())


def digest(connection: Connection, previous: Anchor, upto: int) -> bytes:
    """Return what an anchor stamps: the digest of the one before it, then that of each event, by position."""
    combined = sha256(previous.digest)
    for _, each in event_digests(connection, previous.upto, upto):
        combined.update(each)
    return combined.digest()


def event_digests(connection: Connection, after: int, upto: int) -> Iterator[tuple[int, bytes]]:
    """Yield position and digest of the events between two positions."""
    query = (
        select(event.c.position, event.c.digest)
        .where(event.c.position > after, event.c.position <= upto)
        .order_by(event.c.position)
        .execution_options(yield_per=10_000)
    )
    return ((row.position, row.digest) for row in connection.execute(query))


def list_uncopied(connection: Connection) -> list[int]:
    """Return the numbers of the anchors that have no copy outside yet, in order."""
    copied = select(anchor_copy.c.number).where(anchor_copy.c.number == anchor.c.number)
    return list(connection.execute(select(anchor.c.number).where(~copied.exists()).order_by(anchor.c.upto)).scalars())


def mark_copied(connection: Connection, number: int, name: str) -> None:
    """Record that an anchor has a copy outside; idempotent."""
    connection.execute(insert(anchor_copy).values(number=number, name=name).on_conflict_do_nothing())

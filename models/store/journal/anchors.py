"""Anchors: one digest of a day's events, time-stamped by an authority; each anchor covers the one before it.

The hash chain of a case proves that none of its events was changed; an anchor proves that none was added
later.
"""

from hashlib import sha256

from sqlalchemy import Connection, func, select, text

from models.store.records import Record
from models.store.schema.journal import anchor, event


class Anchor(Record):
    """The events up to a position and the token that dates them; the token is empty until they are stamped."""

    upto: int
    digest: bytes
    token: bytes = b""


def last_position(connection: Connection) -> int:
    """Return the last position of the journal, once every transaction that is writing events has ended."""
    connection.execute(text("LOCK TABLE event IN SHARE MODE"))
    position: int = connection.execute(select(func.coalesce(func.max(event.c.position), 0))).scalar_one()
    return position


def next_anchor(connection: Connection, upto: int) -> Anchor | None:
    """Return the anchor to stamp for the events up to a position, or None when there are no new ones."""
    before = _all(connection)[-1:]
    if (before and before[0].upto >= upto) or upto == 0:
        return None
    previous = before[0] if before else Anchor(upto=0, digest=b"")
    return Anchor(upto=upto, digest=_digest(connection, previous, upto))


def store(connection: Connection, stamped: Anchor) -> None:
    """Store an anchor with its token."""
    connection.execute(anchor.insert().values(stamped.model_dump()))


def list_broken(connection: Connection) -> list[int]:
    """Return the positions of the anchors whose events are no longer those that were stamped."""
    broken, previous = [], Anchor(upto=0, digest=b"")
    for each in _all(connection):
        if each.digest != _digest(connection, previous, each.upto):
            broken.append(each.upto)
        previous = each
    return broken


def _all(connection: Connection) -> list[Anchor]:
    return Anchor.all(connection, select(anchor).order_by(anchor.c.upto))


def _digest(connection: Connection, previous: Anchor, upto: int) -> bytes:
    digests = connection.execute(
        select(event.c.digest)
        .where(event.c.position > previous.upto, event.c.position <= upto)
        .order_by(event.c.position)
        .execution_options(yield_per=10_000)
    )
    combined = sha256(previous.digest)
    for digest in digests.scalars():
        combined.update(digest)
    return combined.digest()

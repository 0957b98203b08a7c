"""Anchors: the events of a day, digested in one and time-stamped by an authority, each covering the one before.

The chain of a case shows that none of its events was changed; an anchor shows that none was written afterwards.
"""

from hashlib import sha256

from sqlalchemy import Connection, func, select, text

from models.store.records import Record
from models.store.schema.journal import anchor, event


class Anchor(Record):
    """Events up to a position, and the token that dates them; without a token yet, what is to be stamped."""

    upto: int
    digest: bytes
    token: bytes = b""


def last_position(connection: Connection) -> int:
    """Return the last position of which every earlier event is written; waits for those under way."""
    connection.execute(text("LOCK TABLE event IN SHARE MODE"))
    found: int = connection.execute(select(func.coalesce(func.max(event.c.position), 0))).scalar_one()
    return found


def next_anchor(connection: Connection, upto: int) -> Anchor | None:
    """Return what is to be stamped up to a position, or None when nothing is new."""
    before = _all(connection)[-1:]
    if (before and before[0].upto >= upto) or upto == 0:
        return None
    previous = before[0] if before else Anchor(upto=0, digest=b"")
    return Anchor(upto=upto, digest=_digest(connection, previous, upto))


def keep(connection: Connection, stamped: Anchor) -> None:
    """Keep an anchor with its token."""
    connection.execute(anchor.insert().values(stamped.model_dump()))


def broken(connection: Connection) -> list[int]:
    """Return the anchors (by position) whose events are no longer those that were stamped."""
    found, previous = [], Anchor(upto=0, digest=b"")
    for each in _all(connection):
        if each.digest != _digest(connection, previous, each.upto):
            found.append(each.upto)
        previous = each
    return found


def _all(connection: Connection) -> list[Anchor]:
    return Anchor.all(connection, select(anchor).order_by(anchor.c.upto))


def _digest(connection: Connection, previous: Anchor, upto: int) -> bytes:
    digests = connection.execute(
        select(event.c.digest)
        .where(event.c.position > previous.upto, event.c.position <= upto)
        .order_by(event.c.position)
        .execution_options(yield_per=10_000)
    )
    found = sha256(previous.digest)
    for digest in digests.scalars():
        found.update(digest)
    return found.digest()

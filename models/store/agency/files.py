"""Files for the paying agency, reserved before they are sent.

A file's name, rows and bytes are stored here before it is written to the agency's folder: after a crash the
same file is sent again, never a second one.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from sqlalchemy import Connection, func, literal, select, text

from models.messages.deposit import Deposit
from models.store.schema.journal import deposit, deposit_row


class Keyed(Protocol):
    """A row for the agency, whatever it hands over."""

    @property
    def key(self) -> str:
        """Its key: a repeat is the same row."""


def find_reserved(connection: Connection, channel: str) -> Deposit | None:
    """Return the oldest file that is reserved but not written yet, or None."""
    row = connection.execute(
        select(
            deposit.c.id,
            deposit.c.name,
            deposit.c.sha256,
            select(func.count()).where(deposit_row.c.deposit_id == deposit.c.id).scalar_subquery().label("rows"),
        )
        .where(deposit.c.channel == channel, deposit.c.written_at.is_(None))
        .order_by(deposit.c.reserved_at)
        .limit(1)
    ).first()
    return Deposit(id=row.id, name=row.name, sha256=row.sha256, rows=row.rows) if row else None


def reserve(
    connection: Connection, channel: str, name: Callable[[datetime], str], content: bytes, rows: Sequence[Keyed]
) -> Deposit:
    """Reserve a file: its name (from the first second not taken), its bytes, and the line of each row."""
    second = _free_second(connection, channel)
    digest = sha256(content).hexdigest()
    values = {"channel": channel, "name": name(second), "bytes": content, "sha256": digest}
    created: str = connection.execute(
        deposit.insert().values(values | {"reserved_at": second}).returning(deposit.c.id)
    ).scalar_one()
    connection.execute(_LINES, {"created": created, "keys": [row.key for row in rows]})
    return Deposit(id=created, name=name(second), rows=len(rows), sha256=digest)


_LINES = text(
    "UPDATE deposit_row w SET deposit_id = CAST(:created AS uuid), line = placed.line"
    " FROM unnest(CAST(:keys AS text[])) WITH ORDINALITY AS placed (key, line) WHERE w.key = placed.key"
)


def _free_second(connection: Connection, channel: str) -> datetime:
    """Return the first second not taken: the agency names files by the second, so one file a second at most."""
    second: datetime = connection.execute(
        text(
            "SELECT greatest(date_trunc('second', clock_timestamp()),"
            " (SELECT max(reserved_at) FROM deposit WHERE channel = :c) + interval '1 second')"
        ),
        {"c": channel},
    ).scalar_one()
    return second


def content(connection: Connection, deposit_uuid: str) -> bytes:
    """Return the reserved bytes of a file."""
    reserved: bytes = connection.execute(select(deposit.c.bytes).where(deposit.c.id == deposit_uuid)).scalar_one()
    return reserved


def count_written(connection: Connection, channel: str, since: datetime) -> int:
    """Return how many files of a channel were written since an instant, those sent again included."""
    times = (deposit.c.written_at, deposit.c.resent_at)
    counted = sum((func.count().filter(each >= since) for each in times), literal(0))
    return int(connection.execute(select(counted).where(deposit.c.channel == channel)).scalar_one())


def is_written(connection: Connection, deposit_uuid: str) -> bool:
    """Whether a file was written in the agency's folder."""
    query = select(deposit.c.written_at.is_not(None)).where(deposit.c.id == deposit_uuid)
    return bool(connection.execute(query).scalar_one())


def channel_of(connection: Connection, deposit_uuid: str) -> str:
    """Return the channel of a file."""
    channel: str = connection.execute(select(deposit.c.channel).where(deposit.c.id == deposit_uuid)).scalar_one()
    return channel

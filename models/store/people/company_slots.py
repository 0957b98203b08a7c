"""The one limiter of calls to the register of establishments: in our register, which is all that processes share.

A source that allows n calls within a period has n rows. A call takes a row that has rested for the period, by one
statement: two processes cannot take the same one, and no instant of the day starts the count anew.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, text

from models.establishments import Source

CALLS: Final[dict[Source, int]] = {"sirene": 30, "search": 7}
"""Rows of each source, as the migration made them: INSEE allows 30 calls a minute, the public search 7 a second."""
PERIODS: Final[dict[Source, timedelta]] = {"sirene": timedelta(seconds=65), "search": timedelta(seconds=1.5)}
"""Rest of a row between two calls: the source's own period, and a margin, because a call that travelled slowly is
counted there later than here."""

_TAKE: Final = text(
    "UPDATE company_slot SET used_at = clock_timestamp() WHERE source = :source AND number ="
    " (SELECT number FROM company_slot WHERE source = :source AND used_at <= clock_timestamp() - :rest"
    " ORDER BY used_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING number"
)
_REST: Final = text(
    "UPDATE company_slot SET used_at = greatest(used_at, clock_timestamp() + :pause - :rest) WHERE source = :source"
)


def take(connection: Connection, source: Source) -> bool:
    """Use one call, or return False when all of the period are used. Commit at once: the row is locked until then."""
    return connection.execute(_TAKE, {"source": source, "rest": PERIODS[source]}).first() is not None


def pause(connection: Connection, source: Source, seconds: int) -> None:
    """Allow no call for some seconds, because the source said that it was asked too much."""
    connection.execute(_REST, {"source": source, "rest": PERIODS[source], "pause": timedelta(seconds=seconds)})

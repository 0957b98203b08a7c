"""The register's own health: what waits and since when, and the outcomes of the requests so far.

Ages are in seconds by the database's clock. What waits is small and indexed; the sums read every request.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, Double, Select, cast, column, func, select, text

from models.store.records import Record


class Heap(Record):
    """Things that wait: how many, and how long the oldest has waited."""

    count: int
    oldest: float


class Parked(Heap):
    """Acts that wait for one part to be repaired."""

    part: str


WAITING: Final = {
    "outbox": "SELECT created_at AS since FROM outbox WHERE done_at IS NULL",
    "deposits": "SELECT created_at AS since FROM deposit_row WHERE deposit_id IS NULL UNION ALL SELECT w.created_at"
    " FROM deposit d JOIN deposit_row w ON w.deposit_id = d.id WHERE d.written_at IS NULL",
    "due": "SELECT due_at AS since FROM request WHERE outcome IS NULL AND due_at <= statement_timestamp()",
    "credentials": "SELECT requested_at - clock_offset AS since FROM enrolment"
    " WHERE status = 'open' AND sent_at IS NULL",
    "unstamped": "SELECT recorded_at AS since FROM event"
    " WHERE position > (SELECT coalesce(max(upto), 0) FROM anchor) ORDER BY position LIMIT 1",
}
"""Messages that the engine has not accepted; authorizations that no written file hands over; silences whose instant has
passed and that nobody recorded; enrolments whose credentials have not left; the first event without a time-stamp."""
PARKED = text(
    "SELECT part, count(*) AS count,"
    " extract(epoch FROM statement_timestamp() - min(opened_at))::double precision AS oldest"
    " FROM incident WHERE closed_at IS NULL GROUP BY part ORDER BY part"
)


def waiting(connection: Connection) -> dict[str, Heap]:
    """Count everything that waits, by its name in `WAITING`."""
    return {name: Heap.all(connection, _heap(rows))[0] for name, rows in WAITING.items()}


def parked(connection: Connection) -> list[Parked]:
    """Count what waits for a part to be repaired, by part."""
    return Parked.all(connection, PARKED)


def _heap(rows: str) -> Select[tuple[int, float]]:
    found = text(rows).columns(column("since")).subquery()
    age = func.extract("epoch", func.statement_timestamp() - func.min(found.c.since))
    return select(
        func.count().label("count"), cast(func.coalesce(func.greatest(0, age), 0), Double).label("oldest")
    ).select_from(found)


class Slot(Record):
    """Requests of one channel and outcome, recorded with a lateness between two bounds."""

    channel: str
    outcome: str | None
    slot: int | None
    """Place among the bounds that were given, tacit acceptances only: 0 below the first."""
    count: int
    seconds: float
    """Sum of their lateness, `recorded_at − effect_at`."""


class Ruled(Record):
    """Decisions of one outcome in one state."""

    outcome: str
    state: str
    count: int


SLOTS = text(
    "SELECT channel, outcome,"
    " CASE WHEN outcome = 'tacit' THEN width_bucket(late, CAST(:bounds AS double precision[])) END AS slot,"
    " count(*) AS count, coalesce(sum(late), 0) AS seconds FROM (SELECT channel, outcome,"
    " extract(epoch FROM recorded_at - effect_at)::double precision AS late FROM request) request GROUP BY 1, 2, 3"
)
RULED = text("SELECT outcome, state, count(*) AS count FROM decision GROUP BY 1, 2")


def slots(connection: Connection, bounds: Sequence[float]) -> list[Slot]:
    """Count every request by channel, outcome and lateness."""
    return Slot.all(connection, SLOTS.bindparams(bounds=list(bounds)))


def ruled(connection: Connection) -> list[Ruled]:
    """Count every decision by outcome and state."""
    return Ruled.all(connection, RULED)


class Enrolled(Record):
    """Requests to enrol that came to one thing, of which the credentials left with a delay between two bounds."""

    status: str
    slot: int | None
    """Place among the bounds that were given; None while they have not left, or were never to."""
    count: int
    seconds: float
    """Sum of their delays, `sent_at − requested_at`."""
    breached: int
    """How many of them left after their limit, or have not left and it is past."""


ENROLLED = text(
    "SELECT status, width_bucket(late, CAST(:bounds AS double precision[])) AS slot, count(*) AS count,"
    " coalesce(sum(late), 0) AS seconds, count(*) FILTER (WHERE breached) AS breached"
    " FROM (SELECT status, extract(epoch FROM sent_at - requested_at)::double precision AS late,"
    " breached_at IS NOT NULL OR sent_at > due_at AS breached FROM enrolment) enrolment GROUP BY 1, 2"
)


def enrolled(connection: Connection, bounds: Sequence[float]) -> list[Enrolled]:
    """Count every request to enrol by what it came to and by the delay of its credentials."""
    return Enrolled.all(connection, ENROLLED.bindparams(bounds=list(bounds)))

"""What an operator looks at first: how late silence was, until when parked cases may wait, the last deposits."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ARRAY, Connection, Text, bindparam, text

from models.engine.names import authorization_id, draft_id
from models.identifiers import Instant
from models.store.records import Record


class Lateness(Record):
    """Tacit acceptances of the last days: how many, and by how many seconds they were recorded after their instant."""

    count: int
    median: float | None
    greatest: float | None


class DepositRecord(Record):
    """A file for the paying agency, its number of lines, when it was reserved and when it was written."""

    channel: str
    name: str
    lines: int
    reserved_at: Instant
    written_at: Instant | None


LATENESS_DAYS = 30
"""Days over which the lateness of silence is measured."""
LAST_DEPOSITS = 10


def measure_lateness(connection: Connection) -> Lateness:
    """Return the lateness of the tacit acceptances recorded lately."""
    return Lateness.all(connection, _LATENESS, {"days": LATENESS_DAYS})[0]


_LATENESS = text(
    "SELECT count(*) AS count, percentile_cont(0.5) WITHIN GROUP (ORDER BY late) AS median, max(late) AS greatest"
    " FROM (SELECT extract(epoch FROM recorded_at - effect_at)::double precision AS late FROM request"
    " WHERE outcome = 'tacit' AND recorded_at > clock_timestamp() - make_interval(days => :days)) tacit"
)


def find_deadlines(connection: Connection, processes: Iterable[str]) -> dict[str, datetime]:
    """Return the instant that parks no longer: of silence for a case, of the end of its window for a draft.

    By process; one whose clock is stopped or ended, and one that has no such instant, are left out.
    """
    wanted = set(processes)
    rows = connection.execute(_DEADLINES, {"processes": sorted(wanted)})
    return {row.process: row.at for row in rows}


_DEADLINES = text(
    "SELECT :cases || reference AS process, deadline_at AS at FROM request"
    " WHERE outcome IS NULL AND deadline_at IS NOT NULL AND :cases || reference = ANY(:processes)"
    " UNION ALL SELECT :drafts || id, accepted_until FROM draft WHERE :drafts || id = ANY(:processes)"
).bindparams(
    bindparam("processes", type_=ARRAY(Text)),
    bindparam("cases", authorization_id(""), Text),
    bindparam("drafts", draft_id(""), Text),
)


def list_deposits(connection: Connection) -> list[DepositRecord]:
    """Return the last files for the agency, newest first."""
    return DepositRecord.all(connection, _DEPOSITS, {"count": LAST_DEPOSITS})


_DEPOSITS = text(
    "SELECT d.channel, d.name, (SELECT count(*) FROM deposit_row w WHERE w.deposit_id = d.id) AS lines,"
    " d.reserved_at, d.written_at FROM deposit d ORDER BY d.reserved_at DESC, d.id LIMIT :count"
)

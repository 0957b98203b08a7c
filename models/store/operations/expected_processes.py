"""What the engine must be doing, as the register knows it: what to compare with it, and what it must hear again.

All of it follows from how cases stand, not from letters of the past: those are dropped after a month.
"""

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import Connection, text

from models.identifiers import Instant
from models.labels import Outcome
from models.store.journal import outbox
from models.store.journal.outbox import Kind
from models.store.records import Record

Life = Literal["open", "over"]


class Open(Record):
    """A case, a draft or an enrolment that must have a process.

    `started` is false while the letter that starts it waits; `late` when its instant passed a minute ago.
    """

    process: str
    status: str
    outcome: Outcome | None
    deadline_at: Instant | None
    started: bool
    late: bool


class Owed(Record):
    """Something that the process of an open case must look at; `undone` when it has not come of it yet."""

    process: str
    kind: Kind
    subject: str
    undone: bool


OPEN = text(
    "SELECT process, status, outcome, deadline_at, late, NOT EXISTS (SELECT FROM outbox WHERE workflow_id = process"
    "   AND done_at IS NULL AND kind IN ('start', 'revive', 'restart')) AS started FROM ("
    " SELECT 'authorization:' || reference AS process, status, outcome, deadline_at,"
    "   outcome IS NULL AND coalesce(due_at < clock_timestamp() - interval '1 minute', false) AS late FROM request"
    "   WHERE closed_at IS NULL"
    " UNION ALL SELECT 'draft:' || id, status, NULL, accepted_until, false FROM draft WHERE status = 'draft'"
    " UNION ALL SELECT 'enrolment:' || siret, 'enrolling', NULL, coalesce(expires_at, due_at),"
    "   coalesce(sent_at, alerted_at) IS NULL AND alert_at < clock_timestamp() + clock_offset - interval '1 minute'"
    "   FROM enrolment WHERE status = 'open') each"
)
OWED = text(
    "SELECT 'authorization:' || reference AS process, kind, subject, undone FROM ("
    " SELECT 1 AS rank, reference, 'decide' AS kind, id AS subject, true AS undone FROM decision"
    "   WHERE state IN ('registered', 'signed')"
    " UNION ALL SELECT 2, reference, 'request_completion', id, state = 'registered' FROM completion"
    "   WHERE state IN ('registered', 'notified')"
    " UNION ALL SELECT 3, reference, 'complete', version::text, true FROM receipt c WHERE NOT EXISTS"
    "   (SELECT FROM document d WHERE d.reference = c.reference AND published_at IS NOT NULL"
    "   AND CASE version WHEN 1 THEN kind = 'receipt'"
    "     ELSE kind = 'completion_receipt' AND subject = 'reception/' || version END)"
    " UNION ALL SELECT 4, reference, 'supply_opinion', '', false FROM opinion WHERE version > 1 GROUP BY reference"
    ") owed JOIN request USING (reference) WHERE closed_at IS NULL ORDER BY reference, rank, subject"
)
LIVES = text(
    "SELECT process, CASE WHEN r.closed_at IS NULL AND r.reference IS NOT NULL OR d.status = 'draft' OR e.open"
    "   THEN 'open' ELSE 'over' END AS life"
    " FROM unnest(CAST(:processes AS text[])) process"
    " LEFT JOIN request r ON process = 'authorization:' || r.reference"
    " LEFT JOIN draft d ON process = 'draft:' || d.id"
    " LEFT JOIN (SELECT siret, bool_or(status = 'open') AS open FROM enrolment WHERE status <> 'redundant'"
    "   GROUP BY siret) e ON process = 'enrolment:' || e.siret"
    " WHERE coalesce(r.reference, d.id::text, e.siret) IS NOT NULL"
)
# Three figures, four letters, the number: as `requests.next_reference` writes them.
RESERVE = text(
    "UPDATE establishment e SET requests = greatest(requests, lost.number) FROM"
    " (SELECT left(reference, 7) AS prefix, max(right(reference, 2)::smallint) AS number"
    "   FROM unnest(CAST(:references AS text[])) reference GROUP BY 1) lost"
    " WHERE lpad(e.department, 3, '0') || e.letters = lost.prefix AND requests < lost.number"
)
CHANNELS = text(
    "SELECT DISTINCT w.channel FROM deposit_row w LEFT JOIN deposit d ON d.id = w.deposit_id"
    " WHERE d.written_at IS NULL"
)


def list_open(connection: Connection) -> list[Open]:
    """Every case that is not closed, and every draft and enrolment that is open."""
    return Open.all(connection, OPEN)


def list_owed(connection: Connection) -> list[Owed]:
    """What the processes of open cases must look at, in the order in which each must hear it."""
    return Owed.all(connection, OWED)


def find_lives(connection: Connection, processes: Iterable[str]) -> dict[str, Life]:
    """Say of processes whether their case, draft or enrolment is open or over; those of nothing are left out."""
    rows = connection.execute(LIVES, {"processes": list(processes)})
    return {row.process: row.life for row in rows}


def reserve(connection: Connection, references: Iterable[str]) -> None:
    """Never give these references again: a receipt bears them, though the register has lost their cases."""
    connection.execute(RESERVE, {"references": list(references)})


def post(connection: Connection, letters: Iterable[Owed]) -> None:
    """Have the relay say all this, in this order for each process."""
    for letter in letters:
        outbox.enqueue(connection, letter.process, letter.kind, letter.subject)


def list_channels(connection: Connection) -> list[str]:
    """Channels in which something waits to be at the agency."""
    return [str(channel) for channel in connection.execute(CHANNELS).scalars()]

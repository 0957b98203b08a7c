"""Files that the agency has not answered whole: counted by each run, sent again, and told when it takes too long.

The agency has no query: sending the same bytes under the same name is how it is asked again. The time during which the
channel was frozen is not silence: the agency had said that it would not answer. Two operators may have a file sent once
more (`unanswered.send_again`), which begins the count of silence anew.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, text

from models.messages.deposit import Deposit
from models.store.records import Record

NOTED_RUNS: Final = 2
"""Runs without an answer after which it is noted."""
AGAIN_AFTER: Final = timedelta(days=1)
OVERDUE_AFTER: Final = timedelta(days=5)


class WaitingDeposit(Record):
    """A file that was written and is not answered whole."""

    id: str
    name: str
    sha256: str
    rows: int
    runs: int
    due_again: bool
    overdue: bool

    @property
    def deposit(self) -> Deposit:
        """The file, to be sent again."""
        return Deposit(id=self.id, name=self.name, rows=self.rows, sha256=self.sha256)

    @property
    def is_noted(self) -> bool:
        """Whether this is the run that notes it."""
        return self.runs == NOTED_RUNS


def watch(connection: Connection, channel: str) -> list[WaitingDeposit]:
    """Count a run for each file of a channel that waits, mark those that are answered, and return the others."""
    row = {"channel": channel, "again": AGAIN_AFTER, "overdue": OVERDUE_AFTER}
    return WaitingDeposit.all(connection, _WATCH, row)


def mark_sent_again(connection: Connection, deposit_uuid: str) -> None:
    """Mark a file as sent again: by itself it is once, then whenever two operators ask for it."""
    connection.execute(_MARK, {"id": deposit_uuid})


# One statement, however many files there are: those answered whole leave the partial index.
_WATCH: Final = text(
    "WITH found AS (SELECT d.id, EXISTS (SELECT FROM deposit_row w WHERE w.deposit_id = d.id AND NOT EXISTS"
    "   (SELECT FROM agency_answer a WHERE a.deposit_id = d.id AND a.line = w.line AND a.binding)) AS waits"
    "  FROM deposit d WHERE d.channel = :channel AND d.written_at IS NOT NULL AND d.answered_at IS NULL"
    "  ORDER BY d.id FOR UPDATE OF d),"
    " counted AS (UPDATE deposit d SET runs = least(d.runs + 1, 30000),"
    "   answered_at = CASE WHEN NOT f.waits THEN clock_timestamp() END FROM found f WHERE d.id = f.id"
    "   RETURNING d.id, d.name, d.sha256, d.runs, d.written_at, d.resent_at, d.asked_again_at, f.waits,"
    "   CASE WHEN d.asked_again_at IS NULL THEN d.written_at ELSE greatest(d.asked_again_at, d.resent_at) END"
    "   AS since),"
    " spans AS (SELECT e.type, e.at AS from_at, lead(e.at, 1, clock_timestamp()) OVER (ORDER BY e.seq) AS to_at"
    "   FROM event e WHERE e.subject = :channel AND e.type IN ('agency_frozen', 'agency_resumed')),"
    " silent AS (SELECT c.*, clock_timestamp() - c.since - coalesce((SELECT sum(s.to_at - greatest(s.from_at,"
    "   c.since)) FROM spans s WHERE s.type = 'agency_frozen' AND s.to_at > c.since), '0') AS silence"
    "   FROM counted c WHERE c.waits)"
    " SELECT c.id::text AS id, c.name, c.sha256,"
    " (SELECT count(*) FROM deposit_row w WHERE w.deposit_id = c.id) AS rows,"
    " c.runs, CASE WHEN c.resent_at IS NULL THEN c.asked_again_at IS NOT NULL OR c.silence >= :again"
    "   ELSE coalesce(c.asked_again_at > c.resent_at, false) END AS due_again,"
    " c.silence >= :overdue AS overdue FROM silent c ORDER BY c.written_at, c.id"
)
_MARK: Final = text("UPDATE deposit SET resent_at = clock_timestamp() WHERE id = CAST(:id AS uuid)")

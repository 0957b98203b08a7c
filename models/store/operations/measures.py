"""The health of the register: what waits and since when, and counts of requests, decisions and enrolments.

Ages are in seconds by the database's clock. The waiting rows are few and indexed; the counts read every
request.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, Double, Select, cast, column, func, select, text

from models.identifiers import Message
from models.messages.claim import UNANSWERED
from models.store.records import Record


class Backlog(Record):
    """Rows that wait: how many, and the age of the oldest in seconds."""

    count: int
    oldest: float


class Parked(Backlog):
    """Acts that wait for one dependency to be repaired."""

    part: str


_UNANSWERED: Final = ", ".join(f"'{each}'" for each in UNANSWERED)
WAITING: Final = {
    "outbox": "SELECT created_at AS since FROM outbox WHERE done_at IS NULL",
    "deposits": "SELECT w.created_at AS since FROM deposit_row w LEFT JOIN claim c ON c.id = w.claim_id"
    " WHERE w.deposit_id IS NULL AND (c.id IS NULL OR c.state = 'signed') UNION ALL SELECT w.created_at"
    " FROM deposit d JOIN deposit_row w ON w.deposit_id = d.id WHERE d.written_at IS NULL",
    "claims_to_agree": "SELECT staged_at AS since FROM claim WHERE state = 'under_review' AND version IS NOT NULL",
    "claims_to_send": "SELECT d.published_at - r.clock_offset AS since FROM claim c"
    " JOIN document d ON d.claim_id = c.id AND d.kind = 'claim' JOIN request r ON r.reference = c.reference"
    " WHERE c.state = 'signed' AND c.version IS NOT NULL",
    "claims_unanswered": "SELECT d.written_at AS since FROM claim c JOIN deposit_row w ON w.claim_id = c.id"
    " JOIN deposit d ON d.id = w.deposit_id WHERE c.state = 'handed' AND c.version IS NOT NULL",
    "claims_overdue": "SELECT (c.due_on + 1)::timestamp AT TIME ZONE 'Europe/Paris' - r.clock_offset AS since"  # noqa: S608
    " FROM claim c JOIN request r ON r.reference = c.reference WHERE c.version IS NOT NULL"
    f" AND c.state IN ({_UNANSWERED}) AND c.due_on < ((statement_timestamp() + r.clock_offset)"
    " AT TIME ZONE 'Europe/Paris')::date",
    "due": "SELECT due_at AS since FROM request WHERE outcome IS NULL AND due_at <= statement_timestamp()",
    "credentials": "SELECT greatest(requested_at - clock_offset, mailed_from) AS since FROM enrolment"
    " WHERE status = 'open' AND sent_at IS NULL AND coalesce(mailed_from <= statement_timestamp(), true)"
    " AND coalesce(late_why <> 'mailbox', true)",
    "queued_mails": "SELECT created_at AS since FROM notice"
    " WHERE sent_at IS NULL AND not_before > statement_timestamp()",
    "unstamped": "SELECT recorded_at AS since FROM event"
    " WHERE position > (SELECT coalesce(max(upto), 0) FROM anchor) ORDER BY position LIMIT 1",
}
"""Undelivered messages; authorizations not yet in a written file; claims that wait for a visa since they were received,
for a file since they were signed, for an answer since they were put, and for any of these past their last day of
payment; silences due but not recorded; enrolments whose credentials were not sent, although it is their turn and their
mailbox does not refuse them; mails that wait for their place in the queue of strangers' mails; the first event without
a time-stamp."""
PARKED = text(
    "SELECT part, count(*) AS count,"
    " extract(epoch FROM statement_timestamp() - min(opened_at))::double precision AS oldest"
    " FROM incident WHERE closed_at IS NULL GROUP BY part ORDER BY part"
)


def count_waiting(connection: Connection) -> dict[str, Backlog]:
    """Count the rows that wait, by name in `WAITING`."""
    return {name: Backlog.all(connection, _backlog(rows))[0] for name, rows in WAITING.items()}


def count_parked(connection: Connection) -> list[Parked]:
    """Count the acts that wait for a dependency to be repaired, by dependency."""
    return Parked.all(connection, PARKED)


def _backlog(rows: str) -> Select[tuple[int, float]]:
    waiting = text(rows).columns(column("since")).subquery()
    age = func.extract("epoch", func.statement_timestamp() - func.min(waiting.c.since))
    return select(
        func.count().label("count"), cast(func.coalesce(func.greatest(0, age), 0), Double).label("oldest")
    ).select_from(waiting)


class RequestCount(Record):
    """Number of requests of one channel and outcome, in one bucket of lateness."""

    channel: str
    outcome: str | None
    slot: int | None
    """Index of the bucket, for tacit acceptances only; 0 is below the first bound."""
    count: int
    seconds: float
    """Sum of their lateness, `recorded_at − effect_at`."""


class DecisionCount(Record):
    """Number of decisions of one outcome in one state."""

    outcome: str
    state: str
    count: int


REQUESTS = text(
    "SELECT channel, outcome,"
    " CASE WHEN outcome = 'tacit' THEN width_bucket(late, CAST(:bounds AS double precision[])) END AS slot,"
    " count(*) AS count, coalesce(sum(late), 0) AS seconds FROM (SELECT channel, outcome,"
    " extract(epoch FROM recorded_at - effect_at)::double precision AS late FROM request) request GROUP BY 1, 2, 3"
)
DECISIONS = text("SELECT outcome, state, count(*) AS count FROM decision GROUP BY 1, 2")


def count_requests(connection: Connection, bounds: Sequence[float]) -> list[RequestCount]:
    """Count the requests by channel, outcome and lateness (bucket bounds in seconds)."""
    return RequestCount.all(connection, REQUESTS.bindparams(bounds=list(bounds)))


def count_decisions(connection: Connection) -> list[DecisionCount]:
    """Count the decisions by outcome and state."""
    return DecisionCount.all(connection, DECISIONS)


class EnrolmentCount(Record):
    """Number of requests to enrol of one status, in one bucket of the delay of their credentials."""

    status: str
    slot: int | None
    """Index of the bucket; None when the credentials were not sent, or never will be."""
    count: int
    seconds: float
    """Sum of their delays, `sent_at − requested_at`."""
    breached: int
    """How many missed their limit by a delay of ours, whether the credentials were sent late or not at all."""


ENROLMENTS = text(
    "SELECT status, width_bucket(late, CAST(:bounds AS double precision[])) AS slot, count(*) AS count,"
    " coalesce(sum(late), 0) AS seconds, count(*) FILTER (WHERE breached) AS breached"
    " FROM (SELECT status, extract(epoch FROM sent_at - requested_at)::double precision AS late,"
    " (breached_at IS NOT NULL OR sent_at > due_at) AND coalesce(late_why, 'mail') = 'mail' AS breached"
    " FROM enrolment) enrolment GROUP BY 1, 2"
)


def count_enrolments(connection: Connection, bounds: Sequence[float]) -> list[EnrolmentCount]:
    """Count the requests to enrol by status and by the delay of their credentials (bucket bounds in seconds)."""
    return EnrolmentCount.all(connection, ENROLMENTS.bindparams(bounds=list(bounds)))


class Evidence(Message):
    """The last audit, and the copies of anchors outside."""

    broken: int = 0
    """What the last audit found."""
    age: float = 0
    """Seconds since the last audit; 0 before the first."""
    uncopied: float = 0
    """Seconds that the oldest anchor has waited for its copy; 0 where no anchor was ever copied."""


def read_evidence(connection: Connection) -> Evidence:
    """Return what the last audit found, and how long the oldest anchor has waited for its copy."""
    row = connection.execute(_EVIDENCE).mappings().one()
    return Evidence.model_validate({name: value for name, value in row.items() if value is not None})


_EVIDENCE = text(
    "WITH last AS (SELECT jsonb_array_length(broken) AS broken, ended_at FROM audit ORDER BY id DESC LIMIT 1),"
    " waiting AS (SELECT min(stamped_at) AS since FROM anchor a WHERE EXISTS (SELECT FROM anchor_copy)"
    "   AND NOT EXISTS (SELECT FROM anchor_copy c WHERE c.number = a.number))"
    " SELECT (SELECT broken FROM last) AS broken,"
    " (SELECT extract(epoch FROM statement_timestamp() - ended_at)::double precision FROM last) AS age,"
    " (SELECT extract(epoch FROM statement_timestamp() - since)::double precision FROM waiting) AS uncopied"
)

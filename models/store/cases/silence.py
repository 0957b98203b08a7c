"""Silence is established here: every acceptance that is due, in one statement, by compare-and-set.

All requests received on one day fall due at the same instant, but the engine wakes their processes one by
one: the first to run records every acceptance that is due, and the others find theirs recorded. `t` is read
once, under the advisory lock. A case waits for the transaction that locks its own row (a notification, for
instance) and then reads the row again, so that exactly one of the two succeeds. Other locked rows are left to
their own processes, because a transaction that hangs must not delay every silence.
"""

from datetime import datetime

from sqlalchemy import Connection, Row, text

from models.messages.case import AlreadySettled, Established, NotDue, SilenceOutcome
from models.store.cases.requests import get, get_last_receipt
from models.store.database import case_now

LOCK = 5122_4
"""Advisory lock of the silence statement."""


def establish(connection: Connection, reference: str) -> SilenceOutcome:
    """Establish every silence that is due, this case's among them, and return the outcome of this case."""
    outcome = find_outcome(connection, reference)
    if not isinstance(outcome, NotDue) or outcome.deadline_at is None or outcome.seconds_left > 0:
        return outcome
    get(connection, reference, hold=True)
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    established = _establish_due(connection).get(reference)
    if established is None:
        return find_outcome(connection, reference)
    void = find_void_decision(connection, reference)
    return Established(effect_at=established.effect_at, recorded_at=established.recorded_at, void=void)


def find_outcome(connection: Connection, reference: str) -> SilenceOutcome:
    """Return the outcome of a case; changes nothing."""
    request = get(connection, reference)
    if request.outcome is not None and request.effect_at is not None:
        void = find_void_decision(connection, reference)
        return AlreadySettled(outcome=request.outcome, effect_at=request.effect_at, void=void)
    receipt = get_last_receipt(connection, reference)
    if request.deadline_at is None:
        return NotDue(deadline_at=None, seconds_left=0, receipt=receipt)
    left = (request.deadline_at - case_now(connection, reference)).total_seconds()
    return NotDue(deadline_at=request.deadline_at, seconds_left=max(left, 0), receipt=receipt)


def _establish_due(connection: Connection) -> dict[str, Row[tuple[str, datetime, datetime]]]:
    # An array, not a join: the planner expects most rows to be due and would read the whole table for one case.
    rows = connection.execute(
        text(
            "WITH now AS MATERIALIZED (SELECT clock_timestamp() AS t),"
            " due AS (SELECT reference FROM request, now WHERE outcome IS NULL AND due_at <= now.t"
            "   FOR UPDATE OF request SKIP LOCKED)"
            " UPDATE request SET outcome = 'tacit', effect_at = deadline_at,"
            "   recorded_at = clock_timestamp() + clock_offset"
            " WHERE reference = ANY(ARRAY(SELECT reference FROM due))"
            " RETURNING request.reference, effect_at, recorded_at"
        )
    ).all()
    established = {row.reference: row for row in rows}
    for statement in (APPEND_EVENTS, VOID_DECISIONS, VOID_COMPLETIONS):
        connection.execute(statement, {"references": list(established)})
    return established


APPEND_EVENTS = text(
    "SELECT append_event(reference, 'authorization_tacitly_granted', effect_at, recorded_at, 'system', NULL, '{}')"
    " FROM request WHERE reference = ANY(:references) ORDER BY reference"
)
VOID_DECISIONS = text(
    "WITH void AS (UPDATE decision d SET state = 'void', voided_at = r.recorded_at FROM request r"
    "   WHERE r.reference = d.reference AND d.state IN ('registered', 'signed')"
    "   AND d.reference = ANY(:references) RETURNING d.reference, d.id, d.voided_at)"
    " SELECT append_event(reference, 'decision_voided', voided_at, voided_at, 'system', NULL,"
    "   jsonb_build_object('decision', id)) FROM void"
)
VOID_COMPLETIONS = text(
    "WITH void AS (UPDATE completion c SET state = 'void', ended_at = r.recorded_at FROM request r"
    "   WHERE r.reference = c.reference AND c.state = 'registered'"
    "   AND c.reference = ANY(:references) RETURNING c.reference, c.id, c.ended_at)"
    " SELECT append_event(reference, 'completion_request_voided', ended_at, ended_at, 'system', NULL,"
    "   jsonb_build_object('completion', id)) FROM void"
)
"""What was registered in time but not notified in time has no effect (R. 5122-4)."""


def find_void_decision(connection: Connection, reference: str) -> str | None:
    """Return the id of the last void decision of a case, which silence overtook, or None."""
    decision: str | None = connection.execute(
        text("SELECT id FROM decision WHERE reference = :r AND state = 'void' ORDER BY registered_at DESC LIMIT 1"),
        {"r": reference},
    ).scalar()
    return decision

"""Silence is established here: every acceptance that is due, in one statement, by compare-and-set.

All requests received on one day fall due at one instant, and the engine wakes their processes one after the other;
so whoever comes first records every acceptance that is due, and the others find it standing. Under the advisory
lock `t` is read once. A row that a notification holds is waited for and read again: PostgreSQL re-checks the
condition on the committed row, so exactly one of notification and silence succeeds.
"""

from datetime import datetime

from sqlalchemy import Connection, text

from models.authorization import Established, NotDue, Silence, Standing
from models.store import events
from models.store.register import case_now
from models.store.requests import get, last_receipt

LOCK = 5122_4
"""Advisory lock of the silence statement."""


def establish(connection: Connection, reference: str) -> Silence:
    """Establish every silence that is due, this case's among them, and say how this case stands."""
    standing = look(connection, reference)
    if not isinstance(standing, NotDue) or standing.deadline_at is None or standing.seconds_left > 0:
        return standing
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    born = _establish_due(connection)
    return born.get(reference) or look(connection, reference)


def look(connection: Connection, reference: str) -> Silence:
    """Say how a case stands, changing nothing."""
    request = get(connection, reference)
    if request.outcome is not None and request.effect_at is not None:
        void = void_decision(connection, reference)
        return Standing(outcome=request.outcome, effect_at=request.effect_at, void=void)
    receipt = last_receipt(connection, reference)
    if request.deadline_at is None:
        return NotDue(deadline_at=None, seconds_left=0, receipt=receipt)
    left = (request.deadline_at - case_now(connection, reference)).total_seconds()
    return NotDue(deadline_at=request.deadline_at, seconds_left=max(left, 0), receipt=receipt)


def _establish_due(connection: Connection) -> dict[str, Established]:
    rows = connection.execute(
        text(
            "WITH now AS MATERIALIZED (SELECT clock_timestamp() AS t),"
            " due AS (SELECT reference FROM request, now WHERE outcome IS NULL AND due_at <= now.t"
            "   ORDER BY reference FOR UPDATE OF request)"
            " UPDATE request SET outcome = 'tacit', effect_at = deadline_at,"
            "   recorded_at = clock_timestamp() + clock_offset"
            " FROM due WHERE request.reference = due.reference"
            " RETURNING request.reference, effect_at, recorded_at"
        )
    ).all()
    _void_unnotified(connection, [row.reference for row in rows])
    return {row.reference: _record(connection, row.reference, row.effect_at, row.recorded_at) for row in rows}


def _void_unnotified(connection: Connection, references: list[str]) -> None:
    """What was registered in time but not notified in time has no effect (R. 5122-4)."""
    for table, ended in (("decision", "voided_at"), ("completion", "ended_at")):
        connection.execute(
            text(
                f"UPDATE {table} SET state = 'void', {ended} = clock_timestamp() + r.clock_offset"  # noqa: S608
                f" FROM request r WHERE r.reference = {table}.reference"
                f" AND {table}.state IN ('registered', 'signed') AND r.reference = ANY(:references)"
            ),
            {"references": references},
        )


def _record(
    connection: Connection, reference: str, effect_at: datetime, recorded_at: datetime
) -> Established:
    events.append(connection, reference, "authorization_tacitly_granted", effect_at, recorded_at=recorded_at)
    void = void_decision(connection, reference)
    if void:
        events.append(connection, reference, "decision_voided", recorded_at, decision=void)
    return Established(effect_at=effect_at, recorded_at=recorded_at, void=void)


def void_decision(connection: Connection, reference: str) -> str | None:
    """Return the decision of this case that silence overtook, if there is one."""
    found: str | None = connection.execute(
        text(
            "SELECT id FROM decision WHERE reference = :r AND state = 'void' ORDER BY registered_at DESC LIMIT 1"
        ),
        {"r": reference},
    ).scalar()
    return found

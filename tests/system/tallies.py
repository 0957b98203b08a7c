"""Counts of what the register holds after a campaign, for the reader of its report."""

from collections.abc import Mapping
from typing import Final, LiteralString

import psycopg

COUNTS: Final[Mapping[str, LiteralString]] = {
    "granted": "SELECT count(*) FROM request WHERE outcome = 'granted'",
    "granted in part": "SELECT count(*) FROM decision WHERE state = 'notified' AND partial",
    "refused": "SELECT count(*) FROM request WHERE outcome = 'refused'",
    "tacit": "SELECT count(*) FROM request WHERE outcome = 'tacit'",
    "tacit after two days": (
        "SELECT count(*) FROM receipt JOIN request USING (reference) WHERE outcome = 'tacit' AND rule = '2_days'"
    ),
    "tacit after 48 hours": (
        "SELECT count(*) FROM receipt JOIN request USING (reference) WHERE outcome = 'tacit' AND rule = '48_hours'"
    ),
    "desisted": "SELECT count(*) FROM request WHERE outcome = 'desisted'",
    "decisions void": "SELECT count(*) FROM decision WHERE state = 'void'",
    "requests for pieces fulfilled": "SELECT count(*) FROM completion WHERE state = 'fulfilled'",
    "requests for pieces cancelled": "SELECT count(*) FROM completion WHERE state = 'cancelled'",
    "requests for pieces void": "SELECT count(*) FROM completion WHERE state = 'void'",
    "drafts filed": "SELECT count(*) FROM draft WHERE status = 'filed'",
    "drafts lapsed": "SELECT count(*) FROM draft WHERE status = 'lapsed'",
    "enrolments activated": "SELECT count(*) FROM enrolment WHERE status = 'activated'",
    "amendments": "SELECT count(*) FROM request WHERE amends IS NOT NULL",
    "claims": "SELECT count(*) FROM claim WHERE version IS NOT NULL",
    "claims of a file": "SELECT count(*) FROM upload WHERE state = 'submitted'",
    "claims accepted": "SELECT count(*) FROM claim WHERE state = 'accepted'",
    "claims rejected by the agency": "SELECT count(*) FROM claim WHERE state = 'rejected'",
    "claims refused": "SELECT count(*) FROM claim WHERE state = 'refused'",
    "claims replaced": "SELECT count(*) FROM claim WHERE state = 'replaced'",
    "claims cancelled": "SELECT count(*) FROM claim WHERE state = 'void'",
    "claims held": "SELECT count(*) FROM claim WHERE state = 'held'",
    "visas by instruction": "SELECT count(*) FROM visa WHERE instruction_id IS NOT NULL",
    "visas lapsed": "SELECT count(*) FROM visa WHERE lapsed_at IS NOT NULL",
    "contradictory answers": "SELECT count(*) FROM agency_answer WHERE NOT binding",
    "files of answers": "SELECT count(*) FROM agency_file",
    "freezes": "SELECT count(*) FROM event WHERE type = 'agency_frozen' AND subject = 'claims'",
    "documents": "SELECT count(*) FROM document",
    "events": "SELECT count(*) FROM event",
    "incidents opened and closed": "SELECT count(*) FROM incident WHERE closed_at IS NOT NULL",
    "files deposited": "SELECT count(*) FROM deposit",
    "rows deposited": "SELECT count(*) FROM deposit_row",
    "notices": "SELECT count(*) FROM notice",
}
LATENESS: Final = (
    "SELECT percentile_cont(ARRAY[0.5, 0.99, 1]) WITHIN GROUP (ORDER BY extract(epoch FROM recorded_at - effect_at))"
    " FROM request WHERE outcome = 'tacit'"
)


def counted(session: psycopg.Connection) -> dict[str, int]:
    """Return each count under its name."""
    found = {name: session.execute(statement).fetchone() for name, statement in COUNTS.items()}
    return {name: int(row[0]) for name, row in found.items() if row is not None}


def lateness(session: psycopg.Connection) -> dict[str, float]:
    """Return the seconds from effect to record of silences: median, 99th percentile, maximum."""
    row = session.execute(LATENESS).fetchone()
    found = row[0] if row and row[0] else (0.0, 0.0, 0.0)
    return dict(zip(("p50", "p99", "max"), map(float, found), strict=True))

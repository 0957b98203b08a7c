"""Selects of the cases and drafts that must have a live process, and of the messages owed to a restarted one.

`models.store.operations.expected_processes` runs them and describes their columns.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, text

EXPECTED_CASES: Final = (
    "SELECT reference AS subject, closed_at IS NULL AS is_open, status, outcome, deadline_at,"
    " status = 'under_review' AS counts_down,"
    " outcome IS NULL AND coalesce(due_at < clock_timestamp() - interval '1 minute', false) AS late FROM request"
)
EXPECTED_DRAFTS: Final = (
    "SELECT id::text AS subject, status = 'draft' AS is_open, status, NULL::text AS outcome,"
    " accepted_until AS deadline_at, true AS counts_down, false AS late FROM draft"
)
OWED_BY_CASES: Final = (
    "SELECT reference AS of_subject, rank, kind, subject, undone FROM ("
    " SELECT 1 AS rank, reference, 'decide' AS kind, id AS subject, true AS undone FROM decision"
    "   WHERE state IN ('registered', 'signed')"
    " UNION ALL SELECT 2, reference, 'request_completion', id, state = 'registered' FROM completion"
    "   WHERE state IN ('registered', 'notified')"
    " UNION ALL SELECT 3, reference, 'complete', version::text, true FROM receipt c WHERE NOT EXISTS"
    "   (SELECT FROM document d WHERE d.reference = c.reference AND published_at IS NOT NULL"
    "   AND CASE version WHEN 1 THEN kind = 'receipt'"
    "     ELSE kind = 'completion_receipt' AND subject = 'reception/' || version END)"
    " UNION ALL SELECT 4, reference, 'supply_opinion', '', false FROM opinion WHERE version > 1 GROUP BY reference"
    " UNION ALL SELECT 5, reference, 'change_account', number, true FROM bank_change b WHERE NOT EXISTS"
    "   (SELECT FROM document d WHERE d.reference = b.reference AND d.subject = 'bank/' || number)"
    " UNION ALL SELECT 6, reference, 'change_account', number || '/' || decision_id, true FROM bank_change"
    "   WHERE state = 'decided'"
    ") owed JOIN request USING (reference) WHERE closed_at IS NULL"
)
# Three digits, four letters, the number, perhaps that of an amendment: as `series.next_reference` writes them.
_RESERVE = (
    "UPDATE {} e SET requests = greatest(requests, lost.number) FROM"
    " (SELECT left(reference, 7) AS prefix, max(substr(reference, 8, 2)::smallint) AS number"
    "   FROM unnest(CAST(:references AS text[])) reference GROUP BY 1) lost"
    " WHERE lpad(e.department, 3, '0') || e.letters = lost.prefix AND requests < lost.number"
)
RESERVE = tuple(text(_RESERVE.format(place)) for place in ("establishment", "stated_place"))
RESERVE_SERIES = text(
    "INSERT INTO series (department, letters) SELECT DISTINCT"
    " CASE WHEN reference LIKE '0%' THEN substr(reference, 2, 2) ELSE left(reference, 3) END, substr(reference, 4, 4)"
    " FROM unnest(CAST(:references AS text[])) reference ON CONFLICT DO NOTHING"
)
RESERVE_AMENDMENTS = text(
    "UPDATE request r SET amendments = greatest(r.amendments, lost.number) FROM"
    " (SELECT left(reference, 9) AS amends, max(substr(reference, 10)::smallint) AS number"
    "   FROM unnest(CAST(:references AS text[])) reference WHERE length(reference) > 9 GROUP BY 1) lost"
    " WHERE r.reference = lost.amends AND r.amendments < lost.number"
)


def reserve_references(connection: Connection, references: Iterable[str]) -> None:
    """Make sure that these references, already on receipts, are not reused after the register lost their cases."""
    found = {"references": list(references)}
    for statement in RESERVE:
        connection.execute(statement, found)
    connection.execute(RESERVE_SERIES, found)
    connection.execute(RESERVE_AMENDMENTS, found)

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
    ") owed JOIN request USING (reference) WHERE closed_at IS NULL"
)
# Three digits, four letters, the number: as `requests.next_reference` writes them.
RESERVE = text(
    "UPDATE establishment e SET requests = greatest(requests, lost.number) FROM"
    " (SELECT left(reference, 7) AS prefix, max(right(reference, 2)::smallint) AS number"
    "   FROM unnest(CAST(:references AS text[])) reference GROUP BY 1) lost"
    " WHERE lpad(e.department, 3, '0') || e.letters = lost.prefix AND requests < lost.number"
)


def reserve_references(connection: Connection, references: Iterable[str]) -> None:
    """Make sure that these references, already on receipts, are not reused after the register lost their cases."""
    connection.execute(RESERVE, {"references": list(references)})

"""Files written to the paying agency: marks the file as written and its cases and claims as handed over."""

from sqlalchemy import Connection, text, update

from models.claim_labels import ClaimState
from models.store.claims import records, steps
from models.store.schema.journal import deposit


class NotSigned(ValueError):
    """A claim left the state `signed` while it was in a file: none of our programs does that."""


def mark_written(connection: Connection, deposit_uuid: str) -> None:
    """Mark a file as written in the agency's folder, and each of its cases or claims as handed over, once."""
    first = connection.execute(
        update(deposit)
        .where(deposit.c.id == deposit_uuid, deposit.c.written_at.is_(None))
        .values(written_at=text("clock_timestamp()"))
        .returning(deposit.c.name)
    ).scalar()
    if first is None:
        return
    for statement in (_HOLD_CASES, _APPEND_EVENTS):
        connection.execute(statement, {"deposit": deposit_uuid, "name": first})
    _hand_claims_over(connection, deposit_uuid, first)


def _hand_claims_over(connection: Connection, deposit_uuid: str, name: str) -> None:
    """Lead each claim of a file to its hand-over, under locks taken in the order of an admission."""
    lines = {row.claim_id: str(row.line) for row in connection.execute(_CLAIMS, {"deposit": deposit_uuid})}
    for claim in records.hold_all(connection, lines):
        if not steps.take(connection, claim.id, ClaimState.HANDED, deposit=name, line=lines[claim.id]):
            raise NotSigned(claim.id)


_HOLD_CASES = text(
    "SELECT 1 FROM request WHERE reference IN (SELECT reference FROM deposit_row"
    " WHERE deposit_id = CAST(:deposit AS uuid) AND claim_id IS NULL) ORDER BY reference FOR UPDATE"
)
"""Locked before any event is appended: two events of a case must not take the same number."""
_APPEND_EVENTS = text(
    "WITH handed_over AS MATERIALIZED (SELECT w.reference, w.line, clock_timestamp() + r.clock_offset AS at,"
    "   CASE d.kind WHEN 'bank_change_decision' THEN 'bank_change_handed_to_asp' ELSE 'handed_to_asp' END AS type"
    "   FROM deposit_row w JOIN request r ON r.reference = w.reference JOIN document d ON d.id = w.document_id"
    "   WHERE w.deposit_id = CAST(:deposit AS uuid) AND w.claim_id IS NULL ORDER BY w.line)"
    " SELECT append_event(reference, type, at, at, 'system', NULL,"
    "   jsonb_build_object('deposit', CAST(:name AS text), 'line', line::text)) FROM handed_over"
)
_CLAIMS = text(
    "SELECT claim_id::text AS claim_id, line FROM deposit_row"
    " WHERE deposit_id = CAST(:deposit AS uuid) AND claim_id IS NOT NULL"
)

"""Files written to the paying agency: marks the file as written and its cases as handed over."""

from sqlalchemy import Connection, text, update

from models.store.schema.journal import deposit


def mark_written(connection: Connection, deposit_uuid: str) -> None:
    """Mark a file as written in the agency's folder, and each of its cases as handed over, once."""
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


_HOLD_CASES = text(
    "SELECT 1 FROM request WHERE reference IN"
    " (SELECT reference FROM deposit_row WHERE deposit_id = CAST(:deposit AS uuid)) ORDER BY reference FOR UPDATE"
)
"""Locked before any event is appended: two events of a case must not take the same number."""
_APPEND_EVENTS = text(
    "WITH handed_over AS MATERIALIZED (SELECT w.reference, w.line, clock_timestamp() + r.clock_offset AS at"
    "   FROM deposit_row w JOIN request r ON r.reference = w.reference"
    "   WHERE w.deposit_id = CAST(:deposit AS uuid) ORDER BY w.line)"
    " SELECT append_event(reference, 'handed_to_asp', at, at, 'system', NULL,"
    "   jsonb_build_object('deposit', CAST(:name AS text), 'line', line::text)) FROM handed_over"
)

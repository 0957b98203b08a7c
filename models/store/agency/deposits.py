"""Deposits with the paying agency: rows to hand over, files reserved before they are sent.

A file's name, rows and bytes are written here before the put: a crash leads to the same file again, never to a
second one.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from law.grounds import Ground
from models.engine.names import deposit_id
from models.errors import Unknown
from models.identifiers import Instant, Message
from models.messages.deposit import Deposit
from models.store.cases import documents
from models.store.cases.requests import get
from models.store.journal import outbox
from models.store.schema.journal import deposit, deposit_row

AUTHORIZATIONS = "authorizations"
"""Channel of authorizations; amendments and claims will have their own."""


class Row(Message):
    """One authorization as the agency receives it."""

    key: str
    reference: str
    number: str
    siret: str
    tacit: bool
    effect_at: Instant
    start_on: str
    end_on: str
    employees: int
    hours: Decimal
    ground: Ground
    iban: str
    holder: str
    sha256: str
    """Digest of the signed PDF (decision or attestation)."""


def hand_over(connection: Connection, reference: str) -> None:
    """Put an authorization in its channel, once; wakes the channel's process."""
    asked = get(connection, reference, hold=True)
    kind = "attestation" if asked.outcome == "tacit" else "grant"
    published = documents.list_of(connection, reference, published_only=True)
    signed = next((each for each in published if each.kind in _KINDS[kind]), None)
    if signed is None:
        raise Unknown(kind)
    key = sha256(f"authorization|{asked.siret}|{signed.number}|1".encode()).hexdigest()
    row = {"key": key, "channel": AUTHORIZATIONS, "reference": reference, "document_id": signed.id}
    added = connection.execute(
        insert(deposit_row).values(row).on_conflict_do_nothing().returning(deposit_row.c.key)
    ).scalar()
    if added:
        outbox.enqueue(connection, deposit_id(AUTHORIZATIONS), "deposit")


_KINDS = {"attestation": ("attestation",), "grant": ("grant", "partial_grant")}


def hold_channel(connection: Connection, channel: str) -> None:
    """Hold a channel until the end of the transaction: its files are reserved one after the other."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:c))"), {"c": deposit_id(channel)})


def reserved(connection: Connection, channel: str) -> Deposit | None:
    """Return the oldest file that is reserved and not written yet."""
    row = connection.execute(
        select(
            deposit.c.id,
            deposit.c.name,
            deposit.c.sha256,
            select(func.count())
            .where(deposit_row.c.deposit_id == deposit.c.id)
            .scalar_subquery()
            .label("rows"),
        )
        .where(deposit.c.channel == channel, deposit.c.written_at.is_(None))
        .order_by(deposit.c.reserved_at)
        .limit(1)
    ).first()
    return Deposit(id=row.id, name=row.name, sha256=row.sha256, rows=row.rows) if row else None


def ready(connection: Connection, channel: str, limit: int) -> list[Row]:
    """Return the oldest rows that no file holds yet, held until the end of the transaction."""
    rows = connection.execute(
        text(
            "SELECT w.key, w.reference, doc.number, doc.sha256, r.siret, r.outcome = 'tacit' AS tacit, r.effect_at,"
            " r.ground, coalesce(d.start_on, r.start_on)::text AS start_on, coalesce(d.end_on, r.end_on)::text"
            " AS end_on, coalesce(d.employees, r.employees) AS employees, coalesce(d.hours, r.hours) AS hours,"
            " n.iban, n.holder"
            " FROM deposit_row w JOIN document doc ON doc.id = w.document_id"
            " JOIN request r ON r.reference = w.reference JOIN nominal n ON n.reference = w.reference"
            " LEFT JOIN decision d ON d.reference = w.reference AND d.state = 'notified'"
            " WHERE w.channel = :channel AND w.deposit_id IS NULL"
            " ORDER BY w.created_at, w.key LIMIT :limit FOR UPDATE OF w"
        ),
        {"channel": channel, "limit": limit},
    )
    return [Row.model_validate(dict(row)) for row in rows.mappings()]


def reserve(
    connection: Connection, channel: str, name: Callable[[datetime], str], content: bytes, rows: Sequence[Row]
) -> Deposit:
    """Reserve a file: its name from the first second that no file has, its bytes, and the line of each row."""
    second = _free_second(connection, channel)
    digest = sha256(content).hexdigest()
    values = {"channel": channel, "name": name(second), "bytes": content, "sha256": digest}
    created: str = connection.execute(
        deposit.insert().values(values | {"reserved_at": second}).returning(deposit.c.id)
    ).scalar_one()
    connection.execute(PLACE, {"created": created, "keys": [row.key for row in rows]})
    return Deposit(id=created, name=name(second), rows=len(rows), sha256=digest)


PLACE = text(
    "UPDATE deposit_row w SET deposit_id = CAST(:created AS uuid), line = placed.line"
    " FROM unnest(CAST(:keys AS text[])) WITH ORDINALITY AS placed (key, line) WHERE w.key = placed.key"
)


def _free_second(connection: Connection, channel: str) -> datetime:
    """The agency names a file by its second: one file a second at most."""
    second: datetime = connection.execute(
        text(
            "SELECT greatest(date_trunc('second', clock_timestamp()),"
            " (SELECT max(reserved_at) FROM deposit WHERE channel = :c) + interval '1 second')"
        ),
        {"c": channel},
    ).scalar_one()
    return second


def content(connection: Connection, deposit_uuid: str) -> bytes:
    """Return the reserved bytes of a file."""
    kept: bytes = connection.execute(select(deposit.c.bytes).where(deposit.c.id == deposit_uuid)).scalar_one()
    return kept


def written(connection: Connection, deposit_uuid: str) -> None:
    """Mark a file as written in the agency's folder, and each of its cases as handed over, once."""
    first = connection.execute(
        update(deposit)
        .where(deposit.c.id == deposit_uuid, deposit.c.written_at.is_(None))
        .values(written_at=text("clock_timestamp()"))
        .returning(deposit.c.name)
    ).scalar()
    if first is None:
        return
    for statement in (HOLD, TELL):
        connection.execute(statement, {"deposit": deposit_uuid, "name": first})


HOLD = text(
    "SELECT 1 FROM request WHERE reference IN"
    " (SELECT reference FROM deposit_row WHERE deposit_id = CAST(:deposit AS uuid)) ORDER BY reference FOR UPDATE"
)
"""Held before anything is told of them: two events of a case must not take one number."""
TELL = text(
    "WITH told AS MATERIALIZED (SELECT w.reference, w.line, clock_timestamp() + r.clock_offset AS at"
    "   FROM deposit_row w JOIN request r ON r.reference = w.reference"
    "   WHERE w.deposit_id = CAST(:deposit AS uuid) ORDER BY w.line)"
    " SELECT append_event(reference, 'handed_to_asp', at, at, 'system', NULL,"
    "   jsonb_build_object('deposit', CAST(:name AS text), 'line', line::text)) FROM told"
)

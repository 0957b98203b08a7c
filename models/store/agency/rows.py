"""Rows for the paying agency: queued once in their channel, then assigned to a file when one is reserved."""

from decimal import Decimal
from hashlib import sha256

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from law.grounds import Ground
from models.engine.names import deposit_id
from models.errors import Unknown
from models.identifiers import Instant, Message
from models.labels import DocumentKind, Outcome
from models.store.agency.channels import AUTHORIZATIONS
from models.store.cases import documents, requests
from models.store.journal import outbox
from models.store.schema.journal import deposit_row


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
    """Queue an authorization in its channel, once, and wake the channel's process; raises `Unknown`."""
    case = requests.get(connection, reference, hold=True)
    kinds = _SIGNED_BY_SILENCE if case.outcome is Outcome.TACIT else _SIGNED_BY_DECISION
    published = documents.list_of(connection, reference, published_only=True)
    signed = next((each for each in published if each.kind in kinds), None)
    if signed is None:
        raise Unknown(kinds[0])
    key = sha256(f"authorization|{case.siret}|{signed.number}|1".encode()).hexdigest()
    row = {"key": key, "channel": AUTHORIZATIONS, "reference": reference, "document_id": signed.id}
    added = connection.execute(
        insert(deposit_row).values(row).on_conflict_do_nothing().returning(deposit_row.c.key)
    ).scalar()
    if added:
        outbox.enqueue(connection, deposit_id(AUTHORIZATIONS), "deposit")


_SIGNED_BY_SILENCE = (DocumentKind.ATTESTATION,)
_SIGNED_BY_DECISION = (DocumentKind.GRANT, DocumentKind.PARTIAL_GRANT)


def list_ready(connection: Connection, channel: str, limit: int) -> list[Row]:
    """Return the oldest rows that are in no file yet, locked until the end of the transaction."""
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

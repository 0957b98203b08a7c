"""Rows for the paying agency: queued once in their channel, then assigned to a file when one is reserved."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from law.grounds import Ground
from models.engine.names import deposit_id
from models.errors import Unknown
from models.identifiers import Instant, Message, authorization_of
from models.labels import DocumentKind, HoldReason, Outcome
from models.store.agency.channels import AMENDMENTS, AUTHORIZATIONS
from models.store.cases import authority_holds, documents, holders, holds, limits, requests, second_looks
from models.store.cases.granted import notified_of, terms_of
from models.store.journal import facts, outbox
from models.store.journal.facts import Changed
from models.store.schema.journal import deposit_row


class Row(Message):
    """One authorization as the agency receives it."""

    key: str
    reference: str
    number: str
    siret: str
    tacit: bool
    effect_at: Instant
    start_on: date
    end_on: date
    employees: int
    hours: Decimal
    ground: Ground
    iban: str
    holder: str
    sha256: str
    """Digest of the signed PDF (decision or attestation)."""


def hand_over(connection: Connection, reference: str) -> list[HoldReason]:
    """Queue an authorization in its channel, once, and wake the channel's process; raises `Unknown`.

    Nothing is queued while something holds the case: returns the reasons, whoever filed it unproven among them.
    """
    authority_holds.hold_if_unproven(connection, reference, requests.get(connection, reference).siret)
    second_looks.hold_if_alone(connection, reference)
    limits.hold_for_review(connection, reference)
    holders.hold_if_unreadable(connection, reference)
    case = requests.get(connection, reference, hold=True)
    if held := holds.list_standing(connection, reference):
        return [each.reason for each in held]
    kinds = _SIGNED_BY_SILENCE if case.outcome is Outcome.TACIT else _SIGNED_BY_DECISION
    published = documents.list_of(connection, reference, published_only=True)
    signed = next((each for each in published if each.kind in kinds), None)
    if signed is None:
        raise Unknown(kinds[0])
    key = sha256(f"authorization|{case.siret}|{signed.number}|1".encode()).hexdigest()
    channel = AMENDMENTS if case.amends else AUTHORIZATIONS
    row = {"key": key, "channel": channel, "reference": reference, "document_id": signed.id}
    added = connection.execute(
        insert(deposit_row).values(row).on_conflict_do_nothing().returning(deposit_row.c.key)
    ).scalar()
    if added:
        outbox.enqueue(connection, deposit_id(channel), "deposit")
    return []


_SIGNED_BY_SILENCE = (DocumentKind.ATTESTATION,)
_SIGNED_BY_DECISION = (DocumentKind.GRANT, DocumentKind.PARTIAL_GRANT)


def hold_changed(connection: Connection, waiting: Sequence[Row]) -> list[Changed]:
    """Hold each of these cases whose rows are no longer those of its events, and return these cases.

    Money must not leave to an account that changed behind our back; nor, of cases queued before this was asked,
    to a holder whom nobody can read, or on one agent's word.
    """
    for reference in [each.reference for each in waiting]:
        holders.hold_if_unreadable(connection, reference)
        second_looks.hold_if_alone(connection, reference)
    changed = _list_changed(connection, waiting)
    for each in changed:
        holds.hold(connection, each.subject, HoldReason.EVIDENCE)
    return changed


def _list_changed(connection: Connection, rows: Sequence[Row]) -> list[Changed]:
    """Return what changed behind our back of these cases; of an amendment, also what changed of its authorization."""
    named = {each.reference for each in rows}
    whole = sorted(named | {authorization_of(each) for each in named})
    found = facts.find_changed(connection, whole)
    told = {each.subject for each in found}
    found += [each for each in facts.find_changed_firms(connection, whole) if each.subject not in told]
    return [each.model_copy(update={"subject": subject}) for each in found for subject in _paid_by(named, each.subject)]


def _paid_by(named: set[str], subject: str) -> list[str]:
    """Return which of some cases a case pays: itself, and its amendments, whose account is its own."""
    return sorted(each for each in named if subject in (each, authorization_of(each)))


def list_ready(connection: Connection, channel: str, limit: int) -> list[Row]:
    """Return the oldest rows that are in no file yet and not held, locked until the end of the transaction."""
    found = connection.execute(_READY, {"channel": channel, "limit": limit})
    return [Row.model_validate(dict(row)) for row in found.mappings()]


def hold_all(connection: Connection, ready: Sequence[Row]) -> None:
    """Lock the authorizations of some rows: nobody may change the account of one that is being put into a file."""
    references = sorted({authorization_of(each.reference) for each in ready})
    connection.execute(_HOLD_AUTHORIZATIONS, {"references": references})


def list_reserved(connection: Connection, deposit_uuid: str) -> list[Row]:
    """Return the rows of a file as the register has them now, in the order of its lines."""
    found = connection.execute(_RESERVED, {"deposit": deposit_uuid})
    return [Row.model_validate(dict(row)) for row in found.mappings()]


def is_unchanged(connection: Connection, reserved: Sequence[Row]) -> bool:
    """Whether the cases of a reserved file, and who may speak for their firms, are still those of their events."""
    return not _list_changed(connection, reserved)


_HOLD_AUTHORIZATIONS = text(
    "SELECT FROM request WHERE reference = ANY(:references) ORDER BY reference FOR NO KEY UPDATE"
)
_ROWS = (
    "SELECT w.key, w.reference, doc.number, doc.sha256, r.siret, r.ground, n.iban, n.holder,"  # noqa: S608
    " doc.kind <> 'bank_change_decision' AND f.outcome = 'tacit' AS tacit,"
    " CASE doc.kind WHEN 'bank_change_decision' THEN doc.published_at ELSE r.effect_at END AS effect_at,"
    f" {terms_of('f')}"
    " FROM deposit_row w JOIN document doc ON doc.id = w.document_id"
    " JOIN request r ON r.reference = w.reference JOIN nominal n ON n.reference = coalesce(r.amends, r.reference)"
    " JOIN request f ON f.reference = CASE doc.kind WHEN 'bank_change_decision' THEN"
    "   (SELECT max(a.reference) FROM request a WHERE a.reference BETWEEN w.reference AND w.reference || '99'"
    "   AND w.reference IN (a.reference, a.amends) AND a.outcome IN ('granted', 'tacit')) ELSE w.reference END"
    f"{notified_of('f')}"
)
"""The account is that of the authorization, as it was changed since; a change of it states the terms in force (`f`)."""
_READY = text(
    f"{_ROWS} WHERE w.channel = :channel AND w.deposit_id IS NULL AND NOT EXISTS"
    " (SELECT FROM hand_over_hold h WHERE h.reference = w.reference AND h.released_at IS NULL)"
    " ORDER BY w.created_at, w.key LIMIT :limit FOR UPDATE OF w"
)
_RESERVED = text(f"{_ROWS} WHERE w.deposit_id = CAST(:deposit AS uuid) ORDER BY w.line")

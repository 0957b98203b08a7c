"""Rows of claims for the paying agency: one a claim, queued once its signed document is published.

A row waits while its case is held. It states the digest of the nominal file that its signed document printed.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from law.calendar import add_months
from models.claim_labels import ClaimState
from models.engine.names import deposit_id
from models.errors import Unknown
from models.identifiers import Message
from models.labels import HoldReason
from models.store.agency.channels import CLAIMS
from models.store.cases import holds, requests
from models.store.claims import entitlements, records
from models.store.journal import claim_facts, facts, outbox
from models.store.journal.claim_grammar import claim_chain, entitlement_chain
from models.store.journal.facts import Changed
from models.store.schema.journal import deposit_row

_ONE_DAY: Final = timedelta(days=1)


class ClaimRow(Message):
    """One claim as the agency receives it: totals and digests; its people are in the nominal file."""

    key: str
    claim_id: str
    reference: str
    number: str
    siret: str
    month: date
    part: int
    version: int
    start_on: date
    end_on: date
    """Period of the authorization."""
    people: int
    hours: Decimal
    allowance_cents: int
    state_cents: int
    unedic_cents: int
    iban: str
    holder: str
    sha256: str
    """Digest of the signed PDF."""
    nominal_sha256: str
    """Digest of the nominal file, which names it."""

    @property
    def first_on(self) -> date:
        """First authorised day of the month."""
        return max(self.month, self.start_on)

    @property
    def last_on(self) -> date:
        """Last authorised day of the month."""
        return min(add_months(self.month, 1) - _ONE_DAY, self.end_on)


def hand_over(connection: Connection, claim_id: str) -> list[HoldReason]:
    """Queue a signed claim in its channel, once, and wake the channel's process; raises `Unknown`.

    Nothing is queued while something holds the case or an accepted amendment: returns the reasons. Nor is a claim
    that is not signed, or not any more. Locks the case before its entitlement, as an admission does.
    """
    reference = records.get(connection, claim_id).reference
    case = requests.get(connection, reference, hold=True)
    records.hold_entitlement(connection, reference)
    claim = records.hold(connection, claim_id)
    if held := holds.list_of_claims(connection, reference):
        return [each.reason for each in held]
    if claim.state is not ClaimState.SIGNED:
        return []
    signed = connection.execute(_SIGNED, {"claim": claim_id}).first()
    if signed is None:
        raise Unknown("claim")
    name = f"claim|{case.siret}|{signed.number}|{claim.month:%Y-%m}|{claim.part}|{claim.version}"
    row = {"key": sha256(name.encode()).hexdigest(), "channel": CLAIMS, "reference": reference}
    row |= {"claim_id": claim_id, "document_id": signed.id}
    added = connection.execute(insert(deposit_row).values(row).on_conflict_do_nothing().returning(deposit_row.c.key))
    if added.scalar():
        outbox.enqueue(connection, deposit_id(CLAIMS), "deposit")
    return []


def list_ready(connection: Connection, limit: int) -> list[ClaimRow]:
    """Return the oldest rows that are in no file yet and not held."""
    found = connection.execute(_READY, {"limit": limit})
    return [ClaimRow.model_validate(dict(row)) for row in found.mappings()]


def hold_all(connection: Connection, rows: Sequence[ClaimRow]) -> None:
    """Lock the claims of some rows: nobody may cancel one that is being put into a file."""
    records.hold_all(connection, [each.claim_id for each in rows])


def list_reserved(connection: Connection, deposit_uuid: str) -> list[ClaimRow]:
    """Return the rows of a file as the register has them now, in the order of its lines."""
    found = connection.execute(_RESERVED, {"deposit": deposit_uuid})
    return [ClaimRow.model_validate(dict(row)) for row in found.mappings()]


def hold_changed(connection: Connection, waiting: Sequence[ClaimRow]) -> list[Changed]:
    """Hold the case of each claim whose rows are no longer those of events; return what changed, by reference."""
    changed = _find_changed(connection, waiting)
    for reference in changed:
        holds.hold(connection, reference, HoldReason.EVIDENCE, claims=True)
    return [each.model_copy(update={"subject": reference}) for reference, each in changed.items()]


def is_unchanged(connection: Connection, reserved: Sequence[ClaimRow]) -> bool:
    """Whether the claims of a file, their cases and who may speak for their firms are those of their events."""
    return not _find_changed(connection, reserved)


def is_stated(connection: Connection, sent: Sequence[ClaimRow]) -> bool:
    """Whether the claims of a file that was sent are those of their events, which state its digest.

    Their case may have changed since by an event, as when its account is another: the file is what was sent.
    """
    return not claim_facts.find_changed_claims(connection, [each.claim_id for each in sent])


def _find_changed(connection: Connection, rows: Sequence[ClaimRow]) -> dict[str, Changed]:
    """Return the first change that is found of each case, by reference."""
    ids = [each.claim_id for each in rows]
    case_of = {claim_chain(each.claim_id): each.reference for each in rows}
    references = sorted({*case_of.values()})
    case_of |= {entitlement_chain(each): each for each in references}
    changed = [
        *claim_facts.find_changed_claims(connection, ids),
        *claim_facts.find_changed_entitlements(connection, references),
        *facts.find_changed(connection, references),
        *facts.find_changed_firms(connection, references),
        *(_other_account(each) for each in references if not entitlements.has_own_account(connection, each)),
        *(_other_people(each) for each in connection.execute(_OTHER_FILE, {"ids": ids}).scalars()),
    ]
    return {case_of.get(each.subject, each.subject): each for each in reversed(changed)}


def _other_account(reference: str) -> Changed:
    """The account of a case is no longer that to which its entitlement was opened."""
    return Changed(subject=reference, keys=("bank_account",), numbers=(0,), stated_in=entitlement_chain(reference))


def _other_people(claim_id: str) -> Changed:
    """The nominal file of a claim is no longer the one that was signed."""
    chain = claim_chain(claim_id)
    return Changed(subject=chain, keys=("nominal",), numbers=(0,), stated_in=chain)


_OTHER_FILE: Final = text(
    "SELECT f.claim_id::text FROM claim_file f JOIN event e ON e.subject = 'claim:' || f.claim_id"
    " AND e.type = 'claim_signed' AND e.data ->> 'nominal' IS DISTINCT FROM f.sha256"
    " WHERE f.claim_id = ANY(CAST(:ids AS uuid[])) ORDER BY f.claim_id"
)
_SIGNED: Final = text(
    "SELECT id::text, number FROM document WHERE claim_id = CAST(:claim AS uuid) AND kind = 'claim'"
    " AND published_at IS NOT NULL ORDER BY signed_at LIMIT 1"
)
_ROWS: Final = (
    "SELECT w.key, w.claim_id::text AS claim_id, w.reference, doc.number, doc.sha256, r.siret, c.month, c.part,"
    " c.version, g.start_on, g.end_on, c.people, c.hours, c.allowance_cents,"
    " c.state_cents, c.unedic_cents, n.iban, n.holder, f.sha256 AS nominal_sha256"
    " FROM deposit_row w JOIN document doc ON doc.id = w.document_id JOIN claim c ON c.id = w.claim_id"
    " JOIN entitlement g ON g.reference = c.reference JOIN request r ON r.reference = w.reference"
    " JOIN nominal n ON n.reference = w.reference JOIN claim_file f ON f.claim_id = w.claim_id"
)
_READY: Final = text(
    f"{_ROWS} WHERE w.channel = '{CLAIMS}' AND w.deposit_id IS NULL AND c.state = 'signed' AND NOT EXISTS"
    f" (SELECT {holds.HOLDS_CLAIMS.format('w.reference')}) ORDER BY w.created_at, w.key LIMIT :limit"
)
_RESERVED: Final = text(f"{_ROWS} WHERE w.deposit_id = CAST(:deposit AS uuid) ORDER BY w.line")

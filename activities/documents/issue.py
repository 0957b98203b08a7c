"""Issues documents, each one once: composed from the register, sealed or signed, stored, published.

Two signatures of the same content differ. A document that the register holds under its business key (case, kind,
subject) is therefore not made again; of two made at the same time the first one stored stands, and only stored
bytes are ever published.
"""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection

from activities.documents.compose import Composer
from activities.documents.contents import Content
from activities.documents.decisions import decision_kind
from activities.documents.descriptor import CaseDocument, ImmediatePublication, SigningPower
from activities.documents.kinds import case_document
from activities.documents.kinds.enrolment_receipt import compose as compose_enrolment_receipt
from activities.documents.render import render
from activities.errors import naming_what_breaks
from activities.signing.acts import DocumentSigner
from activities.signing.signatories import Signatory
from activities.transactions import transactions
from law.calendar import local
from models.document_codes import code_digest, new_code
from models.errors import Conflict
from models.labels import DocumentKind
from models.messages.case import DocumentRef, Ref
from models.store.cases import documents, requests
from models.store.cases.documents import DocumentRecord, Sealed
from models.store.cases.records import CompletionRecord, DecisionRecord
from models.store.claims import proposals
from models.store.claims.proposals import Proposed
from models.store.claims.visas import VisaRecord
from models.store.database import Database, case_now
from models.store.journal import events
from models.store.people import enrolments, notices


class UnsignedDocument(NamedTuple):
    """What a document states, the local instant of its making, and who signs it (None: the seal)."""

    content: Content
    at: datetime
    signatory: Signatory | None = None
    power: SigningPower | None = None
    """By which that person signs."""


class DocumentIssuer:
    """Issues the documents of cases and enrolments with the keys of this installation."""

    def __init__(self, database: Database, signer: DocumentSigner, composer: Composer) -> None:
        self._database = database
        self._signer = signer
        self._composer = composer
        self._transaction = transactions(database)

    def issue(self, kind: DocumentKind, ref: Ref) -> DocumentRef | None:
        """Issue a document of a case about `ref.id`; None when it is no longer due.

        Bytes, publication, event and notices are one transaction.
        """
        with self._transaction() as connection:
            described = case_document(kind)
            key = (ref.reference, kind.value, described.subject_of(ref.id))
            stored = documents.find(connection, *key)
            if stored is None and not described.is_due(connection, ref.id):
                return None
            unsigned = None if stored else self._numbered(connection, described, ref)
        sealed = self._sign(unsigned, key[2], described.owner.claim_id(ref)) if unsigned else None
        with self._transaction() as connection:
            described.owner.hold(connection, ref)
            if unsigned and sealed and _is_still_due(connection, described, ref, unsigned):
                stored = documents.store(connection, sealed)
                _conclude(connection, described, ref, stored, unsigned.content)
            stored = stored or documents.find(connection, *key)
        return _ref(stored) if stored else None

    def issue_enrolment_receipt(self, ref: Ref) -> DocumentRef:
        """Store the receipt with the enrolment, and its event, in one transaction; the first one stored stands."""
        with self._transaction() as connection:
            enrolment = enrolments.get(connection, ref.id)
            unsigned = None
            if enrolment.receipt_sha256 is None:
                at = local(enrolments.now(connection, ref.id), enrolment.department).replace(microsecond=0)
                receipt = compose_enrolment_receipt(self._composer, enrolment, at.date())
                unsigned = UnsignedDocument(receipt.model_copy(update={"code": new_code()}), at)
        sealed = self._sign(unsigned, ref.id) if unsigned else None
        with self._transaction() as connection:
            if sealed:
                enrolments.hold(connection, ref.reference)
                if enrolments.store_receipt(
                    connection,
                    ref.id,
                    sealed.bytes,
                    sealed.sha256,
                    sealed.signed_at,
                    serial=sealed.serial,
                    code_digest=sealed.code_digest,
                ):
                    event, at = "enrolment_receipt_issued", enrolments.now(connection, ref.id)
                    events.append(connection, ref.reference, event, at, enrolment=ref.id, sha256=sealed.sha256)
            digest = enrolments.get(connection, ref.id).receipt_sha256 or ""
        return DocumentRef(id=ref.id, kind=DocumentKind.ENROLMENT_RECEIPT.value, sha256=digest)

    def preview(self, proposed: Proposed) -> tuple[dict[str, object], bytes | None]:
        """Return the conflict that an act would meet, or the document it would be.

        The act is registered as a real one is, composed, and undone.
        """
        with naming_what_breaks(), self._database.trial() as connection:
            try:
                act = proposals.take(connection, proposed)
            except Conflict as conflict:
                return {"slug": conflict.slug, "detail": conflict.detail}, None
            kind, about = _document_of(act)
            ref = Ref(reference=proposed.reference, id=about)
            unsigned = self._compose(connection, case_document(kind), ref)
        with naming_what_breaks():
            return {}, render(unsigned.content, unsigned.at, draft=True)

    def _numbered(self, connection: Connection, described: CaseDocument, ref: Ref) -> UnsignedDocument:
        """Compose a document with its own number and its own code."""
        unsigned = self._compose(connection, described, ref)
        numbered = f"{unsigned.content.number}-{described.series}"
        serial = described.owner.serial(connection, ref, described.kind.value, numbered)
        own = {"serial": serial, "code": new_code()}
        return unsigned._replace(content=unsigned.content.model_copy(update=own))

    def _compose(self, connection: Connection, described: CaseDocument, ref: Ref) -> UnsignedDocument:
        case = self._composer.case_file(connection, ref.reference)
        if described.power is None:
            return UnsignedDocument(described.compose(case, ref.id), case.made_at)
        power = described.power(connection, ref.id)
        day = case.made_at.date()
        signatory = self._signer.signatory(case.department, day, power.certificate, power.decider)
        content = described.compose(replace(case, signatory=signatory), ref.id)
        return UnsignedDocument(content, case.made_at, signatory, power)

    def _sign(self, unsigned: UnsignedDocument, subject: str, claim_id: str | None = None) -> Sealed:
        content, at, signatory, power = unsigned
        with naming_what_breaks():
            signer = self._signer
            if signatory and power:
                signed = signer.sign(content, at, signatory, power.decider)
            else:
                signed = signer.seal(content, at)
        return Sealed(
            reference=content.reference,
            claim_id=claim_id,
            kind=content.kind.value,
            subject=subject,
            number=content.number,
            serial=content.serial,
            code_digest=code_digest(content.code) if content.code else None,
            sha256=sha256(signed).hexdigest(),
            bytes=signed,
            signed_at=at,
        )


def _document_of(act: DecisionRecord | CompletionRecord | VisaRecord) -> tuple[DocumentKind, str]:
    """Return the kind of document that an act of an agent is, and what the document is about."""
    if isinstance(act, DecisionRecord):
        return decision_kind(act), act.id
    if isinstance(act, VisaRecord):
        return DocumentKind.CLAIM_REFUSAL, act.claim_id
    return DocumentKind.COMPLETION_REQUEST, act.id


def _is_still_due(connection: Connection, described: CaseDocument, ref: Ref, unsigned: UnsignedDocument) -> bool:
    """Whether a document is still to be made, and by whoever it was composed for: another may decide meanwhile."""
    if not described.is_due(connection, ref.id):
        return False
    return described.power is None or described.power(connection, ref.id) == unsigned.power


def _conclude(
    connection: Connection, described: CaseDocument, ref: Ref, stored: DocumentRecord, content: Content
) -> None:
    if described.on_stored:
        described.on_stored(connection, ref.id)
    if described.publication and stored.published_at is None:
        _publish(connection, described, described.publication, ref, stored)
        _announce(connection, described, described.publication, ref, content)


def _publish(
    connection: Connection,
    described: CaseDocument,
    publication: ImmediatePublication,
    ref: Ref,
    stored: DocumentRecord,
) -> None:
    at, chain = case_now(connection, ref.reference), described.owner.chain(ref)
    documents.publish(connection, ref.reference, stored.subject, at)
    if publication.event:
        events.append(connection, chain, publication.event, at, document=stored.id, sha256=stored.sha256)
    if publication.step:
        publication.step(connection, ref.id, stored)


def _announce(
    connection: Connection,
    described: CaseDocument,
    publication: ImmediatePublication,
    ref: Ref,
    content: Content,
) -> None:
    data = {"at": content.acceptance_at.isoformat()} if content.acceptance_at else {}
    data |= {"on": content.mailed_day.isoformat()} if content.mailed_day else {}
    data |= publication.said(connection, ref.id) if publication.said else {}
    accounts = publication.recipients(connection, requests.get(connection, ref.reference), ref.id)
    process, kind = described.owner.process(connection, ref), described.kind.value
    notices.announce(connection, process, kind, f"{kind}-{described.subject_of(ref.id)}", *accounts, **data)


def _ref(stored: DocumentRecord) -> DocumentRef:
    return DocumentRef(id=stored.id, kind=stored.kind, sha256=stored.sha256)

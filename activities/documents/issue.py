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
from activities.documents.descriptor import CaseDocument, ImmediatePublication
from activities.documents.kinds import case_document
from activities.documents.kinds.enrolment_receipt import compose as compose_enrolment_receipt
from activities.documents.render import render
from activities.errors import naming_what_breaks
from activities.signing.acts import DocumentSigner
from activities.signing.signatories import Signatory
from activities.transactions import transactions
from law.calendar import local
from models.engine.names import authorization_id
from models.errors import Conflict
from models.labels import DocumentKind
from models.messages.case import DocumentRef, Ref
from models.store.cases import decisions, documents, requests
from models.store.cases.decisions import Proposal
from models.store.cases.documents import DocumentRecord, Sealed
from models.store.database import Database, case_now
from models.store.journal import events
from models.store.people import enrolments, notices


class UnsignedDocument(NamedTuple):
    """What a document states, the local instant of its making, and who signs it (None: the seal)."""

    content: Content
    at: datetime
    signatory: Signatory | None = None


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
            unsigned = None if stored else self._compose(connection, described, ref)
        sealed = self._sign(unsigned, key[2]) if unsigned else None
        with self._transaction() as connection:
            requests.get(connection, ref.reference, hold=True)
            if unsigned and sealed and described.is_due(connection, ref.id):
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
                unsigned = UnsignedDocument(compose_enrolment_receipt(self._composer, enrolment, at.date()), at)
        sealed = self._sign(unsigned, ref.id) if unsigned else None
        with self._transaction() as connection:
            if sealed:
                enrolments.hold(connection, ref.reference)
                if enrolments.store_receipt(connection, ref.id, sealed.bytes, sealed.sha256, sealed.signed_at):
                    event, at = "enrolment_receipt_issued", enrolments.now(connection, ref.id)
                    events.append(connection, ref.reference, event, at, enrolment=ref.id, sha256=sealed.sha256)
            digest = enrolments.get(connection, ref.id).receipt_sha256 or ""
        return DocumentRef(id=ref.id, kind=DocumentKind.ENROLMENT_RECEIPT.value, sha256=digest)

    def preview(self, proposal: Proposal) -> tuple[dict[str, object], bytes | None]:
        """Return the conflict that a decision would meet, or the page it would be.

        The decision is registered as a real one is, composed, and undone.
        """
        with naming_what_breaks(), self._database.trial() as connection:
            try:
                decision = decisions.take(connection, proposal)
            except Conflict as conflict:
                return {"slug": conflict.slug, "detail": conflict.detail}, None
            ref = Ref(reference=decision.reference, id=decision.id)
            unsigned = self._compose(connection, case_document(decision_kind(decision)), ref)
        with naming_what_breaks():
            return {}, render(unsigned.content, unsigned.at, draft=True)

    def _compose(self, connection: Connection, described: CaseDocument, ref: Ref) -> UnsignedDocument:
        case = self._composer.case_file(connection, ref.reference)
        if described.certificate:
            certificate = described.certificate(connection, ref.id)
            signatory = self._signer.signatory(case.department, case.made_at.date(), certificate)
            case = replace(case, signatory=signatory)
        return UnsignedDocument(described.compose(case, ref.id), case.made_at, case.signatory)

    def _sign(self, unsigned: UnsignedDocument, subject: str) -> Sealed:
        content, at, signatory = unsigned
        with naming_what_breaks():
            signer = self._signer
            signed = signer.sign(content, at, signatory) if signatory else signer.seal(content, at)
        return Sealed(
            reference=content.reference,
            kind=content.kind.value,
            subject=subject,
            number=content.number,
            sha256=sha256(signed).hexdigest(),
            bytes=signed,
            signed_at=at,
        )


def _conclude(
    connection: Connection, described: CaseDocument, ref: Ref, stored: DocumentRecord, content: Content
) -> None:
    if described.on_stored:
        described.on_stored(connection, ref.id)
    if described.publication and stored.published_at is None:
        _publish(connection, described.publication, ref, stored, content)


def _publish(
    connection: Connection,
    publication: ImmediatePublication,
    ref: Ref,
    stored: DocumentRecord,
    content: Content,
) -> None:
    request, at = requests.get(connection, ref.reference), case_now(connection, ref.reference)
    documents.publish(connection, ref.reference, stored.subject, at)
    events.append(connection, ref.reference, publication.event, at, document=stored.id, sha256=stored.sha256)
    data = {"at": content.acceptance_at.isoformat()} if content.acceptance_at else {}
    process, key = authorization_id(ref.reference), f"{stored.kind}-{stored.subject}"
    accounts = publication.recipients(connection, request, ref.id)
    notices.announce(connection, process, stored.kind, key, *accounts, **data)


def _ref(stored: DocumentRecord) -> DocumentRef:
    return DocumentRef(id=stored.id, kind=stored.kind, sha256=stored.sha256)

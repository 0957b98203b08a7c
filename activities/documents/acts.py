"""The acts on documents; each is a thin call of what issues, previews, verifies or time-stamps."""

from activities.documents.compose import Composer
from activities.documents.decisions import decision_kind
from activities.documents.issue import DocumentIssuer
from activities.errors import naming_what_breaks
from activities.signing.acts import DocumentSigner
from activities.signing.verify import verify
from activities.transactions import transactions
from models.labels import DocumentKind
from models.messages import acts
from models.messages.acts import Process
from models.messages.case import DocumentOrder, DocumentRef, Ref
from models.messages.verification import Upload
from models.store.cases import decisions, documents
from models.store.cases.decisions import Proposal
from models.store.database import Database
from models.store.journal import anchors
from models.store.operations import jobs


class StoredDocumentActs(acts.DocumentActs):
    """Documents sealed with the keys of this installation; a thread of its own signs each."""

    def __init__(self, database: Database, signer: DocumentSigner, composer: Composer) -> None:
        self._transaction = transactions(database)
        self._issuer = DocumentIssuer(database, signer, composer)
        self._signer = signer

    def issue_document(self, order: DocumentOrder) -> DocumentRef | None:
        """Issue a document of any kind that has no act of its own."""
        return self._issuer.issue(order.kind, Ref(reference=order.reference, id=order.id))

    def issue_receipt(self, ref: Ref) -> DocumentRef:
        """`ref.id` is the rank of the reception; the first one is that of the filing."""
        return self._issued(DocumentKind.RECEIPT if ref.id == "1" else DocumentKind.COMPLETION_RECEIPT, ref)

    def issue_enrolment_receipt(self, ref: Ref) -> DocumentRef:
        """Seal the receipt of an enrolment and keep it with the enrolment."""
        return self._issuer.issue_enrolment_receipt(ref)

    def issue_attestation(self, ref: Ref) -> DocumentRef:
        """Attest the acceptance to employer and agents."""
        return self._issued(DocumentKind.ATTESTATION, ref)

    def issue_void_notice(self, ref: Ref) -> DocumentRef:
        """Notify the employer and the agent who decided that the decision is void."""
        return self._issued(DocumentKind.VOID_NOTICE, ref)

    def sign_decision(self, ref: Ref) -> DocumentRef | None:
        """Sign a decision with the certificate of the delegation it was taken under; it is readable once notified."""
        with self._transaction() as connection:
            kind = decision_kind(decisions.get(connection, ref.id))
        return self._issuer.issue(kind, ref)

    def seal_completion_request(self, ref: Ref) -> DocumentRef | None:
        """Seal a request for pieces; it is readable once notified."""
        return self._issuer.issue(DocumentKind.COMPLETION_REQUEST, ref)

    def stamp_chain(self, process: Process) -> int:
        """Stamp the events that no anchor covers yet. Idempotent: an anchor is keyed by its position."""
        with self._transaction() as connection:
            upto = anchors.last_position(connection)
        with self._transaction() as connection:
            due = anchors.next_anchor(connection, upto)
        if due:
            with naming_what_breaks():
                token = self._signer.stamp(due.digest)
            with self._transaction() as connection:
                anchors.store(connection, due.model_copy(update={"token": token}))
        return upto

    def preview_decision(self, ref: Ref) -> None:
        """Draw a decision as it would be signed, or keep the conflict it would meet; the proposal is dropped."""
        with self._transaction() as connection:
            proposal = jobs.find_input(connection, ref.id)
        if proposal is None:
            return
        conflict, page = self._issuer.preview(Proposal.model_validate_json(proposal))
        with self._transaction() as connection:
            jobs.finish(connection, ref.id, conflict, page)

    def verify_document(self, upload: Upload) -> None:
        """Judge an uploaded file, once; its bytes are dropped with the verdict."""
        with self._transaction() as connection:
            content = jobs.find_input(connection, upload.id)
        if content is None:
            return
        with naming_what_breaks():
            verdict = verify(content, self._signer.trust, self._reference_of, online=True)
        with self._transaction() as connection:
            jobs.finish(connection, upload.id, verdict.model_dump(mode="json"))

    def _issued(self, kind: DocumentKind, ref: Ref) -> DocumentRef:
        """Issue a document that is always due."""
        issued = self._issuer.issue(kind, ref)
        if issued is None:
            raise ValueError(f"{kind} was not issued")
        return issued

    def _reference_of(self, digest: str) -> str | None:
        with self._transaction() as connection:
            return documents.find_case_of_digest(connection, digest)

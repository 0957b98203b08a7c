"""The acts on documents; each is a thin call of what issues, previews or time-stamps."""

from activities.documents.compose import Composer
from activities.documents.decisions import decision_kind
from activities.documents.issue import DocumentIssuer
from activities.documents.owners import CASE, CLAIM
from activities.errors import naming_what_breaks
from activities.signing.acts import DocumentSigner
from activities.transactions import transactions
from models.labels import DocumentKind
from models.messages import acts
from models.messages.acts import Process
from models.messages.case import DocumentOrder, DocumentRef, Ref
from models.store.cases import bank_changes, decisions
from models.store.claims import agreements
from models.store.claims.proposals import PROPOSED
from models.store.database import Database
from models.store.journal import anchors
from models.store.journal.anchors import Anchor
from models.store.operations import jobs


class StoredDocumentActs(acts.DocumentActs):
    """Documents sealed with the keys of this installation; a thread of its own signs each."""

    def __init__(self, database: Database, signer: DocumentSigner, composer: Composer) -> None:
        self._transaction = transactions(database)
        self._issuer = DocumentIssuer(database, signer, composer)
        self._signer = signer

    def issue_document(self, order: DocumentOrder) -> DocumentRef | None:
        """Issue a document of any kind that has no act of its own."""
        ref = Ref(reference=order.reference, id=order.id)
        issued = self._issuer.issue(order.kind, ref)
        if issued is None and order.kind is DocumentKind.BANK_CHANGE_DECISION:
            with self._transaction() as connection:
                CASE.hold(connection, ref)
                bank_changes.lapse_if_powerless(connection, ref.id)
        return issued

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

    def sign_claim(self, ref: Ref) -> DocumentRef | None:
        """Sign a claim under the visa that stands; one under which nobody may sign any more lapses instead."""
        return self._signed_under_visa(DocumentKind.CLAIM, ref)

    def sign_claim_refusal(self, ref: Ref) -> DocumentRef | None:
        """Sign a refusal in the same way; its publication ends the claim and gives its hours back."""
        return self._signed_under_visa(DocumentKind.CLAIM_REFUSAL, ref)

    def _signed_under_visa(self, kind: DocumentKind, ref: Ref) -> DocumentRef | None:
        with self._transaction() as connection:
            CLAIM.hold(connection, ref)
            lapsed = agreements.lapse_if_powerless(connection, ref.id, self._signer.may_sign)
        return None if lapsed else self._issuer.issue(kind, ref)

    def stamp_chain(self, process: Process) -> int:
        """Stamp the events that no anchor covers yet. Idempotent: an anchor is keyed by its position."""
        with self._transaction() as connection:
            upto = anchors.last_position(connection)
        while due := self._next_anchor(upto):
            with naming_what_breaks():
                token = self._signer.stamp(due.digest)
            with self._transaction() as connection:
                anchors.store(connection, due, token)
        return upto

    def _next_anchor(self, upto: int) -> Anchor | None:
        with self._transaction() as connection:
            return anchors.next_anchor(connection, upto)

    def preview_decision(self, ref: Ref) -> None:
        """Draw an act as it would be notified, or keep the conflict it would meet; the proposal is dropped."""
        with self._transaction() as connection:
            proposal = jobs.find_input(connection, ref.id)
        if proposal is None:
            return
        conflict, page = self._issuer.preview(PROPOSED.validate_json(proposal))
        with self._transaction() as connection:
            jobs.finish(connection, ref.id, conflict, page)

    def _issued(self, kind: DocumentKind, ref: Ref) -> DocumentRef:
        """Issue a document that is always due."""
        issued = self._issuer.issue(kind, ref)
        if issued is None:
            raise ValueError(f"{kind} was not issued")
        return issued

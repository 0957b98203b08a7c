"""Fake acts without keys or network: they write the register as the real ones do, and record their calls."""

from hashlib import sha256

from temporalio.exceptions import ApplicationError

from activities.documents.kinds import case_document
from models.errors import Conflict
from models.labels import DocumentKind
from models.messages.acts import AgencyActs, DocumentActs, MailActs, Process
from models.messages.case import DocumentOrder, DocumentRef, Ref
from models.messages.deposit import Channel, Deposit
from models.messages.verification import Upload
from models.store.cases import decisions, documents
from models.store.cases.decisions import Proposal
from models.store.database import Database, case_now
from models.store.operations import jobs
from models.store.people import enrolments, notices


class PlainDocuments(DocumentActs):
    """Documents of plain bytes; while `broken` names a part, every act fails with it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.broken = ""

    def issue_document(self, order: DocumentOrder) -> DocumentRef:
        return self._keep(Ref(reference=order.reference, id=order.id), order.kind)

    def issue_receipt(self, ref: Ref) -> DocumentRef:
        kind = DocumentKind.RECEIPT if ref.id == "1" else DocumentKind.COMPLETION_RECEIPT
        return self._keep(ref, kind)

    def issue_enrolment_receipt(self, ref: Ref) -> DocumentRef:
        if self.broken:
            raise ApplicationError(self.broken, type=self.broken)
        content = f"enrolment_receipt {ref.id}".encode()
        digest = sha256(content).hexdigest()
        with self.database.begin() as connection:
            at = enrolments.now(connection, ref.id)
            enrolments.store_receipt(connection, ref.id, content, digest, at)
        return DocumentRef(id=ref.id, kind="enrolment_receipt", sha256=digest)

    def issue_attestation(self, ref: Ref) -> DocumentRef:
        return self._keep(ref, DocumentKind.ATTESTATION)

    def issue_void_notice(self, ref: Ref) -> DocumentRef:
        return self._keep(ref, DocumentKind.VOID_NOTICE)

    def sign_decision(self, ref: Ref) -> DocumentRef:
        with self.database.begin() as connection:
            outcome = decisions.get(connection, ref.id).outcome
        signed = self._keep(ref, DocumentKind.GRANT if outcome == "grant" else DocumentKind.REFUSAL)
        with self.database.begin() as connection:
            decisions.sign(connection, ref.id)
        return signed

    def seal_completion_request(self, ref: Ref) -> DocumentRef:
        return self._keep(ref, DocumentKind.COMPLETION_REQUEST)

    def stamp_chain(self, process: Process) -> int:
        return 0

    def preview_decision(self, ref: Ref) -> None:
        with self.database.begin() as connection:
            proposed = Proposal.model_validate_json(jobs.find_input(connection, ref.id) or b"")
        conflict: dict[str, object] = {}
        with self.database.trial() as connection:
            try:
                decisions.take(connection, proposed)
            except Conflict as error:
                conflict = {"slug": error.slug, "detail": error.detail}
        with self.database.begin() as connection:
            jobs.finish(connection, ref.id, conflict, None if conflict else f"preview {proposed.body.id}".encode())

    def verify_document(self, upload: Upload) -> None:
        with self.database.begin() as connection:
            jobs.finish(connection, upload.id, {"valid": False})

    def _keep(self, ref: Ref, kind: DocumentKind) -> DocumentRef:
        if self.broken:
            raise ApplicationError(self.broken, type=self.broken)
        content = f"{kind} {ref.reference} {ref.id}".encode()
        description = case_document(kind)
        subject = description.subject_of(ref.id)
        with self.database.begin() as connection:
            at = case_now(connection, ref.reference)
            document = documents.store(
                connection,
                documents.Sealed(
                    reference=ref.reference,
                    kind=kind.value,
                    subject=subject,
                    number=f"{ref.reference}00",
                    sha256=sha256(content).hexdigest(),
                    bytes=content,
                    signed_at=at,
                ),
            )
            if description.publication:
                documents.publish(connection, ref.reference, subject, at)
        return DocumentRef(id=document.id, kind=document.kind, sha256=document.sha256)


class RecordingMails(MailActs):
    """Marks notices as sent; `sent` holds their keys."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.sent: list[str] = []
        self.broken = False

    async def send_notices(self, process: Process) -> int:
        if self.broken:
            raise ApplicationError("mail", type="mail")
        with self.database.begin() as connection:
            waiting = notices.list_unsent(connection, process.id)
            for notice in waiting:
                notices.mark_sent(connection, notice.key)
        self.sent += [notice.key for notice in waiting]
        return len(waiting)


class RecordingAgency(AgencyActs):
    """One deposit for each waiting name; `put` holds the names of those written."""

    def __init__(self) -> None:
        self.waiting: list[str] = []
        self.put: list[str] = []
        self.broken = False

    def prepare_deposit(self, channel: Channel) -> Deposit | None:
        if not self.waiting:
            return None
        return Deposit(id=self.waiting[0], name=self.waiting[0], rows=2, sha256=sha256(b"").hexdigest())

    async def put_deposit(self, deposit: Deposit) -> None:
        if self.broken:
            raise ApplicationError("agency", type="agency")
        self.waiting.remove(deposit.name)
        self.put.append(deposit.name)

"""Fake acts without keys or network: they write the register as the real ones do, and record their calls."""

from hashlib import sha256

from sqlalchemy import Connection
from temporalio.exceptions import ApplicationError

from activities.documents.descriptor import CaseDocument
from activities.documents.kinds import case_document
from activities.documents.owners import CASE, CLAIM
from models.errors import Conflict
from models.identifiers import printed_number
from models.labels import DocumentKind
from models.messages.acts import (
    AuditOrder,
    DocumentActs,
    EvidenceActs,
    LetterActs,
    MailActs,
    MailsDeferred,
    Process,
    VerificationActs,
)
from models.messages.agency_acts import AgencyActs, AnswerActs, NominalActs
from models.messages.answers import AnswerFile, AnswerFiles, Unanswered
from models.messages.case import DocumentOrder, DocumentRef, Ref
from models.messages.deposit import Channel, Deposit, Opening
from models.messages.verification import Upload
from models.store.cases import decisions, documents
from models.store.cases.documents import DocumentRecord
from models.store.claims import agreements, nominal_files, proposals
from models.store.claims.proposals import PROPOSED, ClaimRefusalProposal
from models.store.database import Database, case_now
from models.store.journal import events
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

    def sign_claim(self, ref: Ref) -> DocumentRef | None:
        return self._sign_claim(ref, DocumentKind.CLAIM)

    def sign_claim_refusal(self, ref: Ref) -> DocumentRef | None:
        return self._sign_claim(ref, DocumentKind.CLAIM_REFUSAL)

    def _sign_claim(self, ref: Ref, kind: DocumentKind) -> DocumentRef | None:
        with self.database.begin() as connection:
            CLAIM.hold(connection, ref)
            if agreements.lapse_if_powerless(connection, ref.id, lambda *_: True):
                return None
        return self._keep_if_due(ref, kind)

    def stamp_chain(self, process: Process) -> int:
        return 0

    def preview_decision(self, ref: Ref) -> None:
        with self.database.begin() as connection:
            proposed = PROPOSED.validate_json(jobs.find_input(connection, ref.id) or b"")
        conflict: dict[str, object] = {}
        with self.database.trial() as connection:
            try:
                proposals.take(connection, proposed)
            except Conflict as error:
                conflict = {"slug": error.slug, "detail": error.detail}
        with self.database.begin() as connection:
            about = proposed.claim_id if isinstance(proposed, ClaimRefusalProposal) else proposed.body.id
            jobs.finish(connection, ref.id, conflict, None if conflict else f"preview {about}".encode())

    def _keep(self, ref: Ref, kind: DocumentKind) -> DocumentRef:
        kept = self._keep_if_due(ref, kind)
        assert kept is not None
        return kept

    def _keep_if_due(self, ref: Ref, kind: DocumentKind) -> DocumentRef | None:
        if self.broken:
            raise ApplicationError(self.broken, type=self.broken)
        described = case_document(kind)
        with self.database.begin() as connection:
            described.owner.hold(connection, ref)
            stored = documents.find(connection, ref.reference, kind.value, described.subject_of(ref.id))
            if stored is None and (described.owner is CASE or described.is_due(connection, ref.id)):
                stored = self._stored(connection, described, ref)
        return DocumentRef(id=stored.id, kind=stored.kind, sha256=stored.sha256) if stored else None

    def _stored(self, connection: Connection, described: CaseDocument, ref: Ref) -> DocumentRecord:
        content, subject = f"{described.kind} {ref.reference} {ref.id}".encode(), described.subject_of(ref.id)
        at = case_now(connection, ref.reference)
        document = documents.store(
            connection,
            documents.Sealed(
                reference=ref.reference,
                claim_id=described.owner.claim_id(ref),
                kind=described.kind.value,
                subject=subject,
                number=printed_number(ref.reference),
                sha256=sha256(content).hexdigest(),
                bytes=content,
                signed_at=at,
            ),
        )
        if publication := described.publication:
            documents.publish(connection, ref.reference, subject, at)
            if publication.event and described.owner is CLAIM:
                chain = described.owner.chain(ref)
                events.append(connection, chain, publication.event, at, document=document.id, sha256=document.sha256)
            if publication.step:
                publication.step(connection, ref.id, document)
        return document


class RefusingVerification(VerificationActs):
    """Finds no document valid."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def verify_document(self, upload: Upload) -> None:
        with self.database.begin() as connection:
            jobs.finish(connection, upload.id, {"valid": False})


MAILBOX_PAUSE = 24 * 3600
"""Seconds before another attempt at a mailbox that is full."""


class RecordingMails(MailActs):
    """Marks notices as sent; `sent` holds their keys. Those whose key holds `full` are refused for now."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.sent: list[str] = []
        self.broken = False
        self.full: str | None = None

    async def send_notices(self, process: Process) -> int | MailsDeferred:
        if self.broken:
            raise ApplicationError("mail", type="mail")
        with self.database.begin() as connection:
            queued = notices.find_queued(connection, process.id)
            waiting = notices.list_unsent(connection, process.id)
            leaving = [each for each in waiting if self.full is None or self.full not in each.key]
            for notice in leaving:
                notices.mark_sent(connection, notice.key)
        self.sent += [notice.key for notice in leaving]
        left = len(waiting) - len(leaving)
        if queued.many:
            return MailsDeferred(count=left + queued.many, retry_after=max(queued.seconds, 1.0))
        return MailsDeferred(count=left, retry_after=MAILBOX_PAUSE) if left else len(leaving)


class QuietEvidence(EvidenceActs):
    """Copies and audits that are counted; while `broken` names a part, both fail with it."""

    def __init__(self) -> None:
        self.broken = ""
        self.done: list[str] = []

    async def copy_anchors(self, process: Process) -> int:
        return self._do("copy")

    def audit_register(self, order: AuditOrder) -> int:
        return self._do("everything" if order.everything else "new")

    def _do(self, what: str) -> int:
        if self.broken:
            raise ApplicationError(self.broken, type=self.broken)
        self.done.append(what)
        return 0


class RecordingLetters(LetterActs):
    """Prints nothing; remembers the processes that asked, and while `broken`, fails as a folder that is away."""

    def __init__(self) -> None:
        self.printed: list[str] = []
        self.broken = False

    def print_letter(self, process: Process) -> bool:
        if self.broken:
            raise ApplicationError("printing", type="printing")
        self.printed.append(process.id)
        return True


class RecordingAgency(AgencyActs):
    """One deposit for each waiting name; `put` holds the names of those written, `asked` counts the preflights."""

    def __init__(self) -> None:
        self.waiting: list[str] = []
        self.put: list[str] = []
        self.broken = False
        self.closed: Opening | None = None
        """Why no file may be put now, while it is set."""
        self.asked = 0

    def preflight(self, channel: Channel) -> Opening:
        self.asked += 1
        return self.closed or Opening(open=True)

    def prepare_deposit(self, channel: Channel) -> Deposit | None:
        if not self.waiting:
            return None
        return Deposit(id=self.waiting[0], name=self.waiting[0], rows=2, sha256=sha256(b"").hexdigest())

    async def put_deposit(self, deposit: Deposit) -> None:
        if self.broken:
            raise ApplicationError("agency", type="agency")
        self.waiting.remove(deposit.name)
        self.put.append(deposit.name)


class PlainNominalFiles(NominalActs):
    """Nominal files that name nobody; while `broken`, fails as the agency without a certificate."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.broken = False

    def envelop_people(self, ref: Ref) -> None:
        if self.broken:
            raise ApplicationError("agency", type="agency")
        with self.database.begin() as connection:
            nominal_files.keep(connection, ref.id, b"nominal " + ref.id.encode())


class RecordingAnswers(AnswerActs):
    """Files of answers by name; those in `broken` cannot be read, those in `done` were."""

    def __init__(self) -> None:
        self.there: list[str] = []
        self.broken: set[str] = set()
        self.done: list[str] = []
        self.watched = 0
        self.away = self.frozen = False

    async def list_answers(self, channel: Channel) -> AnswerFiles:
        if self.away:
            raise ApplicationError("agency", type="agency")
        return AnswerFiles(open=False) if self.frozen else AnswerFiles(names=tuple(self.there))

    async def read_answers(self, file: AnswerFile) -> None:
        if file.name in self.broken:
            raise ApplicationError("register", type="register")
        self.done.append(file.name)

    async def drop_answers(self, file: AnswerFile) -> bool:
        self.there.remove(file.name)
        return True

    async def watch_answers(self, channel: Channel) -> Unanswered:
        self.watched += 1
        return Unanswered(files=1, sent_again=0, overdue=0)

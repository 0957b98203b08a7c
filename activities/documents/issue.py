"""Documents of a case, made once: composed from the register, sealed or signed, kept, published.

A signature is never the same twice. A document that the register holds under its business key (case, kind,
subject) is not made again; of two made at the same time the first one kept stands, and only kept bytes are
ever published.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple

from sqlalchemy import Connection

from activities.documents.compose import Composer, kind_of, made_at
from activities.documents.contents import Content, Received
from activities.documents.render import render
from activities.errors import naming_what_breaks
from activities.reminders import agents
from activities.signing.acts import Signing
from activities.signing.signatories import Signatory
from activities.signing.verify import verify
from law.calendar import local
from models.engine.names import authorization_id
from models.errors import Conflict
from models.messages import acts
from models.messages.acts import Process
from models.messages.case import DocumentRef, Ref
from models.messages.verification import Upload
from models.store.cases import completions, decisions, documents, requests
from models.store.cases.decisions import Proposal
from models.store.cases.documents import Sealed
from models.store.database import Database, case_now
from models.store.journal import anchors, events
from models.store.operations import jobs
from models.store.people import delegations, enrolments, notices
from models.store.records import DocumentRecord, RequestRecord

# Publishing goes by subject. These hold a slash, which an agent's own ids cannot: publishing a receipt can
# never publish a decision that happens to be called alike.
RECEPTION: Final = "reception/{}"
OVERTAKEN: Final = "overtaken/{}"


class Paper(NamedTuple):
    """A document about to be made: what it states, when, and who signs it (None: the seal)."""

    content: Content
    at: datetime
    signatory: Signatory | None = None


class Issue(NamedTuple):
    """How a document is published: its business key, how it is composed, what is said and to whom."""

    reference: str
    kind: str
    subject: str
    compose: Callable[[Connection], Content]
    event: str
    told: Callable[[Connection, RequestRecord], list[str]]


class StoredDocumentActs(acts.DocumentActs):
    """Documents sealed with the keys of this installation. Its threads sign; nothing here waits for a person."""

    def __init__(self, database: Database, signing: Signing, composer: Composer) -> None:
        self._database = database
        self._signing = signing
        self._composer = composer

    def issue_receipt(self, ref: Ref) -> DocumentRef:
        """Published as soon as it is kept; `ref.id` is the number of the reception, from 1."""
        version = int(ref.id)
        kind, subject = ("receipt", "") if version == 1 else ("completion_receipt", RECEPTION.format(version))
        return self._issue(
            Issue(
                *(ref.reference, kind, subject),
                lambda connection: self._composer.receipt(connection, ref.reference, version),
                "receipt_issued",
                lambda _, asked: [asked.account_id],
            )
        )

    def issue_enrolment_receipt(self, ref: Ref) -> DocumentRef:
        """Kept with the enrolment, with its event, in one transaction; the first one kept stands."""
        with self._transaction() as connection:
            kept = enrolments.get(connection, ref.id)
            paper = None
            if kept.receipt_sha256 is None:
                at = local(enrolments.now(connection, kept.id), kept.department).replace(microsecond=0)
                paper = Paper(self._composer.enrolment_receipt(kept, at.date()), at)
        sealed = self._make(paper, ref.id) if paper else None
        with self._transaction() as connection:
            if sealed:
                enrolments.hold(connection, ref.reference)
                if enrolments.keep_receipt(connection, ref.id, sealed.bytes, sealed.sha256, sealed.signed_at):
                    kind, at = "enrolment_receipt_issued", enrolments.now(connection, ref.id)
                    events.append(connection, ref.reference, kind, at, enrolment=ref.id, sha256=sealed.sha256)
            digest = enrolments.get(connection, ref.id).receipt_sha256 or ""
        return DocumentRef(id=ref.id, kind="enrolment_receipt", sha256=digest)

    def issue_attestation(self, ref: Ref) -> DocumentRef:
        """Published as soon as it is kept; employer and agents are told."""
        return self._issue(
            Issue(
                *(ref.reference, "attestation", ""),
                lambda connection: self._composer.attestation(connection, ref.reference),
                "attestation_issued",
                lambda connection, asked: [asked.account_id, *agents(connection, asked)],
            )
        )

    def issue_void_notice(self, ref: Ref) -> DocumentRef:
        """Published as soon as it is kept; the employer and the agent who decided are told."""
        return self._issue(
            Issue(
                *(ref.reference, "void_notice", OVERTAKEN.format(ref.id)),
                lambda connection: self._composer.void_notice(connection, ref.reference, ref.id),
                "void_notice_issued",
                lambda connection, asked: [asked.account_id, decisions.get(connection, ref.id).agent_id],
            )
        )

    def sign_decision(self, ref: Ref) -> DocumentRef | None:
        """Signed with the certificate of the delegation it was taken under; readable once it is notified.

        A decision without one, of an earlier release, is signed by whoever may sign on that day.
        """
        with self._transaction() as connection:
            found = decisions.get(connection, ref.id)
            kept = documents.find(connection, ref.reference, kind_of(found), ref.id)
            if kept is None and found.state != "registered":
                return None
            paper = None if kept else self._decision(connection, ref)
        sealed = self._make(paper, ref.id) if paper else None
        with self._transaction() as connection:
            requests.get(connection, ref.reference, hold=True)
            if sealed and decisions.get(connection, ref.id).state == "registered":
                kept = documents.keep(connection, sealed)
            decisions.sign(connection, ref.id)
            kept = kept or documents.find(connection, ref.reference, kind_of(found), ref.id)
            return _ref(kept) if kept else None

    def seal_completion_request(self, ref: Ref) -> DocumentRef | None:
        """Sealed; readable once it is notified."""
        kind = "completion_request"
        with self._transaction() as connection:
            kept = documents.find(connection, ref.reference, kind, ref.id)
            if kept is None and completions.get(connection, ref.id).state != "registered":
                return None
            paper = None if kept else self._completion_request(connection, ref)
        sealed = self._make(paper, ref.id) if paper else None
        with self._transaction() as connection:
            if sealed:
                kept = documents.keep(connection, sealed)
            return _ref(kept) if kept else None

    def stamp_chain(self, process: Process) -> int:
        """Nothing new is stamped twice: an anchor is kept by the position that it reaches."""
        with self._transaction() as connection:
            upto = anchors.last_position(connection)
        with self._transaction() as connection:
            due = anchors.next_anchor(connection, upto)
        if due:
            with naming_what_breaks():
                token = self._signing.stamp(due.digest)
            with self._transaction() as connection:
                anchors.keep(connection, due.model_copy(update={"token": token}))
        return upto

    def preview_decision(self, ref: Ref) -> None:
        """Drawn as it would be signed, or the conflict that it would meet; what was proposed is dropped."""
        with self._transaction() as connection:
            given = jobs.given(connection, ref.id)
        if given is None:
            return
        told, paper = self._tried(Proposal.model_validate_json(given))
        with naming_what_breaks():
            drawn = render(paper.content, paper.at, draft=True) if paper else None
        with self._transaction() as connection:
            jobs.done(connection, ref.id, told, drawn)

    def verify_document(self, upload: Upload) -> None:
        """Judge an uploaded file, once; its bytes are dropped with the verdict."""
        with self._transaction() as connection:
            content = jobs.given(connection, upload.id)
        if content is None:
            return
        with naming_what_breaks():
            verdict = verify(content, self._signing.trust, self._reference_of, online=True)
        with self._transaction() as connection:
            jobs.done(connection, upload.id, verdict.model_dump(mode="json"))

    def _issue(self, issue: Issue) -> DocumentRef:
        """Make the document unless it is kept; bytes, publication, event and notices are one transaction."""
        with self._transaction() as connection:
            kept = documents.find(connection, issue.reference, issue.kind, issue.subject)
            if kept:
                return _ref(kept)
            asked = requests.get(connection, issue.reference)
            paper = Paper(issue.compose(connection), made_at(connection, asked))
        sealed = self._make(paper, issue.subject)
        with self._transaction() as connection:
            asked = requests.get(connection, issue.reference, hold=True)
            kept = documents.keep(connection, sealed)
            if kept.published_at is None:
                _publish(connection, asked, kept, issue, paper.content)
            return _ref(kept)

    def _decision(self, connection: Connection, ref: Ref) -> Paper:
        asked = requests.get(connection, ref.reference)
        at = made_at(connection, asked)
        under = decisions.get(connection, ref.id).delegation_id
        certificate = delegations.get(connection, under).certificate if under else None
        signatory = self._signing.signatory(asked.department, at.date(), certificate)
        return Paper(self._composer.decision(connection, ref.id, signatory), at, signatory)

    def _tried(self, proposed: Proposal) -> tuple[dict[str, object], Paper | None]:
        """Register a decision as its door does, compose it, and undo all of it."""
        with naming_what_breaks(), self._database.trial() as connection:
            try:
                found = decisions.take(connection, proposed)
            except Conflict as conflict:
                return {"slug": conflict.slug, "detail": conflict.detail}, None
            return {}, self._decision(connection, Ref(reference=found.reference, id=found.id))

    def _completion_request(self, connection: Connection, ref: Ref) -> Paper:
        at = made_at(connection, requests.get(connection, ref.reference))
        return Paper(self._composer.completion_request(connection, ref.id), at)

    def _make(self, paper: Paper, subject: str) -> Sealed:
        with naming_what_breaks():
            content = paper.content
            signing = self._signing
            signed = (
                signing.sign(content, paper.at, paper.signatory)
                if paper.signatory
                else signing.seal(content, paper.at)
            )
        return Sealed(
            reference=content.reference,
            kind=content.kind,
            subject=subject,
            number=content.number,
            sha256=sha256(signed).hexdigest(),
            bytes=signed,
            signed_at=paper.at,
        )

    def _reference_of(self, digest: str) -> str | None:
        with self._transaction() as connection:
            return documents.find_case_of_digest(connection, digest)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with naming_what_breaks(), self._database.begin() as connection:
            yield connection


def _publish(
    connection: Connection, asked: RequestRecord, kept: DocumentRecord, issue: Issue, content: Content
) -> None:
    at = case_now(connection, asked.reference)
    documents.publish(connection, asked.reference, kept.subject, at)
    events.append(connection, asked.reference, issue.event, at, document=kept.id, sha256=kept.sha256)
    born_at = content.tacit_acceptance_at if isinstance(content, Received) else asked.effect_at
    data = {"at": local(born_at, asked.department).isoformat()} if born_at else {}
    process, key = authorization_id(asked.reference), f"{kept.kind}-{kept.subject}"
    notices.announce(connection, process, kept.kind, key, *issue.told(connection, asked), **data)


def _ref(kept: DocumentRecord) -> DocumentRef:
    return DocumentRef(id=kept.id, kind=kept.kind, sha256=kept.sha256)

"""Declarations of every activity ("act"), typed and without a body: all effects of this system on the world.

`workflows` call these declarations; `activities` and the tests' fakes subclass them. A method of the same
name implements the act and is registered under the declared activity name.
"""

from abc import abstractmethod

from temporalio import activity

from models.identifiers import Message
from models.messages.act_family import Acts
from models.messages.case import (
    ClaimsForfeiture,
    DocumentOrder,
    DocumentRef,
    Held,
    Incident,
    Publication,
    Ref,
    Reminder,
    SilenceOutcome,
)
from models.messages.claim import ClaimStanding, HandOverHeld
from models.messages.draft import DraftEnd
from models.messages.enrolment import EnrolmentState, Listed
from models.messages.upload import UploadProgress
from models.messages.verification import Upload


class Process(Message):
    """A process, by its workflow id."""

    id: str


class MailsDeferred(Message):
    """Notices that cannot leave yet, refused by a mailbox for now or queued: how many, and the seconds to wait."""

    count: int
    retry_after: float


class RegisterActs(Acts):
    """Acts on the register, in short transactions. All are local acts except `control` and `forget_old`."""

    @activity.defn(name="establish_silence")
    @abstractmethod
    def establish_silence(self, ref: Ref) -> SilenceOutcome:
        """Establish every silence that is due, this case's included; return the state of this case."""

    @activity.defn(name="notify_decision")
    @abstractmethod
    def notify_decision(self, ref: Ref) -> Publication:
        """Publish a signed decision, unless the instant of silence has passed."""

    @activity.defn(name="notify_completion_request")
    @abstractmethod
    def notify_completion_request(self, ref: Ref) -> Publication:
        """Publish a request for pieces and stop the delay, unless the instant of silence has passed."""

    @activity.defn(name="control")
    @abstractmethod
    async def control(self, ref: Ref) -> tuple[str, ...]:
        """Check the request and record the signals for the agent; never holds up the delay."""

    @activity.defn(name="remind")
    @abstractmethod
    def remind(self, reminder: Reminder) -> bool:
        """Write the notices of a reminder; returns whether there is anybody to notify."""

    @activity.defn(name="hand_over")
    @abstractmethod
    def hand_over(self, ref: Ref) -> Held | None:
        """Queue the authorization for hand-over to the paying agency (transmission à l'ASP), unless it is held.

        `ref.id` is the rank of the reminder to the employer of a case that was held already.
        """

    @activity.defn(name="find_forfeiture")
    @abstractmethod
    def find_forfeiture(self, ref: Ref) -> ClaimsForfeiture:
        """Return when the claims of an authorization are out of time: counted from the end of the period granted."""

    @activity.defn(name="close_case")
    @abstractmethod
    def close_case(self, ref: Ref) -> None:
        """Close the case: its process has ended."""

    @activity.defn(name="lapse_draft")
    @abstractmethod
    def lapse_draft(self, ref: Ref) -> DraftEnd:
        """Let a draft lapse if its filing window has closed; return its state."""

    @activity.defn(name="forget_old")
    @abstractmethod
    def forget_old(self, process: Process) -> int:
        """Delete what need not be kept (see `models.store.operations.retention`); returns how many rows."""

    @activity.defn(name="open_incident")
    @abstractmethod
    def open_incident(self, incident: Incident) -> None:
        """Open an incident."""

    @activity.defn(name="close_incident")
    @abstractmethod
    def close_incident(self, incident: Incident) -> None:
        """Close an incident."""


class ClaimActs(Acts):
    """Acts on claims (demandes d’indemnisation) in the register. Local acts except `control_claim`."""

    @activity.defn(name="look_at_claim")
    @abstractmethod
    def look_at_claim(self, ref: Ref) -> ClaimStanding:
        """Hold or release a claim (`ref.id`) as the register has it now, and return where it stands."""

    @activity.defn(name="control_claim")
    @abstractmethod
    def control_claim(self, ref: Ref) -> ClaimStanding:
        """Record the signals for the agent and put a claim under review; return where it stands."""

    @activity.defn(name="hand_over_claim")
    @abstractmethod
    def hand_over_claim(self, ref: Ref) -> HandOverHeld | None:
        """Queue a signed claim for hand-over to the paying agency, unless something holds its case."""


class EnrolmentActs(Acts):
    """Acts on enrolments (adhésions, R. 5122-26, I) and their credentials. Local acts except the last two."""

    @activity.defn(name="issue_credentials")
    @abstractmethod
    def issue_credentials(self, ref: Ref) -> EnrolmentState:
        """Make the last requested activation code valid and announce it; return the enrolment's state."""

    @activity.defn(name="watch_credentials")
    @abstractmethod
    def watch_credentials(self, ref: Ref) -> EnrolmentState:
        """Record that the credentials were sent, that their limit is near, or that it was missed."""

    @activity.defn(name="lapse_enrolment")
    @abstractmethod
    def lapse_enrolment(self, ref: Ref) -> EnrolmentState:
        """Let an enrolment lapse that was not activated in time; return its state."""

    @activity.defn(name="identify")
    @abstractmethod
    async def identify(self, ref: Ref) -> Listed:
        """Look the establishment up in the directory and flag discrepancies; never holds up the enrolment."""

    @activity.defn(name="look_up_establishment")
    @abstractmethod
    async def look_up_establishment(self, ref: Ref) -> None:
        """Ask the directory about a SIRET (`ref.reference`) for somebody who waits; its answer is kept for a day."""


class DocumentActs(Acts):
    """Compose, seal or sign, time-stamp and store documents. They need private keys: queue `signing`."""

    @activity.defn(name="issue_document")
    @abstractmethod
    def issue_document(self, order: DocumentOrder) -> DocumentRef | None:
        """Issue a document of any kind; None when it is no longer due. New kinds need no act of their own."""

    @activity.defn(name="issue_receipt")
    @abstractmethod
    def issue_receipt(self, ref: Ref) -> DocumentRef:
        """Seal and publish the receipt (récépissé) of a reception (`ref.id`: its rank)."""

    @activity.defn(name="issue_enrolment_receipt")
    @abstractmethod
    def issue_enrolment_receipt(self, ref: Ref) -> DocumentRef:
        """Seal the receipt of an enrolment (`ref.id`), readable once the enrolment is activated."""

    @activity.defn(name="issue_attestation")
    @abstractmethod
    def issue_attestation(self, ref: Ref) -> DocumentRef:
        """Seal and publish the attestation of tacit acceptance."""

    @activity.defn(name="issue_void_notice")
    @abstractmethod
    def issue_void_notice(self, ref: Ref) -> DocumentRef:
        """Seal and publish the notice that a decision is void (avis de caducité; `ref.id`: the decision)."""

    @activity.defn(name="sign_decision")
    @abstractmethod
    def sign_decision(self, ref: Ref) -> DocumentRef | None:
        """Compose and sign a decision (`ref.id`) without publishing it; None if it no longer applies."""

    @activity.defn(name="seal_completion_request")
    @abstractmethod
    def seal_completion_request(self, ref: Ref) -> DocumentRef | None:
        """Compose and seal a request for pieces (`ref.id`), unpublished; None if it no longer applies."""

    @activity.defn(name="sign_claim")
    @abstractmethod
    def sign_claim(self, ref: Ref) -> DocumentRef | None:
        """Sign and publish an agreed claim (`ref.id`); None if nobody may sign it: it is then under review again."""

    @activity.defn(name="sign_claim_refusal")
    @abstractmethod
    def sign_claim_refusal(self, ref: Ref) -> DocumentRef | None:
        """Sign and publish the refusal of a claim (`ref.id`), which ends it; None if nobody may sign it."""

    @activity.defn(name="stamp_chain")
    @abstractmethod
    def stamp_chain(self, process: Process) -> int:
        """Time-stamp the new events of all cases; returns the position reached in the journal."""

    @activity.defn(name="preview_decision")
    @abstractmethod
    def preview_decision(self, ref: Ref) -> None:
        """Compose a decision or a request for pieces that is not made (`ref.id`: the proposal); only it is stored."""


class VerificationActs(Acts):
    """Verification of documents that anybody sends. Queue `verifying`, whose worker holds no signature key."""

    @activity.defn(name="verify_document")
    @abstractmethod
    def verify_document(self, upload: Upload) -> None:
        """Verify an uploaded document and store the result."""


class ReadingActs(Acts):
    """Files of claims, read by the program that alone touches their bytes. Queue `reading`; no signature key."""

    @activity.defn(name="read_upload")
    @abstractmethod
    def read_upload(self, ref: Ref) -> UploadProgress:
        """Read and check a file (`ref.id`) that waits for it, and beat with the line; one read before is returned."""


class UploadActs(Acts):
    """What becomes of files of claims beside their reading. `ref.id` is the file."""

    @activity.defn(name="forget_uploads")
    @abstractmethod
    def forget_uploads(self, ref: Ref) -> UploadProgress:
        """Drop a file that was not submitted: its bytes, its errors, the claim staged of it. A local act."""


class AuditOrder(Message):
    """What an audit examines: everything, or what is new since the last whole verdict."""

    everything: bool


class EvidenceActs(Acts):
    """Copies of anchors outside, and the audit of the register. Queue `signing`, which knows the trust anchors."""

    @activity.defn(name="copy_anchors")
    @abstractmethod
    async def copy_anchors(self, process: Process) -> int:
        """Copy the anchors that have no copy outside yet; returns how many."""

    @activity.defn(name="audit_register")
    @abstractmethod
    def audit_register(self, order: AuditOrder) -> int:
        """Audit the register, store the verdict, and open an incident when something is broken; returns how many."""


class LetterActs(Acts):
    """Letters on paper: drawn into the folder of the printing channel, kept nowhere."""

    @activity.defn(name="print_letter")
    @abstractmethod
    def print_letter(self, process: Process) -> bool:
        """Draw an ordered letter with a new code; False when there is nothing to print any more."""


class MailActs(Acts):
    """Notices by mail: a link, never the document."""

    @activity.defn(name="send_notices")
    @abstractmethod
    async def send_notices(self, process: Process) -> int | MailsDeferred:
        """Send the waiting notices of a process; returns how many, or that some are to be tried again."""

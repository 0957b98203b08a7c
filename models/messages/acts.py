"""Declarations of every activity ("act"), typed and without a body: all effects of this system on the world.

`workflows` call these declarations; `activities` and the tests' fakes subclass them. A method of the same
name implements the act and is registered under the declared activity name.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable

from temporalio import activity

from models.identifiers import Message
from models.messages.case import (
    DocumentOrder,
    DocumentRef,
    Incident,
    Publication,
    Ref,
    Reminder,
    SilenceOutcome,
)
from models.messages.deposit import Channel, Deposit
from models.messages.draft import DraftEnd
from models.messages.enrolment import EnrolmentState, Listed
from models.messages.verification import Upload


class Process(Message):
    """A process, by its workflow id."""

    id: str


class Acts(ABC):
    """A family of acts, implemented by subclasses of its declaration."""

    def __init_subclass__(cls) -> None:
        """Give each implementation the activity name of its declaration."""
        for name in _declared(cls) & vars(cls).keys():
            activity.defn(name=name)(vars(cls)[name])

    def activities(self) -> list[Callable[..., object]]:
        """Return the bound acts, to register with a worker."""
        return [getattr(self, name) for name in sorted(_declared(type(self)))]


def _declared(cls: type) -> set[str]:
    return {name for base in cls.__mro__[1:] for name in getattr(base, "__abstractmethods__", ())}


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
    def hand_over(self, ref: Ref) -> None:
        """Queue the authorization for hand-over to the paying agency (transmission à l'ASP)."""

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


class EnrolmentActs(Acts):
    """Acts on enrolments (adhésions, R. 5122-26, I) and their credentials. Local acts except `identify`."""

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

    @activity.defn(name="stamp_chain")
    @abstractmethod
    def stamp_chain(self, process: Process) -> int:
        """Time-stamp the new events of all cases; returns the position reached in the journal."""

    @activity.defn(name="preview_decision")
    @abstractmethod
    def preview_decision(self, ref: Ref) -> None:
        """Compose a decision without taking it (`ref.id`: the proposal); only the draft is stored."""

    @activity.defn(name="verify_document")
    @abstractmethod
    def verify_document(self, upload: Upload) -> None:
        """Verify an uploaded document and store the result."""


class MailActs(Acts):
    """Notices by mail: a link, never the document."""

    @activity.defn(name="send_notices")
    @abstractmethod
    async def send_notices(self, process: Process) -> int:
        """Send the waiting notices of a process; returns how many."""


class AgencyActs(Acts):
    """Hand-over to the paying agency (transmission à l'ASP). Queue `agency`, one file at a time."""

    @activity.defn(name="prepare_deposit")
    @abstractmethod
    def prepare_deposit(self, channel: Channel) -> Deposit | None:
        """Reserve the next file: its name, rows and bytes; None when there is nothing to send."""

    @activity.defn(name="put_deposit")
    @abstractmethod
    async def put_deposit(self, deposit: Deposit) -> None:
        """Write a reserved file to the agency's folder; a retry writes the same bytes."""

"""Messages about one case: references, instants and digests, never names or reasons."""

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field

from law.calendar import local
from law.silence import LegalDelay as LegalSilence
from law.silence import Rule
from models.identifiers import Instant, Message
from models.labels import DocumentKind, HoldReason, Outcome

NOT_CONFIRMED: Final = (
    "Établissement pas encore confirmé par le répertoire : son nom, son adresse et son département sont ceux "
    "qui ont été déclarés."
)
"""Signal of a case while the register of establishments has not answered; its controls are then made again."""


class Receipt(Message):
    """What a reception fixes for good: the rule of that day and the instant of acceptance (R. 5122-26, II)."""

    version: int
    received_at: Instant
    rule: Rule
    last_day_on: date
    tacit_acceptance_at: Instant

    def silence(self, department: str) -> LegalSilence:
        """Return the delay that it fixed, in the legal time of the département."""
        return LegalSilence(
            self.rule,
            local(self.received_at, department),
            self.last_day_on,
            local(self.tacit_acceptance_at, department),
            (),
        )


class Case(Message):
    """Input of the process of one request: its reference and its legal instants."""

    reference: str
    department: str
    receipt: Receipt
    opinion_due_on: date | None = None
    """Last day for a works-council opinion sent after the request; None when none is awaited."""
    council: bool = True
    """Whether there is a works council to inform of the decision (R. 5122-4)."""
    end_on: date
    """Last day of the period requested."""
    filed_on: date


class Ref(Message):
    """A case's reference, and the id of something of the case that the register holds."""

    reference: str
    id: str


class DocumentOrder(Ref):
    """A document to issue: kind, case, and what it is about (`id`, empty when a case has only one)."""

    kind: DocumentKind


class DocumentRef(Message):
    """A sealed document in the register."""

    id: str
    kind: str
    sha256: str


class Established(Message):
    """Silence was recorded: tacit acceptance took effect at `effect_at`."""

    kind: Literal["established"] = "established"
    effect_at: Instant
    recorded_at: Instant
    void: str | None = None
    """Decision registered in time but not notified in time, if any."""


class AlreadySettled(Message):
    """The case already had an outcome."""

    kind: Literal["standing"] = "standing"
    outcome: Outcome
    effect_at: Instant
    void: str | None = None


class NotDue(Message):
    """Nothing to record yet: the clock was stopped or restarted, or the timer fired before the register's time."""

    kind: Literal["not_due"] = "not_due"
    deadline_at: Instant | None
    """None when the clock is stopped."""
    seconds_left: float
    """By the register's clock; 0 when stopped."""
    receipt: Receipt
    """The last reception, which fixed the deadline."""


SilenceOutcome = Annotated[Established | AlreadySettled | NotDue, Field(discriminator="kind")]


class Notified(Message):
    """A decision or a request for pieces became readable in the employer's space in time."""

    kind: Literal["notified"] = "notified"
    outcome: Outcome | None
    """None for a request for pieces: the clock stopped instead."""
    at: Instant
    limit_at: Instant | None = None
    """Limit for supplying the pieces; the clock stays stopped after it."""


class Void(Message):
    """It came too late or was cancelled: `standing` is the outcome in force (None: the case goes on)."""

    kind: Literal["void"] = "void"
    standing: Outcome | None


Publication = Annotated[Notified | Void, Field(discriminator="kind")]


class Held(Message):
    """An authorization that is not handed to the paying agency yet, and what holds it."""

    reasons: tuple[HoldReason, ...]


class ClaimsForfeiture(Message):
    """When the claims of an authorization are out of time (forclusion), by the period that was granted.

    Or when to ask again, while one that was made in time, or an amendment, is under way.
    """

    forfeited_at: Instant
    seconds_left: float
    """By the register's clock; 0 once they are."""


class Ended(Message):
    """Result of a case's process."""

    reference: str
    outcome: Outcome


class Incident(Message):
    """A broken dependency on which a process is parked."""

    subject: str
    """Workflow id."""
    act: str
    part: str
    """Which dependency, as the act named it: `signer`, `timestamp`, `mail`, `agency`, `register`…"""


class Reminder(Message):
    """One of the reminders before an instant; its rank (`rung`) determines who receives it."""

    subject: str
    """Reference, draft id, or SIRET of an enrolment."""
    kind: Literal["silence", "draft", "opinion", "completion", "inform_council", "activation"]
    rung: int
    instant: Instant | None = None

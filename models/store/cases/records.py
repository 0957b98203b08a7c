"""Rows of a case as records: the request, its receipts, decisions, requests for pieces and opinions."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from law.calendar import local
from law.decision import Terms
from law.grounds import Ground
from law.opinion import OpinionDuty, opinion_duty
from models.bodies.completion import RequestedPiece
from models.bodies.filing import Commitment
from models.explanations import ReasonRecord
from models.identifiers import Instant
from models.labels import FilingSignal, Outcome
from models.messages.case import Receipt
from models.store.records import Record


class CommitmentRecord(Commitment):
    """A commitment as it was stated, perhaps before its text had to have a form."""

    detail: str


class PieceRecord(RequestedPiece):
    """A requested piece as it was stated, perhaps before its texts had to have a form."""

    code: str
    label: str
    text_reference: str


class RequestRecord(Record):
    """A request: the row that arbitrates its outcome."""

    reference: str
    siret: str
    account_id: str
    party: str | None
    department: str
    channel: str
    ground: Ground
    perimeter: str
    placement_on: date
    start_on: date
    end_on: date
    headcount: int
    employees: int
    hours: Decimal
    direct_payment: bool
    other_employees: bool
    filing_signals: tuple[FilingSignal, ...]
    commitments: tuple[CommitmentRecord, ...]
    law_on: date | None
    received_at: Instant
    deadline_at: Instant | None
    clock_offset: timedelta
    outcome: Outcome | None
    effect_at: Instant | None
    notified_at: Instant | None
    recorded_at: Instant | None
    closed_at: Instant | None
    status: str
    assigned_to: str | None
    signals: tuple[str, ...]
    amends: str | None = None
    """The authorization that an amendment changes; `terms` are then those of the whole."""

    @property
    def received_on(self) -> date:
        """Local day of the reception."""
        return local(self.received_at, self.department).date()

    def day_of(self, at: datetime) -> date:
        """Local day of an instant."""
        return local(at, self.department).date()

    @property
    def law_day(self) -> date:
        """Day whose law applies: that of the reception, or the one chosen in the training profile."""
        return self.law_on or self.received_on

    @property
    def opinion_duty(self) -> OpinionDuty:
        """What the request must provide of the works council's opinion; raises BeforeFirstText."""
        return opinion_duty(self.ground, self.received_on, self.headcount, law_on=self.law_on)

    @property
    def terms(self) -> Terms:
        """What the request asks for."""
        return Terms(self.start_on, self.end_on, self.employees, self.hours)


class NominalRecord(Record):
    """What names persons or bank accounts in a request."""

    author: str
    circumstances: str
    iban: str
    holder: str


class ReceiptRecord(Receipt):
    """A receipt with its explanation."""

    why: tuple[ReasonRecord, ...]


class DecisionRecord(Record):
    """An agent's decision and its state."""

    id: str
    reference: str
    agent_id: str
    delegation_id: str | None
    outcome: str
    start_on: date | None
    end_on: date | None
    employees: int | None
    hours: Decimal | None
    partial: bool
    reasons: tuple[str, ...]
    commitments: tuple[CommitmentRecord, ...]
    state: str
    registered_at: Instant
    signed_at: Instant | None
    notified_at: Instant | None
    voided_at: Instant | None

    @property
    def settlement(self) -> Outcome:
        """How the request ends once the decision is notified."""
        return Outcome.GRANTED if self.outcome == "grant" else Outcome.REFUSED

    @property
    def sense(self) -> str:
        """What the decision is for its employer: `granted`, `partial` or `refused`."""
        if self.outcome == "refusal":
            return "refused"
        return "partial" if self.partial else "granted"

    @property
    def terms(self) -> Terms | None:
        """What is granted; None for a refusal."""
        if self.start_on is None or self.end_on is None or self.employees is None or self.hours is None:
            return None
        return Terms(self.start_on, self.end_on, self.employees, self.hours)


class CompletionRecord(Record):
    """A request for pieces; `supplied` holds what was supplied, by piece code."""

    id: str
    reference: str
    agent_id: str
    pieces: tuple[PieceRecord, ...]
    reasons: str
    due_on: date
    state: str
    supplied: dict[str, dict[str, str | None]]
    registered_at: Instant
    notified_at: Instant | None
    ended_at: Instant | None


class OpinionRecord(Record):
    """One version of the works-council opinion; `form` says why there is none."""

    version: int
    form: str
    given_on: date | None
    file_id: str | None
    due_on: date | None
    received_at: Instant

"""Response shapes of a case, as the contract defines them; instants in the legal time of the département."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Self

from pydantic import ConfigDict, Field

from law.calendar import local
from law.decision import Terms
from law.directory import service
from law.silence import Rule
from models.bodies.filing import WorksCouncil
from models.explanations import ReasonRecord
from models.identifiers import Message, Period
from models.labels import FilingSignal, HoldReason, Outcome
from models.store.cases.files import StoredFile
from models.store.cases.records import CommitmentRecord, CompletionRecord, DecisionRecord
from starter.services.content_schemas import FiledAccount, GivenOpinion, Granted, SuppliedPiece

Links = dict[str, str]


class ServiceView(Message):
    """Service chargé du dossier (CRPA R. 112-11-1)."""

    name: str
    address: str
    phone: str
    email: str

    @classmethod
    def of(cls, department: str, on: date) -> Self:
        """Return the service in charge of a département on a day."""
        record = service(department, on)
        return cls(name=record.name, address=record.address, phone=record.phone, email=record.email)


class SignalView(Message):
    """Something to look at, by its code; it stops nothing."""

    code: FilingSignal
    label: str


class Filed(Message):
    """The answer to a filing; a repeated filing gets the same one."""

    reference: str
    status: Literal["under_review"]
    received_at: datetime
    tacit_acceptance_at: datetime | None
    """None for a change of bank account, on which an agent decides."""
    rule: Rule | None
    why: tuple[ReasonRecord, ...]
    service: ServiceView
    signals: tuple[SignalView, ...]
    links: Links


class Clock(Message):
    """The legal clock of a case."""

    state: Literal["running", "stopped", "ended"]
    rule: Rule
    tacit_acceptance_at: datetime | None
    """None while the clock is stopped."""
    why: tuple[ReasonRecord, ...]


class PendingCompletion(Message):
    """A pending request for pieces, and the pieces still missing."""

    id: str
    pieces: tuple[dict[str, str], ...]
    missing: tuple[str, ...]
    reasons: str
    due_on: date
    notified_at: datetime | None


class Decision(Message):
    """An agent's decision and its state."""

    model_config = ConfigDict(validate_by_name=True)

    id: str
    state: str
    outcome: str
    period: Period | None
    employees: int | None
    hours: Decimal | None
    partial: bool
    reasons: tuple[str, ...] = Field(alias="grounds")
    registered_at: datetime
    signed_at: datetime | None
    notified_at: datetime | None

    @classmethod
    def of(cls, record: DecisionRecord, department: str) -> Self:
        """Return the view of a decision, in the legal time of its département."""
        granted = record.terms
        same = {"id", "state", "outcome", "employees", "hours", "partial", "reasons"}
        return cls(
            **record.model_dump(include=same),
            period=Period(start_on=granted.start_on, end_on=granted.end_on) if granted else None,
            registered_at=local(record.registered_at, department),
            signed_at=here(record.signed_at, department),
            notified_at=here(record.notified_at, department),
        )


class CompletionRequested(Message):
    """A request for pieces and its state."""

    id: str
    state: str
    due_on: date
    registered_at: datetime
    notified_at: datetime | None

    @classmethod
    def of(cls, record: CompletionRecord, department: str) -> Self:
        """Return the view of a request for pieces, in the legal time of its département."""
        return cls(
            id=record.id,
            state=record.state,
            due_on=record.due_on,
            registered_at=local(record.registered_at, department),
            notified_at=here(record.notified_at, department),
        )


class EventView(Message):
    """One event of a case."""

    seq: int
    type: str
    at: datetime
    recorded_at: datetime
    actor_role: str
    mandate: str | None
    """Id of the mandate under which an agent of record acted."""


class TermsView(Message):
    """Terms of an authorization."""

    period: Period
    employees: int
    hours: Decimal

    @classmethod
    def of(cls, terms: Terms) -> Self:
        """Return the view of terms."""
        period = Period(start_on=terms.start_on, end_on=terms.end_on)
        return cls(period=period, employees=terms.employees, hours=terms.hours)


class AmendmentView(TermsView):
    """An amendment of an authorization: the terms of the whole that it asks for, or those granted."""

    reference: str
    status: str
    outcome: Outcome | None
    received_at: datetime
    effect_at: datetime | None
    links: Links


class BankChangeView(Message):
    """A change of bank account asked for under an authorization; what is decided shows once it is signed."""

    model_config = ConfigDict(validate_by_name=True)

    number: str
    state: str
    """`received` until the signed decision is notified, then `changed` or `refused`."""
    iban: str
    holder: str
    received_at: datetime
    effective_at: datetime | None
    reasons: tuple[str, ...] = Field((), alias="grounds")


class Document(Message):
    """A sealed document."""

    id: str
    kind: str
    number: str
    sha256: str
    signed_at: datetime
    first_read_at: datetime | None
    """First reading by a person of the employer."""


class ActingMandate(Message):
    """Mandat du tiers déclarant qui a agi sur un dossier."""

    id: str
    name: str
    starts_on: date
    ends_on: date
    revoked_at: datetime | None


class CaseBase(Message):
    """What an employer and an agent read of a case alike."""

    reference: str
    siret: str
    name: str
    """Name of the establishment."""
    service: ServiceView
    status: str
    outcome: Outcome | None
    received_at: datetime
    clock: Clock
    effect_at: datetime | None
    notified_at: datetime | None
    recorded_at: datetime | None
    ground: str
    perimeter: str
    placement_on: date
    period: Period
    headcount: int
    employees: int
    hours: Decimal
    circumstances: str | None
    """None once it is erased."""
    commitments: tuple[CommitmentRecord, ...]
    bank_account: FiledAccount | None
    """None once it is erased."""
    direct_payment: bool
    other_employees: bool
    """Whether other employees are meant than in the requests for the same days."""
    files: tuple[StoredFile, ...]
    """Files of the filing, of opinions and of pieces; `GET /files/{id}` returns each."""
    opinions: tuple[GivenOpinion, ...]
    """Every version of the opinion, the one stated at filing first."""
    pieces: tuple[SuppliedPiece, ...]
    """Pieces supplied so far."""
    granted: Granted | None
    amends: str | None
    """The authorization that this request amends; None if it is none of the amendments."""
    in_force: TermsView | None
    """Terms of the authorization now, as amended; None without one."""
    amendments: tuple[AmendmentView, ...]
    """Amendments of this request, oldest first."""
    bank_changes: tuple[BankChangeView, ...]
    """Changes of bank account asked for under this request, oldest first."""
    pending_completion: PendingCompletion | None
    opinion_due_on: date | None
    decision: Decision | None
    events: tuple[EventView, ...]
    documents: tuple[Document, ...]
    mandates: tuple[ActingMandate, ...]
    """Mandates under which an agent of record acted on the case."""
    authority: Literal["proven", "unproven"]
    """Whether the account that filed has proven that it may speak for the establishment."""
    hand_over_held_for: tuple[HoldReason, ...]
    """Why the authorization is not handed to the paying agency yet; empty when nothing holds it."""
    hand_over_held_why: tuple[str, ...]
    """The same in sentences for the employer, which say what ends each."""
    links: Links


class CaseView(CaseBase):
    """A case."""

    works_council: WorksCouncil
    """What the filing stated about the opinion."""


def here(at: datetime | None, department: str) -> datetime | None:
    """Return an instant in the legal time of a département."""
    return at and local(at, department)

"""Response shapes of a case, as the contract defines them; instants in the legal time of the département."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Self

from pydantic import ConfigDict, Field

from law.calendar import local
from law.directory import service
from law.silence import Rule
from models.identifiers import Message, Period
from models.labels import Outcome
from models.store.cases.records import CompletionRecord, DecisionRecord, ReasonRecord

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


class Filed(Message):
    """The answer to a filing; a repeated filing gets the same one."""

    reference: str
    status: Literal["under_review"]
    received_at: datetime
    tacit_acceptance_at: datetime
    rule: Rule
    why: tuple[ReasonRecord, ...]
    service: ServiceView
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


class CaseView(Message):
    """A case."""

    reference: str
    status: str
    outcome: Outcome | None
    received_at: datetime
    clock: Clock
    effect_at: datetime | None
    notified_at: datetime | None
    recorded_at: datetime | None
    period: Period
    employees: int
    hours: Decimal
    pending_completion: PendingCompletion | None
    opinion_due_on: date | None
    decision: Decision | None
    events: tuple[EventView, ...]
    documents: tuple[Document, ...]
    mandates: tuple[ActingMandate, ...]
    """Mandates under which an agent of record acted on the case."""
    links: Links


def here(at: datetime | None, department: str) -> datetime | None:
    """Return an instant in the legal time of a département."""
    return at and local(at, department)

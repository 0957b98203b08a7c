"""What the doors answer: records of the register in the shape of the contract, instants local to the département."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Self

from sqlalchemy import Connection

from law.calendar import local
from law.directory import service
from law.silence import Rule
from law.texts import Reason
from models.authorization import Outcome
from models.store import completions, decisions, documents, events, opinions, requests
from models.store.records import (
    CompletionRecord,
    DecisionRecord,
    DocumentRecord,
    ReasonRecord,
    ReceiptRecord,
    RequestRecord,
)
from models.values import Message, Period

Links = dict[str, str]


class Service(Message):
    """Service chargé du dossier (CRPA R. 112-11-1)."""

    name: str
    address: str
    phone: str
    email: str

    @classmethod
    def of(cls, department: str, on: date) -> Self:
        """Return the service in charge of a département on a day."""
        found = service(department, on)
        return cls(name=found.name, address=found.address, phone=found.phone, email=found.email)


class Filed(Message):
    """What a filing fixed; the same for every repetition of it."""

    reference: str
    status: Literal["under_review"]
    received_at: datetime
    tacit_acceptance_at: datetime
    rule: Rule
    why: tuple[ReasonRecord, ...]
    service: Service
    links: Links


class Clock(Message):
    """The legal clock of a case."""

    state: Literal["running", "stopped", "ended"]
    rule: Rule
    tacit_acceptance_at: datetime | None
    """None while the clock is stopped."""
    why: tuple[ReasonRecord, ...]


class Pending(Message):
    """A request for pieces under way, and what is still missing."""

    id: str
    pieces: tuple[dict[str, str], ...]
    missing: tuple[str, ...]
    reasons: str
    due_on: date
    notified_at: datetime | None


class Decision(Message):
    """An agent's decision and where it stands."""

    id: str
    state: str
    outcome: str
    period: Period | None
    employees: int | None
    hours: Decimal | None
    partial: bool
    grounds: tuple[str, ...]
    registered_at: datetime
    signed_at: datetime | None
    notified_at: datetime | None

    @classmethod
    def of(cls, found: DecisionRecord, department: str) -> Self:
        """Show a decision in the legal time of its département."""
        given = found.model_dump(include=set(cls.model_fields) - {"period"})
        period = (
            Period(start_on=found.start_on, end_on=found.end_on) if found.start_on and found.end_on else None
        )
        return cls(period=period, **given).in_time_of(department)

    def in_time_of(self, department: str) -> Self:
        """Return the same with local instants."""
        instants = ("registered_at", "signed_at", "notified_at")
        return self.model_copy(update={name: here(getattr(self, name), department) for name in instants})


class Happened(Message):
    """One event of a case."""

    seq: int
    type: str
    at: datetime
    recorded_at: datetime
    actor_role: str


class Document(Message):
    """A sealed document."""

    id: str
    kind: str
    number: str
    sha256: str
    signed_at: datetime


class CaseView(Message):
    """A case as the register holds it."""

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
    pending_completion: Pending | None
    opinion_due_on: date | None
    decision: Decision | None
    events: tuple[Happened, ...]
    documents: tuple[Document, ...]
    links: Links


def here(at: datetime | None, department: str) -> datetime | None:
    """Return an instant in the legal time of a département."""
    return at and local(at, department)


def reasons(why: Sequence[Reason]) -> tuple[ReasonRecord, ...]:
    """Show an explanation of the law."""
    return tuple(ReasonRecord(article=r.article, text=r.text, value=r.value, source=r.source) for r in why)


def filed(connection: Connection, reference: str) -> Filed:
    """Rebuild from the register what a filing was answered."""
    found = requests.get(connection, reference)
    first = requests.receipts(connection, reference)[0]
    received = local(first.received_at, found.department)
    return Filed(
        reference=reference,
        status="under_review",
        received_at=received,
        tacit_acceptance_at=local(first.tacit_acceptance_at, found.department),
        rule=first.rule,
        why=first.why,
        service=Service.of(found.department, found.law_on or received.date()),
        links=links(reference),
    )


def links(reference: str) -> Links:
    """Where to go on from a case."""
    case = f"/api/v1/requests/{reference}"
    return {
        "self": case,
        "completion": f"{case}/completion",
        "desistment": f"{case}/desistment",
        "works_council_opinion": f"{case}/works-council-opinion",
    }


def case(connection: Connection, found: RequestRecord, *, published_only: bool) -> CaseView:
    """Show a case; an employer sees what was published only."""
    place, reference = found.department, found.reference
    pending = completions.pending(connection, reference)
    decided = decisions.current(connection, reference)
    if published_only:
        pending = pending if pending and pending.notified_at else None
        decided = decided if decided and decided.notified_at else None
    return CaseView(
        reference=reference,
        status=found.status,
        outcome=found.outcome,
        received_at=local(found.received_at, place),
        clock=clock(found, requests.receipts(connection, reference)[-1]),
        effect_at=here(found.effect_at, place),
        notified_at=here(found.notified_at, place),
        recorded_at=here(found.recorded_at, place),
        period=Period(start_on=found.start_on, end_on=found.end_on),
        employees=found.employees,
        hours=found.hours,
        pending_completion=_pending(pending, place) if pending else None,
        opinion_due_on=opinions.awaited_until(connection, reference),
        decision=Decision.of(decided, place) if decided else None,
        events=tuple(_events(connection, reference, place)),
        documents=tuple(
            document(each, place)
            for each in documents.of(connection, reference, published_only=published_only)
        ),
        links=links(reference),
    )


def clock(found: RequestRecord, last: ReceiptRecord) -> Clock:
    """Show the clock of a case under its last receipt."""
    return Clock(
        state="ended" if found.outcome else "running" if found.deadline_at else "stopped",
        rule=last.rule,
        tacit_acceptance_at=here(found.deadline_at, found.department),
        why=last.why,
    )


def document(found: DocumentRecord, department: str) -> Document:
    """Show a document in the legal time of a département."""
    return Document(
        id=found.id,
        kind=found.kind,
        number=found.number,
        sha256=found.sha256,
        signed_at=local(found.signed_at, department),
    )


def _pending(found: CompletionRecord, department: str) -> Pending:
    return Pending(
        id=found.id,
        pieces=tuple(piece.model_dump() for piece in found.pieces),
        missing=tuple(piece.code for piece in found.pieces if piece.code not in found.supplied),
        reasons=found.reasons,
        due_on=found.due_on,
        notified_at=here(found.notified_at, department),
    )


def _events(connection: Connection, reference: str, department: str) -> list[Happened]:
    return [
        Happened(
            seq=each.seq,
            type=each.type,
            at=local(each.at, department),
            recorded_at=local(each.recorded_at, department),
            actor_role=each.actor_role,
        )
        for each in events.of(connection, reference)
    ]

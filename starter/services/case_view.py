"""Views of a case: records of the register in the response shapes of the contract."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from law.calendar import local
from law.texts import Reason
from models.identifiers import Period
from models.store.cases import completions, decisions, documents, first_readings, opinions, requests
from models.store.cases.documents import DocumentRecord
from models.store.cases.records import CompletionRecord, ReasonRecord, ReceiptRecord, RequestRecord
from models.store.journal import events
from models.store.people import mandates
from starter.services.case_schemas import (
    ActingMandate,
    CaseView,
    Clock,
    Decision,
    Document,
    EventView,
    Filed,
    Links,
    PendingCompletion,
    ServiceView,
    here,
)


def reasons(why: Sequence[Reason]) -> tuple[ReasonRecord, ...]:
    """Return the view of a legal explanation."""
    return tuple(ReasonRecord(article=r.article, text=r.text, value=r.value, source=r.source) for r in why)


def filed(connection: Connection, reference: str) -> Filed:
    """Rebuild the answer to a filing from the register."""
    record = requests.get(connection, reference)
    first = requests.list_receipts(connection, reference)[0]
    received = local(first.received_at, record.department)
    return Filed(
        reference=reference,
        status="under_review",
        received_at=received,
        tacit_acceptance_at=local(first.tacit_acceptance_at, record.department),
        rule=first.rule,
        why=first.why,
        service=ServiceView.of(record.department, record.law_day),
        links=links(reference),
    )


def links(reference: str) -> Links:
    """Return the links of a case."""
    case = f"/api/v1/requests/{reference}"
    return {
        "self": case,
        "completion": f"{case}/completion",
        "desistment": f"{case}/desistment",
        "works_council_opinion": f"{case}/works-council-opinion",
    }


def draft_links(draft_id: str) -> Links:
    """Return the links of a draft."""
    draft = f"/api/v1/drafts/{draft_id}"
    return {"self": draft, "filing": f"{draft}/filing"}


def case(connection: Connection, record: RequestRecord, *, published_only: bool) -> CaseView:
    """Return the view of a case; employers see only what was published."""
    department, reference = record.department, record.reference
    pending = completions.find_pending(connection, reference)
    decided = decisions.find_current(connection, reference)
    if published_only:
        pending = pending if pending and pending.notified_at else None
        decided = decided if decided and decided.notified_at else None
    history = tuple(_events(connection, reference, department))
    read = first_readings.first_reading_by_document(connection, reference)
    return CaseView(
        reference=reference,
        status=record.status,
        outcome=record.outcome,
        received_at=local(record.received_at, department),
        clock=clock(record, requests.list_receipts(connection, reference)[-1]),
        effect_at=here(record.effect_at, department),
        notified_at=here(record.notified_at, department),
        recorded_at=here(record.recorded_at, department),
        period=Period(start_on=record.start_on, end_on=record.end_on),
        employees=record.employees,
        hours=record.hours,
        pending_completion=_pending(pending, department) if pending else None,
        opinion_due_on=opinions.find_due_day(connection, reference),
        decision=Decision.of(decided, department) if decided else None,
        events=history,
        documents=tuple(
            document(each, department, read.get(each.id))
            for each in documents.list_of(connection, reference, published_only=published_only)
        ),
        mandates=tuple(_mandates(connection, history, department)),
        links=links(reference),
    )


def clock(record: RequestRecord, last: ReceiptRecord) -> Clock:
    """Return the legal clock of a case; `last` is its latest receipt."""
    return Clock(
        state="ended" if record.outcome else "running" if record.deadline_at else "stopped",
        rule=last.rule,
        tacit_acceptance_at=here(record.deadline_at, record.department),
        why=last.why,
    )


def document(record: DocumentRecord, department: str, read_at: datetime | None) -> Document:
    """Return the view of a document, in the legal time of a département."""
    return Document(
        id=record.id,
        kind=record.kind,
        number=record.number,
        sha256=record.sha256,
        signed_at=local(record.signed_at, department),
        first_read_at=here(read_at, department),
    )


def _pending(record: CompletionRecord, department: str) -> PendingCompletion:
    return PendingCompletion(
        id=record.id,
        pieces=tuple(piece.model_dump() for piece in record.pieces),
        missing=tuple(piece.code for piece in record.pieces if piece.code not in record.supplied),
        reasons=record.reasons,
        due_on=record.due_on,
        notified_at=here(record.notified_at, department),
    )


def _mandates(connection: Connection, history: Sequence[EventView], department: str) -> Iterator[ActingMandate]:
    for each in mandates.list_named(connection, {event.mandate for event in history if event.mandate}):
        given = each.model_dump(include={"id", "name", "starts_on", "ends_on"})
        yield ActingMandate(**given, revoked_at=here(each.revoked_at, department))


def _events(connection: Connection, reference: str, department: str) -> list[EventView]:
    return [
        EventView(
            seq=each.seq,
            type=each.type,
            at=local(each.at, department),
            recorded_at=local(each.recorded_at, department),
            actor_role=each.actor_role,
            mandate=each.data.get("mandate"),
        )
        for each in events.list_of(connection, reference)
    ]

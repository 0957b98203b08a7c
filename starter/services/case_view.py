"""Cases of the register shown in the shapes of the contract."""

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
    CaseView,
    Clock,
    Decision,
    Document,
    Filed,
    Happened,
    Links,
    Pending,
    Service,
    UnderMandate,
    here,
)


def reasons(why: Sequence[Reason]) -> tuple[ReasonRecord, ...]:
    """Show an explanation of the law."""
    return tuple(ReasonRecord(article=r.article, text=r.text, value=r.value, source=r.source) for r in why)


def filed(connection: Connection, reference: str) -> Filed:
    """Rebuild from the register what a filing was answered."""
    found = requests.get(connection, reference)
    first = requests.list_receipts(connection, reference)[0]
    received = local(first.received_at, found.department)
    return Filed(
        reference=reference,
        status="under_review",
        received_at=received,
        tacit_acceptance_at=local(first.tacit_acceptance_at, found.department),
        rule=first.rule,
        why=first.why,
        service=Service.of(found.department, found.law_day),
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


def draft_links(draft_id: str) -> Links:
    """Where to go on from a draft."""
    draft = f"/api/v1/drafts/{draft_id}"
    return {"self": draft, "filing": f"{draft}/filing"}


def case(connection: Connection, found: RequestRecord, *, published_only: bool) -> CaseView:
    """Show a case; an employer sees what was published only."""
    place, reference = found.department, found.reference
    pending = completions.find_pending(connection, reference)
    decided = decisions.find_current(connection, reference)
    if published_only:
        pending = pending if pending and pending.notified_at else None
        decided = decided if decided and decided.notified_at else None
    happened = tuple(_events(connection, reference, place))
    read = first_readings.first_reading_by_document(connection, reference)
    return CaseView(
        reference=reference,
        status=found.status,
        outcome=found.outcome,
        received_at=local(found.received_at, place),
        clock=clock(found, requests.list_receipts(connection, reference)[-1]),
        effect_at=here(found.effect_at, place),
        notified_at=here(found.notified_at, place),
        recorded_at=here(found.recorded_at, place),
        period=Period(start_on=found.start_on, end_on=found.end_on),
        employees=found.employees,
        hours=found.hours,
        pending_completion=_pending(pending, place) if pending else None,
        opinion_due_on=opinions.find_due_day(connection, reference),
        decision=Decision.of(decided, place) if decided else None,
        events=happened,
        documents=tuple(
            document(each, place, read.get(each.id))
            for each in documents.list_of(connection, reference, published_only=published_only)
        ),
        mandates=tuple(_mandates(connection, happened, place)),
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


def document(found: DocumentRecord, department: str, read_at: datetime | None) -> Document:
    """Show a document in the legal time of a département."""
    return Document(
        id=found.id,
        kind=found.kind,
        number=found.number,
        sha256=found.sha256,
        signed_at=local(found.signed_at, department),
        first_read_at=here(read_at, department),
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


def _mandates(
    connection: Connection, happened: Sequence[Happened], department: str
) -> Iterator[UnderMandate]:
    for each in mandates.list_named(connection, {event.mandate for event in happened if event.mandate}):
        told = each.model_dump(include={"id", "name", "starts_on", "ends_on"})
        yield UnderMandate(**told, revoked_at=here(each.revoked_at, department))


def _events(connection: Connection, reference: str, department: str) -> list[Happened]:
    return [
        Happened(
            seq=each.seq,
            type=each.type,
            at=local(each.at, department),
            recorded_at=local(each.recorded_at, department),
            actor_role=each.actor_role,
            mandate=each.data.get("mandate"),
        )
        for each in events.list_of(connection, reference)
    ]

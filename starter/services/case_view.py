"""Views of a case: records of the register in the response shapes of the contract."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from law.calendar import local
from law.completion import suspension_reasons
from law.opinion import OpinionForm
from models.explanations import reason_records
from models.identifiers import Period, authorization_of
from models.labels import CaseEvent
from models.store.cases import (
    amendments,
    authority_holds,
    bank_changes,
    completions,
    decisions,
    documents,
    files,
    first_readings,
    holds,
    opinions,
    requests,
)
from models.store.cases.bank_changes import BankChangeRecord
from models.store.cases.documents import DocumentRecord
from models.store.cases.records import CompletionRecord, NominalRecord, ReceiptRecord, RequestRecord
from models.store.journal import events
from models.store.people import accounts, mandates
from starter.services import case_content
from starter.services.case_schemas import (
    ActingMandate,
    AmendmentView,
    BankChangeView,
    CaseView,
    Clock,
    Decision,
    Document,
    EventView,
    Filed,
    Links,
    PendingCompletion,
    ServiceView,
    SignalView,
    TermsView,
    here,
)
from starter.services.filing_signals import odd_account


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
        signals=tuple(SignalView(code=each, label=each.label) for each in record.filing_signals),
        links=links(reference),
    )


def filed_change(connection: Connection, change: BankChangeRecord) -> Filed:
    """Rebuild the answer to a request for another bank account: no silence accepts it."""
    record = requests.get(connection, change.reference)
    return Filed(
        reference=change.number,
        status="under_review",
        received_at=local(change.received_at, record.department),
        tacit_acceptance_at=None,
        rule=None,
        why=(),
        service=ServiceView.of(record.department, record.law_day),
        signals=tuple(SignalView(code=each.signal, label=each.signal.label) for each in odd_account(change.iban)),
        links=links(change.reference),
    )


def links(reference: str) -> Links:
    """Return the links of a case."""
    case = f"/api/v1/requests/{reference}"
    return {
        "self": case,
        "completion": f"{case}/completion",
        "desistment": f"{case}/desistment",
        "works_council_opinion": f"{case}/works-council-opinion",
        "messages": f"{case}/messages",
        "calendar": f"{case}/calendar.ics",
        "amendments": f"/api/v1/requests/{authorization_of(reference)}/amendments",
    }


def draft_links(draft_id: str) -> Links:
    """Return the links of a draft."""
    draft = f"/api/v1/drafts/{draft_id}"
    return {"self": draft, "filing": f"{draft}/filing"}


def case(
    connection: Connection, record: RequestRecord, nominal: NominalRecord | None, *, published_only: bool
) -> CaseView:
    """Return the view of a case; employers see only what was published."""
    reference = record.reference
    versions = opinions.list_versions(connection, reference)
    content = {
        "reference": reference,
        "name": accounts.get_establishment(connection, record.siret).name,
        "service": ServiceView.of(record.department, record.law_day),
        "period": Period(start_on=record.start_on, end_on=record.end_on),
        "circumstances": nominal.circumstances if nominal else None,
        "bank_account": case_content.bank_account(nominal),
        "works_council": case_content.works_council(versions[0]),
        "opinions": case_content.given_opinions(versions, record.department),
        "opinion_due_on": versions[-1].due_on if versions[-1].form == OpinionForm.PENDING else None,
        "pieces": case_content.supplied_pieces(connection, reference),
        "files": tuple(files.list_filed(connection, reference)),
        "links": links(reference),
    }
    stated = record.model_dump(include=case_content.STATED)
    running = _running(connection, record, published_only=published_only)
    history = _history(connection, record, published_only=published_only)
    return CaseView.model_validate(stated | content | running | history)


def _running(connection: Connection, record: RequestRecord, *, published_only: bool) -> dict[str, object]:
    """Return where the case stands: its clock, what is pending, what was decided."""
    department, reference = record.department, record.reference
    pending = completions.find_pending(connection, reference)
    decided = decisions.find_current(connection, reference)
    if published_only:
        pending = pending if pending and pending.notified_at else None
        decided = decided if decided and decided.notified_at else None
    held_for = tuple(each.reason for each in holds.list_standing(connection, reference))
    return {
        "status": record.status,
        "outcome": record.outcome,
        "received_at": local(record.received_at, department),
        "clock": clock(record, requests.list_receipts(connection, reference)[-1], pending),
        "effect_at": here(record.effect_at, department),
        "notified_at": here(record.notified_at, department),
        "recorded_at": here(record.recorded_at, department),
        "pending_completion": _pending(pending, department) if pending else None,
        "decision": Decision.of(decided, department) if decided else None,
        "granted": case_content.granted(record, decided),
        "amends": record.amends,
        "amendments": tuple(_amendments(connection, record)),
        "bank_changes": tuple(_bank_changes(connection, record)),
        "in_force": _in_force(connection, record),
        "authority": "proven" if authority_holds.was_filed_with_authority(connection, reference) else "unproven",
        "hand_over_held_for": held_for,
        "hand_over_held_why": tuple(each.told for each in held_for),
    }


def _history(connection: Connection, record: RequestRecord, *, published_only: bool) -> dict[str, object]:
    """Return what happened: the events, the documents, the mandates under which somebody acted."""
    department, reference = record.department, record.reference
    history = _events(connection, reference, department)
    shown = published_events(history) if published_only else history
    read = first_readings.first_reading_by_document(connection, reference)
    listed = documents.list_of(connection, reference, published_only=published_only)
    return {
        "events": tuple(shown),
        "documents": tuple(document(each, department, read.get(each.id)) for each in listed),
        "mandates": tuple(_mandates(connection, shown, department)),
    }


def published_events(history: Sequence[EventView]) -> list[EventView]:
    """Return the events that an employer is shown: what is published, and what the employer did.

    A decision or a request for pieces that is registered, a checklist or an incident would tell of a decision
    before it is notified.
    """
    return [each for each in history if each.type in PUBLISHED]


PUBLISHED: Final = frozenset(CaseEvent)


def _in_force(connection: Connection, record: RequestRecord) -> TermsView | None:
    """Return the terms of an authorization as amended; None without one."""
    terms = amendments.find_in_force(connection, authorization_of(record.reference))
    return TermsView.of(terms) if terms else None


def _amendments(connection: Connection, record: RequestRecord) -> Iterator[AmendmentView]:
    for each in amendments.list_of(connection, record.reference):
        yield AmendmentView(
            reference=each.reference,
            status=each.status,
            outcome=each.outcome,
            received_at=local(each.received_at, record.department),
            effect_at=here(each.effect_at, record.department),
            links=links(each.reference),
            **TermsView.of(each.terms).model_dump(),
        )


def _bank_changes(connection: Connection, record: RequestRecord) -> Iterator[BankChangeView]:
    for each in bank_changes.list_of(connection, record.reference):
        ended = each.effective_at is not None
        yield BankChangeView(
            number=each.number,
            state=each.state if ended else "received",
            iban=each.iban,
            holder=each.holder,
            received_at=local(each.received_at, record.department),
            effective_at=here(each.effective_at, record.department),
            reasons=each.grounds if ended else (),
        )


def clock(record: RequestRecord, last: ReceiptRecord, pending: CompletionRecord | None = None) -> Clock:
    """Return the legal clock of a case; `last` is its latest receipt, `pending` the request for pieces that stops it.

    While it is stopped, no receipt states when silence accepts: why it is stopped is explained instead.
    """
    stopped_at = pending.notified_at if pending and record.outcome is None and record.deadline_at is None else None
    return Clock(
        state="ended" if record.outcome else "running" if record.deadline_at else "stopped",
        rule=last.rule,
        tacit_acceptance_at=here(record.deadline_at, record.department),
        why=reason_records(suspension_reasons(record.day_of(stopped_at), pending.due_on))
        if pending and stopped_at
        else last.why,
    )


def document(record: DocumentRecord, department: str, read_at: datetime | None) -> Document:
    """Return the view of a document, in the legal time of a département."""
    return Document(
        id=record.id,
        kind=record.kind,
        number=record.own_number,
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

"""Requests for pieces (CRPA L. 114-5): one notified in time stops the clock; the last piece restarts it."""

import json
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from law.calendar import local, midnight
from law.completion import PieceAsked, completion_objections
from law.silence import silence
from models.bodies.completion import Completion, CompletionRequestBody
from models.engine.names import authorization_id
from models.errors import Conflict, Unknown, Unlawful
from models.labels import CaseEvent
from models.messages.case import Notified, Publication, Receipt, Void
from models.store.cases import deadlines, decisions, documents, requests
from models.store.cases.records import CompletionRecord, RequestRecord
from models.store.database import case_now
from models.store.journal import events, idempotency, outbox
from models.store.journal.events import Actor
from models.store.people import notices
from models.store.schema.cases import completion, request

PENDING = ("registered", "notified")


def register(
    connection: Connection, reference: str, body: CompletionRequestBody, digest: bytes, actor: Actor
) -> CompletionRecord:
    """Register an agent's request for pieces if it is still in time.

    Raises `Unlawful`, or `Conflict` naming the outcome, decision or request for pieces in force.
    """
    case = requests.get(connection, reference, hold=True)
    at = case_now(connection, reference)
    _refuse_unlawful(case, body, at)
    known = find(connection, body.id)
    if known:
        idempotency.refuse_other(connection, completion, body.id, reference, digest)
        return known
    deadlines.refuse_if_over(case, at)
    decisions.refuse_if_decided(connection, reference)
    pending = find_pending(connection, reference)
    if pending:
        raise Conflict("completion-pending", f"Une demande de pièces ({pending.id}) est déjà en cours.")
    row = body.model_dump(mode="json", exclude={"due_on"}) | {
        "reference": reference,
        "agent_id": actor.account_id,
        "due_on": body.due_on,
        "body_digest": digest,
        "registered_at": at,
    }
    if not idempotency.insert_act(connection, completion, row):
        idempotency.refuse_other(connection, completion, body.id, reference, digest)
    events.append(connection, reference, "completion_request_registered", at, actor, completion=body.id)
    outbox.enqueue(connection, authorization_id(reference), "request_completion", body.id)
    return get(connection, body.id)


def _refuse_unlawful(case: RequestRecord, body: CompletionRequestBody, at: datetime) -> None:
    objections = completion_objections(
        [PieceAsked(piece.code, piece.label, piece.text_reference) for piece in body.pieces],
        body.reasons,
        body.due_on,
        local(at, case.department).date(),
        case.opinion_duty,
    )
    if objections:
        raise Unlawful(objections)


def find(connection: Connection, completion_id: str) -> CompletionRecord | None:
    """Return a request for pieces, or None."""
    return CompletionRecord.first(connection, select(completion).where(completion.c.id == completion_id))


def get(connection: Connection, completion_id: str) -> CompletionRecord:
    """Return a request for pieces that exists; raises `Unknown`."""
    record = find(connection, completion_id)
    if record is None:
        raise Unknown(completion_id)
    return record


def find_pending(connection: Connection, reference: str) -> CompletionRecord | None:
    """Return the pending request for pieces of a case, or None."""
    return CompletionRecord.first(connection, _PENDING, {"of": reference})


_PENDING = select(completion).where(completion.c.reference == bindparam("of"), completion.c.state.in_(PENDING))


def notify(connection: Connection, completion_id: str) -> Publication:
    """Publish a request for pieces and stop the clock if it is still in time; otherwise it becomes void."""
    record = get(connection, completion_id)
    case = requests.get(connection, record.reference, hold=True)
    record = get(connection, completion_id)
    limit_at = midnight(record.due_on + timedelta(days=1), case.department)
    if record.state == "notified" and record.notified_at:
        return Notified(outcome=None, at=record.notified_at, limit_at=limit_at)
    if record.state != "registered":
        # One already fulfilled must not stop the clock again: the act may be retried long afterwards.
        _notify_if_void(connection, record)
        return Void(standing=case.outcome)
    at = case_now(connection, record.reference)
    in_time = case.outcome is None and case.deadline_at is not None and case.deadline_at > at
    _end(connection, record.id, "notified" if in_time else "void", at)
    if not in_time:
        events.append(connection, record.reference, CaseEvent.COMPLETION_REQUEST_VOIDED, at, completion=record.id)
        _notify_if_void(connection, get(connection, record.id))
        return Void(standing=requests.get(connection, record.reference).outcome)
    _stop_clock(connection, case, record, at)
    return Notified(outcome=None, at=at, limit_at=limit_at)


def _notify_if_void(connection: Connection, record: CompletionRecord) -> None:
    if record.state == "void":
        process = authorization_id(record.reference)
        notices.announce(connection, process, "completion_request_voided", record.id, record.agent_id)


def _end(connection: Connection, completion_id: str, state: str, at: datetime) -> None:
    instant = "notified_at" if state == "notified" else "ended_at"
    connection.execute(update(completion).where(completion.c.id == completion_id).values({"state": state, instant: at}))


def _stop_clock(connection: Connection, case: RequestRecord, record: CompletionRecord, at: datetime) -> None:
    connection.execute(update(request).where(request.c.reference == case.reference).values(deadline_at=None))
    documents.publish(connection, record.reference, record.id, at)
    events.append(connection, record.reference, CaseEvent.COMPLETION_REQUESTED, at, completion=record.id)
    notices.announce(connection, authorization_id(record.reference), "completion_requested", record.id, case.account_id)


def cancel(connection: Connection, reference: str, completion_id: str, actor: Actor) -> None:
    """Cancel a request for pieces: the clock runs again to the instant that the last receipt fixed.

    Doubt: no text says what becomes of the delay then. What a receipt fixed is never recomputed, so that
    instant remains; if it has passed, silence is established at once and takes effect at that instant.
    """
    requests.get(connection, reference, hold=True)
    record = get(connection, completion_id)
    if record.reference != reference:
        raise Unknown(completion_id)
    if record.state == "cancelled":
        return
    if record.state not in PENDING:
        raise Conflict("nothing-pending", "Cette demande de pièces n’est plus en cours.")
    at = case_now(connection, reference)
    _end(connection, completion_id, "cancelled", at)
    _restart_clock(connection, reference, requests.list_receipts(connection, reference)[-1].tacit_acceptance_at)
    events.append(connection, reference, "completion_request_cancelled", at, actor, completion=completion_id)
    outbox.enqueue(connection, authorization_id(reference), "complete", "")


def _restart_clock(connection: Connection, reference: str, deadline_at: datetime) -> None:
    connection.execute(update(request).where(request.c.reference == reference).values(deadline_at=deadline_at))


def supply(
    connection: Connection, reference: str, body: Completion, actor: Actor, at: datetime
) -> tuple[list[str], Receipt | None]:
    """Store what an employer supplies at `at` (to the second).

    Returns the codes still missing, and the new receipt once none is. Raises `Conflict` when no piece is
    requested.
    """
    case = requests.get(connection, reference, hold=True)
    deadlines.refuse_if_over(case, at)
    record = find_pending(connection, reference)
    if record is None or record.state != "notified":
        raise Conflict("nothing-pending", "Aucune pièce n’est demandée dans ce dossier.")
    supplied = record.supplied | {piece.code: piece.model_dump(exclude={"code"}) for piece in body.pieces}
    connection.execute(
        update(completion).where(completion.c.id == record.id).values(supplied=json.loads(json.dumps(supplied)))
    )
    missing = [piece.code for piece in record.pieces if piece.code not in supplied]
    return missing, None if missing else _complete(connection, case, record, actor, at)


def _complete(
    connection: Connection, case: RequestRecord, record: CompletionRecord, actor: Actor, at: datetime
) -> Receipt:
    restarted = silence(at, case.department, law_on=case.law_on)
    version = len(requests.list_receipts(connection, case.reference)) + 1
    requests.add_receipt(connection, case.reference, version, restarted)
    _end(connection, record.id, "fulfilled", at)
    _restart_clock(connection, case.reference, restarted.tacit_acceptance_at)
    events.append(
        connection,
        case.reference,
        CaseEvent.COMPLETION_RECEIVED,
        restarted.received_at,
        actor,
        completion=record.id,
    )
    outbox.enqueue(connection, authorization_id(case.reference), "complete", str(version))
    return requests.get_last_receipt(connection, case.reference)


def list_fulfilled(connection: Connection, reference: str) -> list[CompletionRecord]:
    """Return the requests for pieces that were fulfilled: the n-th led to receipt n + 1."""
    query = select(completion).where(completion.c.reference == reference, completion.c.state == "fulfilled")
    return CompletionRecord.all(connection, query.order_by(completion.c.ended_at))

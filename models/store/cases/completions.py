"""Requests for pieces (CRPA L. 114-5): one notified in time stops the clock; the last piece restarts it."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from law.calendar import local, midnight
from law.commitments import commitments_duty
from law.completion import HEADS_FROM, Asking, PieceAsked, completion_objections, is_supplied_again
from law.silence import silence
from models.bodies.completion import Completion, CompletionRequestBody
from models.engine.names import authorization_id
from models.errors import Conflict, NotAllowed, Unknown, Unlawful
from models.labels import CaseEvent
from models.messages.case import Notified, Publication, Receipt, Void
from models.store.cases import act_limits, arrivals, deadlines, decisions, documents, living, requests
from models.store.cases.records import CompletionRecord, RequestRecord
from models.store.database import case_now
from models.store.journal import events, idempotency, outbox, representation
from models.store.journal.events import Actor
from models.store.people import accounts, code_mails, delegations, notices
from models.store.schema.cases import completion, request

PENDING = ("registered", "notified")


def register(
    connection: Connection, reference: str, body: CompletionRequestBody, digest: bytes, actor: Actor
) -> CompletionRecord:
    """Register an agent's request for pieces if it is still in time.

    Raises `Unlawful`, `NotAllowed` for a piece supplied before (a signatory asks again) or a third request (a head
    makes it), `QuotaReached` after too many acts of one day, or `Conflict` naming the outcome, decision or request for
    pieces in force.
    """
    case = requests.get(connection, reference, hold=True)
    at = case_now(connection, reference)
    known = find(connection, body.id)
    if known:
        idempotency.refuse_other(connection, completion, body.id, reference, digest)
        return known
    notified = _list_notified(connection, reference)
    _refuse_unlawful(connection, case, body, at, notified)
    _refuse_powerless(connection, case, body, at, notified, actor)
    deadlines.refuse_if_over(case, at)
    decisions.refuse_if_decided(connection, reference)
    pending = find_pending(connection, reference)
    if pending:
        raise Conflict("completion-pending", f"Une demande de pièces ({pending.id}) est déjà en cours.")
    act_limits.refuse_too_many(connection, reference, actor.account_id, at)
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
    if notified:
        _tell_heads(connection, case, body.id)
    return get(connection, body.id)


def _refuse_unlawful(
    connection: Connection,
    case: RequestRecord,
    body: CompletionRequestBody,
    at: datetime,
    notified: Sequence[CompletionRecord],
) -> None:
    asked = _asking(connection, case, at, notified)
    if objections := completion_objections(_asked(body), body.reasons, body.due_on, asked):
        raise Unlawful(objections)


def asking(connection: Connection, case: RequestRecord) -> Asking:
    """Return what a request for pieces made now would be judged by."""
    at = case_now(connection, case.reference)
    return _asking(connection, case, at, _list_notified(connection, case.reference))


def _asking(connection: Connection, case: RequestRecord, at: datetime, notified: Sequence[CompletionRecord]) -> Asking:
    earlier = living.list_earlier_periods(connection, case.siret, case.account_id)
    return Asking(
        asked_on=local(at, case.department).date(),
        received_on=case.law_day,
        opinion=case.opinion_duty,
        commitments_due=commitments_duty(case.received_on, earlier, case.law_on).required,
        supplied=_supplied(notified),
    )


def _refuse_powerless(
    connection: Connection,
    case: RequestRecord,
    body: CompletionRequestBody,
    at: datetime,
    notified: Sequence[CompletionRecord],
    actor: Actor,
) -> None:
    """Each request for pieces puts silence off: asking again needs more power than asking first."""
    if len(notified) + 1 >= HEADS_FROM and actor.role != "head":
        raise NotAllowed("Deux demandes de pièces ont déjà été notifiées : un chef d’unité fait la suivante.")
    if is_supplied_again(_asked(body), _supplied(notified)):
        delegations.require(connection, actor.account_id, case.department, local(at, case.department).date())


def _asked(body: CompletionRequestBody) -> list[PieceAsked]:
    return [PieceAsked(piece.code, piece.label, piece.text_reference) for piece in body.pieces]


def _supplied(notified: Sequence[CompletionRecord]) -> dict[str, list[str]]:
    """Return, by code, the reasons for which pieces that came were requested."""
    reasons: dict[str, list[str]] = {}
    for each in notified:
        for code in each.supplied.keys() & {piece.code for piece in each.pieces}:
            reasons.setdefault(code, []).append(each.reasons)
    return reasons


def _list_notified(connection: Connection, reference: str) -> list[CompletionRecord]:
    """Return the requests for pieces that reached the employer, whatever became of them."""
    query = select(completion).where(completion.c.reference == reference, completion.c.notified_at.is_not(None))
    return CompletionRecord.all(connection, query.order_by(completion.c.notified_at))


def _tell_heads(connection: Connection, case: RequestRecord, completion_id: str) -> None:
    """Tell the heads of unit that pieces are requested again in a case: the next request will be theirs."""
    for head in accounts.list_in_charge(connection, case.department, "head"):
        code_mails.notify(connection, head.id, "completion_again", completion_id, reference=case.reference)


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


def list_supplied(connection: Connection, reference: str) -> list[CompletionRecord]:
    """Return the requests for pieces of a case to which something was supplied, oldest first."""
    query = select(completion).where(completion.c.reference == reference, completion.c.supplied != {})
    return CompletionRecord.all(connection, query.order_by(completion.c.registered_at, completion.c.id))


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
    process, due = authorization_id(record.reference), record.due_on.isoformat()
    notices.announce(connection, process, "completion_requested", record.id, case.account_id, on=due)


def cancel(connection: Connection, reference: str, completion_id: str, actor: Actor) -> None:
    """Cancel a request for pieces: the clock runs again to the instant that the last receipt fixed.

    Doubt: no text says what becomes of the delay then. What a receipt fixed is never recomputed, so that
    instant remains; if it has passed, silence is established at once and takes effect at that instant. The effect is
    or may be an authorization, so it needs a delegation to grant; raises `NotAllowed`. The employer is told, and the
    author if somebody else cancels.
    """
    case = requests.get(connection, reference, hold=True)
    record = get(connection, completion_id)
    if record.reference != reference:
        raise Unknown(completion_id)
    at = case_now(connection, reference)
    delegations.require(connection, actor.account_id, case.department, local(at, case.department).date(), "grant")
    if record.state == "cancelled":
        return
    if record.state not in PENDING:
        raise Conflict("nothing-pending", "Cette demande de pièces n’est plus en cours.")
    _end(connection, completion_id, "cancelled", at)
    _restart_clock(connection, reference, requests.list_receipts(connection, reference)[-1].tacit_acceptance_at)
    events.append(connection, reference, "completion_request_cancelled", at, actor, completion=completion_id)
    outbox.enqueue(connection, authorization_id(reference), "complete", "")
    told = [record.agent_id] if record.agent_id != actor.account_id else []
    told += [representation.find_recipient(connection, case.account_id, reference)] if record.notified_at else []
    for each in told:
        code_mails.notify(connection, each, "completion_cancelled", completion_id, reference=reference)


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
    restarted = silence(at, case.department, law_on=case.law_on, completed=True)
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
    arrivals.announce_pieces(connection, case, record.id)
    return requests.get_last_receipt(connection, case.reference)


def list_fulfilled(connection: Connection, reference: str) -> list[CompletionRecord]:
    """Return the requests for pieces that were fulfilled: the n-th led to receipt n + 1."""
    query = select(completion).where(completion.c.reference == reference, completion.c.state == "fulfilled")
    return CompletionRecord.all(connection, query.order_by(completion.c.ended_at))

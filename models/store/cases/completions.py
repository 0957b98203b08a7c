"""Requests for pieces (CRPA L. 114-5): notified in time they stop the clock; the last piece starts it anew."""

import json
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from law.calendar import local, midnight
from law.completion import PieceAsked, completion_objections
from law.silence import silence
from models.bodies.completion import Completion, CompletionRequestBody
from models.engine.names import authorization_id
from models.errors import Conflict, Unknown, Unlawful
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

    Raises `Unlawful`, and `Conflict` naming what stands.
    """
    asked = requests.get(connection, reference, hold=True)
    at = case_now(connection, reference)
    _refuse_unlawful(asked, body, at)
    known = find(connection, body.id)
    if known:
        idempotency.refuse_other(connection, completion, body.id, reference, digest)
        return known
    deadlines.refuse_if_over(asked, at)
    decisions.refuse_if_decided(connection, reference)
    standing = find_pending(connection, reference)
    if standing:
        raise Conflict("completion-pending", f"Une demande de pièces ({standing.id}) est déjà en cours.")
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


def _refuse_unlawful(found: RequestRecord, body: CompletionRequestBody, at: datetime) -> None:
    objections = completion_objections(
        [PieceAsked(piece.code, piece.label, piece.text_reference) for piece in body.pieces],
        body.reasons,
        body.due_on,
        local(at, found.department).date(),
        found.opinion_duty,
    )
    if objections:
        raise Unlawful(objections)


def find(connection: Connection, completion_id: str) -> CompletionRecord | None:
    """Return a request for pieces, or None."""
    return CompletionRecord.first(connection, select(completion).where(completion.c.id == completion_id))


def get(connection: Connection, completion_id: str) -> CompletionRecord:
    """Return a request for pieces that exists; raises `Unknown`."""
    found = find(connection, completion_id)
    if found is None:
        raise Unknown(completion_id)
    return found


def find_pending(connection: Connection, reference: str) -> CompletionRecord | None:
    """Return the request for pieces that is under way in a case, if there is one."""
    return CompletionRecord.first(connection, _PENDING, {"of": reference})


_PENDING = select(completion).where(
    completion.c.reference == bindparam("of"), completion.c.state.in_(PENDING)
)


def notify(connection: Connection, completion_id: str) -> Publication:
    """Publish a request for pieces if it is still in time, and stop the clock; too late it is void."""
    found = get(connection, completion_id)
    asked = requests.get(connection, found.reference, hold=True)
    found = get(connection, completion_id)
    limit_at = midnight(found.due_on + timedelta(days=1), asked.department)
    if found.state == "notified" and found.notified_at:
        return Notified(outcome=None, at=found.notified_at, limit_at=limit_at)
    if found.state != "registered":
        # Fulfilled already, it must not stop the clock again: an act may be done twice, long after.
        _tell_if_void(connection, found)
        return Void(standing=asked.outcome)
    at = case_now(connection, found.reference)
    in_time = asked.outcome is None and asked.deadline_at is not None and asked.deadline_at > at
    _end(connection, found.id, "notified" if in_time else "void", at)
    if not in_time:
        events.append(connection, found.reference, "completion_request_voided", at, completion=found.id)
        _tell_if_void(connection, get(connection, found.id))
        return Void(standing=requests.get(connection, found.reference).outcome)
    _stop_clock(connection, asked, found, at)
    return Notified(outcome=None, at=at, limit_at=limit_at)


def _tell_if_void(connection: Connection, found: CompletionRecord) -> None:
    if found.state == "void":
        process = authorization_id(found.reference)
        notices.announce(connection, process, "completion_request_voided", found.id, found.agent_id)


def _end(connection: Connection, completion_id: str, state: str, at: datetime) -> None:
    instant = "notified_at" if state == "notified" else "ended_at"
    connection.execute(
        update(completion).where(completion.c.id == completion_id).values({"state": state, instant: at})
    )


def _stop_clock(connection: Connection, asked: RequestRecord, found: CompletionRecord, at: datetime) -> None:
    connection.execute(update(request).where(request.c.reference == asked.reference).values(deadline_at=None))
    documents.publish(connection, found.reference, found.id, at)
    events.append(connection, found.reference, "completion_requested", at, completion=found.id)
    notices.announce(
        connection, authorization_id(found.reference), "completion_requested", found.id, asked.account_id
    )


def cancel(connection: Connection, reference: str, completion_id: str, actor: Actor) -> None:
    """Take back a request for pieces: the clock runs again to the instant that its receipt fixed.

    Doubt: no text says what becomes of the delay then. What was fixed on the receipt is never computed again,
    so that instant stands; when it has gone by, silence is established at once and takes effect at it.
    """
    requests.get(connection, reference, hold=True)
    found = get(connection, completion_id)
    if found.reference != reference:
        raise Unknown(completion_id)
    if found.state == "cancelled":
        return
    if found.state not in PENDING:
        raise Conflict("nothing-pending", "Cette demande de pièces n’est plus en cours.")
    at = case_now(connection, reference)
    _end(connection, completion_id, "cancelled", at)
    _restart_clock(
        connection, reference, requests.list_receipts(connection, reference)[-1].tacit_acceptance_at
    )
    events.append(connection, reference, "completion_request_cancelled", at, actor, completion=completion_id)
    outbox.enqueue(connection, authorization_id(reference), "complete", "")


def _restart_clock(connection: Connection, reference: str, deadline_at: datetime) -> None:
    connection.execute(
        update(request).where(request.c.reference == reference).values(deadline_at=deadline_at)
    )


def supply(
    connection: Connection, reference: str, body: Completion, actor: Actor, at: datetime
) -> tuple[list[str], Receipt | None]:
    """Keep what an employer supplies at `at` (to the second).

    Returns the codes still missing, and the new receipt once none is. Raises `Conflict` when nothing is asked.
    """
    asked = requests.get(connection, reference, hold=True)
    deadlines.refuse_if_over(asked, at)
    found = find_pending(connection, reference)
    if found is None or found.state != "notified":
        raise Conflict("nothing-pending", "Aucune pièce n’est demandée dans ce dossier.")
    supplied = found.supplied | {piece.code: piece.model_dump(exclude={"code"}) for piece in body.pieces}
    connection.execute(
        update(completion)
        .where(completion.c.id == found.id)
        .values(supplied=json.loads(json.dumps(supplied)))
    )
    missing = [piece.code for piece in found.pieces if piece.code not in supplied]
    return missing, None if missing else _complete(connection, asked, found, actor, at)


def _complete(
    connection: Connection, asked: RequestRecord, found: CompletionRecord, actor: Actor, at: datetime
) -> Receipt:
    restarted = silence(at, asked.department, law_on=asked.law_on)
    version = len(requests.list_receipts(connection, asked.reference)) + 1
    requests.add_receipt(connection, asked.reference, version, restarted)
    _end(connection, found.id, "fulfilled", at)
    _restart_clock(connection, asked.reference, restarted.tacit_acceptance_at)
    events.append(
        connection, asked.reference, "completion_received", restarted.received_at, actor, completion=found.id
    )
    outbox.enqueue(connection, authorization_id(asked.reference), "complete", str(version))
    return requests.get_last_receipt(connection, asked.reference)


def list_fulfilled(connection: Connection, reference: str) -> list[CompletionRecord]:
    """Return the requests for pieces that were fulfilled: the n-th led to receipt n + 1."""
    query = select(completion).where(completion.c.reference == reference, completion.c.state == "fulfilled")
    return CompletionRecord.all(connection, query.order_by(completion.c.ended_at))

"""Decisions: registered, signed, notified; or void when silence came first.

Notification is a compare-and-set of the request's row against its deadline, like silence itself: of the two,
exactly one succeeds, whichever process was late. Strictly before the instant is in time; equality is late.
"""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, text, update
from sqlalchemy.exc import IntegrityError

from law.decision import grant_objections, is_partial
from models.bodies.decision import DecisionBody, GrantBody, RefusalBody
from models.engine.names import authorization_id
from models.errors import Conflict, Unknown, Unlawful
from models.identifiers import Message
from models.messages.case import Notified, Publication, Void
from models.store.cases import deadlines, documents, requests
from models.store.cases.records import DecisionRecord, RequestRecord
from models.store.database import case_now
from models.store.journal import events, idempotency, outbox
from models.store.journal.events import Actor
from models.store.people import notices
from models.store.schema.cases import completion, decision, request

STANDING = ("registered", "signed", "notified")


class Proposal(Message):
    """A decision that an agent may take, with all that registering it needs."""

    reference: str
    body: DecisionBody
    digest: str
    """Of the body as the decision itself would be sent, in hexadecimal."""
    actor: Actor
    delegation_id: str | None = None
    """What its author may sign it by; None: whoever may sign on that day does."""


def refuse_unlawful(found: RequestRecord, body: GrantBody | RefusalBody) -> None:
    """Raise `Unlawful` with every objection of the law; a refusal without reasons cannot even be built."""
    if isinstance(body, GrantBody) and (
        objections := grant_objections(found.terms, body.terms(found.terms), "\n".join(body.reasons))
    ):
        raise Unlawful(objections)


def take(connection: Connection, proposed: Proposal) -> DecisionRecord:
    """Register a decision as it was proposed; raises like `register`."""
    return register(
        connection,
        proposed.reference,
        proposed.body,
        bytes.fromhex(proposed.digest),
        actor=proposed.actor,
        delegation_id=proposed.delegation_id,
    )


def register(
    connection: Connection,
    reference: str,
    body: GrantBody | RefusalBody,
    digest: bytes,
    *,
    actor: Actor,
    delegation_id: str | None = None,
) -> DecisionRecord:
    """Register an agent's decision if it is still in time; the same id and body again is the same decision.

    Raises `Unlawful`, and `Conflict` naming what stands: the outcome, the deadline, another decision, a pending
    request for pieces.
    """
    asked = requests.get(connection, reference, hold=True)
    refuse_unlawful(asked, body)
    known = find(connection, body.id)
    if known:
        idempotency.refuse_other(connection, decision, body.id, reference, digest)
        return known
    at = case_now(connection, reference)
    deadlines.refuse_if_over(asked, at)
    refuse_if_decided(connection, reference)
    if isinstance(body, GrantBody):
        _refuse_if_pending(connection, reference)
    row = {"agent_id": actor.account_id, "delegation_id": delegation_id}
    _insert(connection, asked, body, digest, row | {"registered_at": at})
    under = {"delegation": delegation_id} if delegation_id else {}
    events.append(
        connection, reference, "decision_registered", at, actor, recorded_at=at, decision=body.id, **under
    )
    outbox.enqueue(connection, authorization_id(reference), "decide", body.id)
    return get(connection, body.id)


def refuse_if_decided(connection: Connection, reference: str) -> None:
    """Raise `Conflict` naming the decision that stands in a case, if there is one."""
    standing = find_current(connection, reference)
    if standing:
        word = "d’autorisation" if standing.outcome == "grant" else "de refus"
        raise Conflict(
            "already-decided",
            f"Une décision {word} ({standing.id}) est déjà enregistrée pour ce dossier : elle demeure.",
        )


def _refuse_if_pending(connection: Connection, reference: str) -> None:
    pending = connection.execute(
        select(completion.c.id).where(
            completion.c.reference == reference, completion.c.state.in_(("registered", "notified"))
        )
    ).scalar()
    if pending:
        raise Conflict(
            "completion-pending",
            f"Une demande de pièces ({pending}) est en cours : annulez-la, ou refusez, mais n’accordez pas.",
        )


def _insert(
    connection: Connection,
    asked: RequestRecord,
    body: GrantBody | RefusalBody,
    digest: bytes,
    stated: dict[str, object],
) -> None:
    row = stated | {
        "id": body.id,
        "reference": asked.reference,
        "siret": asked.siret,
        "ground": asked.ground,
        "outcome": body.outcome,
        "reasons": list(body.reasons),
        "partial": False,
        "body_digest": digest,
    }
    if isinstance(body, GrantBody):
        row |= _granted(asked, body)
    try:
        added = idempotency.insert_act(connection, decision, row)
    except IntegrityError as clash:
        if "decision_overlap" not in str(clash):
            raise
        raise Conflict(
            "overlapping-grant",
            "Une autorisation expresse du même motif couvre déjà une partie de cette période.",
        ) from clash
    if not added:
        idempotency.refuse_other(connection, decision, body.id, asked.reference, digest)


def _granted(asked: RequestRecord, body: GrantBody) -> dict[str, object]:
    commitments = asked.commitments if body.commitments is None else body.commitments
    terms = body.terms(asked.terms)
    return asdict(terms) | {
        "partial": is_partial(asked.terms, terms),
        "commitments": [each.model_dump(mode="json") for each in commitments],
    }


def find(connection: Connection, decision_id: str) -> DecisionRecord | None:
    """Return a decision, or None."""
    return DecisionRecord.first(connection, select(decision).where(decision.c.id == decision_id))


def get(connection: Connection, decision_id: str) -> DecisionRecord:
    """Return a decision that exists; raises `Unknown`."""
    found = find(connection, decision_id)
    if found is None:
        raise Unknown(decision_id)
    return found


def list_of(connection: Connection, reference: str) -> list[DecisionRecord]:
    """Every decision of a case, the first registered first, with those that are void or were taken back."""
    query = select(decision).where(decision.c.reference == reference)
    return DecisionRecord.all(connection, query.order_by(decision.c.registered_at))


def find_current(connection: Connection, reference: str) -> DecisionRecord | None:
    """Return the decision that stands in a case, if there is one."""
    return DecisionRecord.first(connection, _CURRENT, {"of": reference})


_CURRENT = select(decision).where(decision.c.reference == bindparam("of"), decision.c.state.in_(STANDING))


def sign(connection: Connection, decision_id: str) -> None:
    """Mark a decision as signed; its document is in the register, not yet readable by the employer."""
    found = get(connection, decision_id)
    requests.get(connection, found.reference, hold=True)
    at = case_now(connection, found.reference)
    signed = connection.execute(
        update(decision)
        .where(decision.c.id == decision_id, decision.c.state == "registered")
        .values(state="signed", signed_at=at)
    ).rowcount
    if signed:
        events.append(connection, found.reference, "decision_signed", at, decision=decision_id)


def cancel(connection: Connection, reference: str, decision_id: str, actor: Actor) -> None:
    """Take back a decision that is not signed yet; raises `Conflict` once it is."""
    requests.get(connection, reference, hold=True)
    found = get(connection, decision_id)
    if found.reference != reference:
        raise Unknown(decision_id)
    if found.state == "cancelled":
        return
    if found.state != "registered":
        raise Conflict("already-decided", "Cette décision est déjà signée : elle ne peut plus être reprise.")
    connection.execute(update(decision).where(decision.c.id == decision_id).values(state="cancelled"))
    at = case_now(connection, reference)
    events.append(connection, reference, "decision_cancelled", at, actor, decision=decision_id)


def notify(connection: Connection, decision_id: str) -> Publication:
    """Publish a signed decision if it is still in time: the instant of notification is read under the lock."""
    found = get(connection, decision_id)
    asked = requests.get(connection, found.reference, hold=True)
    found = get(connection, decision_id)
    if found.state == "notified" and found.notified_at:
        return Notified(outcome=found.settlement, at=found.notified_at)
    if found.state != "signed":
        return Void(standing=asked.outcome)
    at = case_now(connection, found.reference)
    outcome = found.settlement
    if not deadlines.compare_and_set(connection, found.reference, outcome, at):
        return _void(connection, found, at)
    _publish(connection, asked, found, at)
    return Notified(outcome=outcome, at=at)


def _void(connection: Connection, found: DecisionRecord, at: datetime) -> Void:
    connection.execute(update(decision).where(decision.c.id == found.id).values(state="void", voided_at=at))
    events.append(connection, found.reference, "decision_voided", at, decision=found.id)
    return Void(standing=requests.get(connection, found.reference).outcome)


def _publish(connection: Connection, asked: RequestRecord, found: DecisionRecord, at: datetime) -> None:
    connection.execute(
        update(decision).where(decision.c.id == found.id).values(state="notified", notified_at=at)
    )
    connection.execute(update(request).where(request.c.reference == asked.reference).values(notified_at=at))
    connection.execute(
        text(
            "UPDATE completion SET state = 'cancelled', ended_at = :at"
            " WHERE reference = :r AND state IN ('registered', 'notified')"
        ),
        {"at": at, "r": asked.reference},
    )
    documents.publish(connection, found.reference, found.id, at)
    events.append(connection, found.reference, "decision_notified", at, decision=found.id)
    notices.announce(
        connection, authorization_id(found.reference), "decision_notified", found.id, asked.account_id
    )

"""Decisions: registered, signed, notified; or void when silence came first.

Notification is a compare-and-set of the request's row against its deadline, like silence itself: of the two,
exactly one succeeds, even if a process was late. Strictly before the deadline is in time; equality is late.
"""

from dataclasses import asdict
from datetime import date, datetime

from pydantic import ConfigDict
from sqlalchemy import Connection, bindparam, select, text, update
from sqlalchemy.exc import IntegrityError

from law.calendar import local
from law.courts import last_day_to_appeal
from law.decision import is_partial
from law.texts import Text, objection
from models.bodies.decision import DecisionBody, GrantBody, RefusalBody
from models.engine.names import authorization_id
from models.errors import Conflict, NotAllowed, Unknown, Unlawful
from models.identifiers import Message
from models.labels import CaseEvent
from models.messages.case import Notified, Publication, Void
from models.store.cases import act_limits, deadlines, documents, objections, requests
from models.store.cases.records import DecisionRecord, RequestRecord
from models.store.database import case_now
from models.store.journal import events, idempotency, outbox
from models.store.journal.events import Actor
from models.store.people import code_mails, delegations, notices
from models.store.schema.cases import completion, decision, request

CURRENT_STATES = ("registered", "signed", "notified")


class Proposal(Message):
    """A decision that an agent may take, with all that is needed to register it."""

    model_config = ConfigDict(extra="ignore")
    """An upgrade starts the workers first: HTTP programs of earlier releases still write `partial` too."""

    reference: str
    body: DecisionBody
    digest: str
    """Digest of the body as the decision itself would be sent, in hexadecimal."""
    actor: Actor
    delegation_id: str | None = None
    """The delegation under which the author signs; None: any signatory competent on that day."""


def take(connection: Connection, proposal: Proposal) -> DecisionRecord:
    """Register a decision as it was proposed; raises like `register`."""
    return register(
        connection,
        proposal.reference,
        proposal.body,
        bytes.fromhex(proposal.digest),
        actor=proposal.actor,
        delegation_id=proposal.delegation_id,
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

    Raises `Unlawful`, or `Conflict` naming what prevents it: the outcome, the deadline, another decision, a
    pending request for pieces; `QuotaReached` after too many of one day.
    """
    case = requests.get(connection, reference, hold=True)
    objections.refuse_unlawful(connection, case, body)
    known = find(connection, body.id)
    if known:
        idempotency.refuse_other(connection, decision, body.id, reference, digest)
        return known
    at = case_now(connection, reference)
    if delegation_id:
        delegations.require(connection, actor.account_id, case.department, _day(case, at), body.outcome)
    deadlines.refuse_if_over(case, at)
    refuse_if_decided(connection, reference)
    if isinstance(body, GrantBody):
        _refuse_if_pending(connection, reference)
    act_limits.refuse_too_many(connection, reference, actor.account_id, at)
    row = {"agent_id": actor.account_id, "delegation_id": delegation_id}
    _insert(connection, case, body, digest, row | {"registered_at": at})
    requests.see_signals(connection, reference)
    under = {"delegation": delegation_id} if delegation_id else {}
    events.append(connection, reference, "decision_registered", at, actor, recorded_at=at, decision=body.id, **under)
    outbox.enqueue(connection, authorization_id(reference), "decide", body.id)
    return get(connection, body.id)


def refuse_if_decided(connection: Connection, reference: str) -> None:
    """Raise `Conflict` naming the decision in force in a case, if there is one."""
    current = find_current(connection, reference)
    if current:
        word = "d’autorisation" if current.outcome == "grant" else "de refus"
        raise Conflict(
            "already-decided",
            f"Une décision {word} ({current.id}) est déjà enregistrée pour ce dossier : elle demeure.",
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
    case: RequestRecord,
    body: GrantBody | RefusalBody,
    digest: bytes,
    stated: dict[str, object],
) -> None:
    row = stated | {
        "id": body.id,
        "reference": case.reference,
        "siret": case.siret,
        "ground": case.ground,
        "party": case.party,
        "other_employees": case.other_employees,
        "outcome": body.outcome,
        "reasons": list(body.reasons),
        "partial": False,
        "body_digest": digest,
    }
    if isinstance(body, GrantBody):
        row |= _granted(case, body)
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
        idempotency.refuse_other(connection, decision, body.id, case.reference, digest)


def _granted(case: RequestRecord, body: GrantBody) -> dict[str, object]:
    commitments = case.commitments if body.commitments is None else body.commitments
    terms = body.terms(case.terms)
    return asdict(terms) | {
        "partial": is_partial(case.terms, terms),
        "commitments": [each.model_dump(mode="json") for each in commitments],
    }


def find(connection: Connection, decision_id: str) -> DecisionRecord | None:
    """Return a decision, or None."""
    return DecisionRecord.first(connection, select(decision).where(decision.c.id == decision_id))


def get(connection: Connection, decision_id: str) -> DecisionRecord:
    """Return a decision that exists; raises `Unknown`."""
    record = find(connection, decision_id)
    if record is None:
        raise Unknown(decision_id)
    return record


def list_of(connection: Connection, reference: str) -> list[DecisionRecord]:
    """Return every decision of a case in order of registration, including void and cancelled ones."""
    query = select(decision).where(decision.c.reference == reference)
    return DecisionRecord.all(connection, query.order_by(decision.c.registered_at))


def find_current(connection: Connection, reference: str) -> DecisionRecord | None:
    """Return the decision in force in a case, or None."""
    return DecisionRecord.first(connection, _CURRENT, {"of": reference})


_CURRENT = select(decision).where(decision.c.reference == bindparam("of"), decision.c.state.in_(CURRENT_STATES))


def sign(connection: Connection, decision_id: str) -> None:
    """Mark a decision as signed; its document is stored, but not readable by the employer yet."""
    record = get(connection, decision_id)
    requests.get(connection, record.reference, hold=True)
    at = case_now(connection, record.reference)
    signed = connection.execute(
        update(decision)
        .where(decision.c.id == decision_id, decision.c.state == "registered")
        .values(state="signed", signed_at=at)
    ).rowcount
    if signed:
        events.append(connection, record.reference, "decision_signed", at, decision=decision_id)


def cancel(connection: Connection, reference: str, decision_id: str, actor: Actor, reason: str = "") -> None:
    """Cancel a decision that is not signed yet; raises `Conflict` if it is, and `NotAllowed`.

    Without the decision silence may become acceptance, so only its author cancels it, or a head of the département
    who gives a reason and of whom the author is told; either with a delegation in force for its outcome.
    """
    case = requests.get(connection, reference, hold=True)
    record = get(connection, decision_id)
    if record.reference != reference:
        raise Unknown(decision_id)
    at = case_now(connection, reference)
    _refuse_cancelling(connection, case, record, actor, at, reason)
    if record.state == "cancelled":
        return
    if record.state != "registered":
        raise Conflict("already-decided", "Cette décision est déjà signée : elle ne peut plus être reprise.")
    connection.execute(update(decision).where(decision.c.id == decision_id).values(state="cancelled"))
    stated: dict[str, str] = {"decision": decision_id} | ({"reason": reason} if reason else {})
    events.append(connection, reference, "decision_cancelled", at, actor, recorded_at=at, **stated)
    if record.agent_id != actor.account_id:
        code_mails.notify(connection, record.agent_id, "decision_cancelled", decision_id, reference=reference)


def _refuse_cancelling(
    connection: Connection, case: RequestRecord, record: DecisionRecord, actor: Actor, at: datetime, reason: str
) -> None:
    own = record.agent_id == actor.account_id
    if not own and actor.role != "head":
        raise NotAllowed("Seul l’agent qui a pris cette décision, ou un chef d’unité, peut la reprendre.")
    delegations.require(connection, actor.account_id, case.department, _day(case, at), record.outcome)
    if not own and not reason:
        message = "Dites à son auteur pourquoi vous reprenez cette décision."
        raise Unlawful([objection("/reason", "reason-missing", message, Text.R_5122_4)])


def _day(case: RequestRecord, at: datetime) -> date:
    return local(at, case.department).date()


def notify(connection: Connection, decision_id: str) -> Publication:
    """Publish a signed decision if it is still in time; the instant of notification is read under the lock."""
    record = get(connection, decision_id)
    case = requests.get(connection, record.reference, hold=True)
    record = get(connection, decision_id)
    if record.state == "notified" and record.notified_at:
        return Notified(outcome=record.settlement, at=record.notified_at)
    if record.state != "signed":
        return Void(standing=case.outcome)
    at = case_now(connection, record.reference)
    outcome = record.settlement
    if not deadlines.compare_and_set(connection, record.reference, outcome, at):
        return _void(connection, record, at)
    _publish(connection, case, record, at)
    return Notified(outcome=outcome, at=at)


def _void(connection: Connection, record: DecisionRecord, at: datetime) -> Void:
    connection.execute(update(decision).where(decision.c.id == record.id).values(state="void", voided_at=at))
    events.append(connection, record.reference, CaseEvent.DECISION_VOIDED, at, decision=record.id)
    return Void(standing=requests.get(connection, record.reference).outcome)


def _publish(connection: Connection, case: RequestRecord, record: DecisionRecord, at: datetime) -> None:
    connection.execute(update(decision).where(decision.c.id == record.id).values(state="notified", notified_at=at))
    connection.execute(update(request).where(request.c.reference == case.reference).values(notified_at=at))
    connection.execute(
        text(
            "UPDATE completion SET state = 'cancelled', ended_at = :at"
            " WHERE reference = :r AND state IN ('registered', 'notified')"
        ),
        {"at": at, "r": case.reference},
    )
    documents.publish(connection, record.reference, record.id, at)
    events.append(connection, record.reference, CaseEvent.DECISION_NOTIFIED, at, decision=record.id)
    said = {"sense": record.sense}
    if record.sense != "granted":
        said["contest_on"] = last_day_to_appeal(_day(case, at), case.department).isoformat()
    process = authorization_id(record.reference)
    notices.announce(connection, process, "decision_notified", record.id, case.account_id, **said)

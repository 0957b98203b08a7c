"""Exceptional acts of operators: requested by one, approved by another, done in the transaction of the approval.

An act without `asked_by` was requested from the command line; one approved without `approved_by` was done in
the development profile, which has a single operator.
"""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from models.bodies.operator import ANSWER_KINDS, ExceptionBody, ExceptionKind
from models.claim_labels import AnswerFileState
from models.engine.names import answers_id, authorization_id, deposit_id
from models.errors import Conflict, Unknown
from models.identifiers import Instant, find_reference
from models.store.cases import requests
from models.store.claims import erasure, records
from models.store.journal import keys
from models.store.journal.events import Actor
from models.store.operations import evictions, incidents, unanswered
from models.store.people import access_log, accounts
from models.store.records import Record
from models.store.schema.agency import agency_file
from models.store.schema.agents import exceptional_act

Performers = Mapping[ExceptionKind, Callable[[Connection, str], None]]
"""Kind of an act → what does it to its subject; it may raise `Conflict`."""
NO_PERFORMERS: Final[Performers] = {}


class ExceptionRecord(Record):
    """An act, who requested it and its result; `siret` is the establishment that it is about, if it is about one."""

    id: str
    kind: ExceptionKind
    subject: str
    siret: str | None
    department: str | None
    reason: str
    asked_by: str | None
    asked_at: Instant
    approved_by: str | None
    approved_at: Instant | None
    refused_by: str | None
    refused_at: Instant | None


def request(connection: Connection, body: ExceptionBody, actor: Actor) -> ExceptionRecord:
    """Request an act; raises `Unknown`, or `Conflict` when the same one waits already, or could be about several."""
    siret = None
    if body.kind == "evict":
        siret = evictions.find_establishment(connection, body.subject, body.siret)
        evictions.list_evicted(connection, body.subject, siret)
    elif body.kind == "relocate":
        if accounts.find_establishment(connection, body.subject) is None:  # a SIRET alone: the act is done by it
            raise Unknown(body.subject)
        siret = body.subject
    elif body.kind in ANSWER_KINDS:
        _require_set_aside(connection, body.subject)
    elif body.kind == "resend_deposit":
        unanswered.hold_resendable(connection, body.subject)
    elif body.kind == "reject_claim":
        unanswered.hold_rejectable(connection, body.subject)
    else:
        get_process(connection, body.kind, body.subject)
    row = body.model_dump() | {"siret": siret, "asked_by": actor.account_id}
    created = connection.execute(
        insert(exceptional_act).values(row).on_conflict_do_nothing().returning(exceptional_act.c.id)
    ).scalar()
    if created is None:
        raise Conflict("act-waiting", "Le même acte attend déjà une approbation.")
    act = get(connection, created)
    _record(connection, "exceptional_act_asked", actor, act)
    return act


def approve(
    connection: Connection, act_id: str, actor: Actor, *, alone: bool = False, performers: Performers = NO_PERFORMERS
) -> ExceptionRecord:
    """Approve and do an act requested by another; with `alone` (development), the requester may approve.

    `performers` do what is not done here.
    """
    act = _get_waiting(connection, act_id)
    if not alone and act.asked_by == actor.account_id:
        raise Conflict("four-eyes", "Un autre exploitant doit approuver cet acte.")
    _perform(connection, act, actor, performers)
    by = None if alone else actor.account_id
    _end(connection, act_id, approved_by=by, approved_at=func.clock_timestamp())
    _record(connection, "exceptional_act_approved", actor, act)
    return get(connection, act_id)


def refuse(connection: Connection, act_id: str, actor: Actor) -> ExceptionRecord:
    """Refuse an act, or withdraw one's own request."""
    act = _get_waiting(connection, act_id)
    _end(connection, act_id, refused_by=actor.account_id, refused_at=func.clock_timestamp())
    _record(connection, "exceptional_act_refused", actor, act)
    return get(connection, act_id)


def get_process(connection: Connection, kind: ExceptionKind, subject: str) -> str:
    """Return the process that an act is about, for a claim that of its case; raises `Unknown`."""
    if kind == "resume":
        return incidents.get(connection, subject).workflow_id
    if kind in ANSWER_KINDS:
        return answers_id(_channel_of(connection, subject))
    if kind == "resend_deposit":
        return deposit_id(unanswered.get(connection, subject).channel)
    if kind == "reject_claim":
        return authorization_id(records.get(connection, subject).reference)
    return authorization_id(requests.get(connection, find_reference(subject) or subject).reference)


def list_latest(connection: Connection, max_rows: int = 200) -> list[ExceptionRecord]:
    """Return the last acts, newest first."""
    query = select(exceptional_act).order_by(exceptional_act.c.asked_at.desc()).limit(max_rows)
    return ExceptionRecord.all(connection, query)


def list_waiting(connection: Connection, max_rows: int = 200) -> list[ExceptionRecord]:
    """Return the acts that wait for approval, oldest first."""
    waiting = (exceptional_act.c.approved_at.is_(None), exceptional_act.c.refused_at.is_(None))
    query = select(exceptional_act).where(*waiting).order_by(exceptional_act.c.asked_at, exceptional_act.c.id)
    return ExceptionRecord.all(connection, query.limit(max_rows))


def list_about(connection: Connection, *subjects: str) -> list[ExceptionRecord]:
    """Return the acts about some subjects, newest first."""
    query = select(exceptional_act).where(exceptional_act.c.subject.in_(subjects))
    return ExceptionRecord.all(connection, query.order_by(exceptional_act.c.asked_at.desc()))


def get(connection: Connection, act_id: str) -> ExceptionRecord:
    """Return an act that exists; raises `Unknown`."""
    query = select(exceptional_act).where(exceptional_act.c.id == act_id)
    record = ExceptionRecord.first(connection, query)
    if record is None:
        raise Unknown(act_id)
    return record


def _get_waiting(connection: Connection, act_id: str) -> ExceptionRecord:
    connection.execute(select(exceptional_act).where(exceptional_act.c.id == act_id).with_for_update())
    act = get(connection, act_id)
    if act.approved_at or act.refused_at:
        raise Conflict("act-ended", "Cet acte n’attend plus : il a été approuvé ou refusé.")
    return act


def _channel_of(connection: Connection, file_id: str) -> str:
    """Return the channel of a file of answers; raises `Unknown`."""
    channel: str | None = connection.execute(select(agency_file.c.channel).where(agency_file.c.id == file_id)).scalar()
    if channel is None:
        raise Unknown(file_id)
    return channel


def _require_set_aside(connection: Connection, file_id: str) -> None:
    """Raise `Unknown`, or `Conflict` when a file of answers is not set aside."""
    _channel_of(connection, file_id)
    state = connection.execute(select(agency_file.c.state).where(agency_file.c.id == file_id)).scalar_one()
    if state != AnswerFileState.QUARANTINED:
        raise Conflict("not-set-aside", "Ce fichier n’est pas, ou plus, mis de côté.")


def _perform(connection: Connection, act: ExceptionRecord, actor: Actor, performers: Performers) -> None:
    if act.kind == "resume":
        incidents.resume(connection, act.subject, act.reason, actor)
    elif act.kind == "evict":
        evictions.evict(connection, act.subject, actor, act.id, act.siret)
    elif act.kind == "relocate":
        evictions.relocate(connection, act.subject, act.department or "", actor, act.id)
    elif act.kind in ANSWER_KINDS:
        performers[act.kind](connection, act.subject)
    elif act.kind == "resend_deposit":
        unanswered.send_again(connection, act.subject)
    elif act.kind == "reject_claim":
        unanswered.reject(connection, act.subject, act.id, actor)
    else:
        reference = requests.get(connection, find_reference(act.subject) or act.subject).reference
        keys.destroy(connection, reference)
        erasure.erase_people(connection, reference, actor)


def _end(connection: Connection, act_id: str, **values: object) -> None:
    connection.execute(update(exceptional_act).where(exceptional_act.c.id == act_id).values(values))


def _record(connection: Connection, kind: str, actor: Actor, act: ExceptionRecord) -> None:
    where = {"siret": act.siret} if act.siret else {}
    access_log.write(connection, kind, actor, act=act.id, what=act.kind, about=act.subject, **where)

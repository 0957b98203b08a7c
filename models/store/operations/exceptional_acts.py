"""Exceptional acts of operators: requested by one, approved by another, done in the transaction of the approval.

An act without `asked_by` was requested from the command line; one approved without `approved_by` was done in
the development profile, which has a single operator.
"""

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert

from models.bodies.operator import ExceptionBody, ExceptionKind
from models.engine.names import authorization_id
from models.errors import Conflict, Unknown
from models.identifiers import Instant
from models.store.cases import requests
from models.store.journal import keys
from models.store.journal.events import Actor
from models.store.operations import incidents
from models.store.people import access_log
from models.store.records import Record
from models.store.schema.agents import exceptional_act


class ExceptionRecord(Record):
    """An act, who requested it and its result."""

    id: str
    kind: ExceptionKind
    subject: str
    reason: str
    asked_by: str | None
    asked_at: Instant
    approved_by: str | None
    approved_at: Instant | None
    refused_by: str | None
    refused_at: Instant | None


def request(connection: Connection, body: ExceptionBody, actor: Actor) -> ExceptionRecord:
    """Request an act; raises `Unknown`, or `Conflict` when the same one waits already."""
    get_process(connection, body.kind, body.subject)
    row = body.model_dump() | {"asked_by": actor.account_id}
    created = connection.execute(
        insert(exceptional_act).values(row).on_conflict_do_nothing().returning(exceptional_act.c.id)
    ).scalar()
    if created is None:
        raise Conflict("act-waiting", "Le même acte attend déjà une approbation.")
    _record(connection, "exceptional_act_asked", actor, created, body.kind, body.subject)
    return get(connection, created)


def approve(connection: Connection, act_id: str, actor: Actor, *, alone: bool = False) -> ExceptionRecord:
    """Approve and do an act requested by another; with `alone` (development), the requester may approve."""
    act = _get_waiting(connection, act_id)
    if not alone and act.asked_by == actor.account_id:
        raise Conflict("four-eyes", "Un autre exploitant doit approuver cet acte.")
    _perform(connection, act, actor)
    by = None if alone else actor.account_id
    _end(connection, act_id, approved_by=by, approved_at=func.clock_timestamp())
    _record(connection, "exceptional_act_approved", actor, act_id, act.kind, act.subject)
    return get(connection, act_id)


def refuse(connection: Connection, act_id: str, actor: Actor) -> ExceptionRecord:
    """Refuse an act, or withdraw one's own request."""
    act = _get_waiting(connection, act_id)
    _end(connection, act_id, refused_by=actor.account_id, refused_at=func.clock_timestamp())
    _record(connection, "exceptional_act_refused", actor, act_id, act.kind, act.subject)
    return get(connection, act_id)


def get_process(connection: Connection, kind: ExceptionKind, subject: str) -> str:
    """Return the process that an act is about; raises `Unknown`."""
    if kind == "resume":
        return incidents.get(connection, subject).workflow_id
    return authorization_id(requests.get(connection, subject[:9]).reference)


def list_latest(connection: Connection, max_rows: int = 200) -> list[ExceptionRecord]:
    """Return the last acts, newest first."""
    query = select(exceptional_act).order_by(exceptional_act.c.asked_at.desc()).limit(max_rows)
    return ExceptionRecord.all(connection, query)


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


def _perform(connection: Connection, act: ExceptionRecord, actor: Actor) -> None:
    if act.kind == "resume":
        incidents.resume(connection, act.subject, act.reason, actor)
    else:
        keys.destroy(connection, requests.get(connection, act.subject[:9]).reference)


def _end(connection: Connection, act_id: str, **values: object) -> None:
    connection.execute(update(exceptional_act).where(exceptional_act.c.id == act_id).values(values))


def _record(connection: Connection, kind: str, actor: Actor, act_id: str, what: str, subject: str) -> None:
    access_log.write(connection, kind, actor, act=act_id, what=what, about=subject)

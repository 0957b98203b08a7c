"""Exceptional acts of operators: asked by one, approved by another, done in the transaction of the approval.

An act without `asked_by` was asked from the command line of the machine; one that is approved without
`approved_by` was done where everything is for trial (development), whose one operator is alone.
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
    """An act, who asked for it and what became of it."""

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


def ask(connection: Connection, body: ExceptionBody, actor: Actor) -> ExceptionRecord:
    """Ask for an act; raises `Unknown`, or `Conflict` when the same one waits already."""
    get_process(connection, body.kind, body.subject)
    row = body.model_dump() | {"asked_by": actor.account_id}
    asked = connection.execute(
        insert(exceptional_act).values(row).on_conflict_do_nothing().returning(exceptional_act.c.id)
    ).scalar()
    if asked is None:
        raise Conflict("act-waiting", "Le même acte attend déjà une approbation.")
    _record(connection, "exceptional_act_asked", actor, asked, body.kind, body.subject)
    return get(connection, asked)


def approve(connection: Connection, act_id: str, actor: Actor, *, alone: bool = False) -> ExceptionRecord:
    """Do an act that another asked for; `alone`: where everything is for trial, whoever asked approves."""
    found = _waiting(connection, act_id)
    if not alone and found.asked_by == actor.account_id:
        raise Conflict("four-eyes", "Un autre exploitant doit approuver cet acte.")
    _perform(connection, found, actor)
    by = None if alone else actor.account_id
    _end(connection, act_id, approved_by=by, approved_at=func.clock_timestamp())
    _record(connection, "exceptional_act_approved", actor, act_id, found.kind, found.subject)
    return get(connection, act_id)


def refuse(connection: Connection, act_id: str, actor: Actor) -> ExceptionRecord:
    """Refuse an act, or take one's own back."""
    found = _waiting(connection, act_id)
    _end(connection, act_id, refused_by=actor.account_id, refused_at=func.clock_timestamp())
    _record(connection, "exceptional_act_refused", actor, act_id, found.kind, found.subject)
    return get(connection, act_id)


def get_process(connection: Connection, kind: ExceptionKind, subject: str) -> str:
    """Return the process that an act is about; raises `Unknown`."""
    if kind == "resume":
        return incidents.get(connection, subject).workflow_id
    return authorization_id(requests.get(connection, subject[:9]).reference)


def list_latest(connection: Connection, most: int = 200) -> list[ExceptionRecord]:
    """The last acts, the newest first."""
    query = select(exceptional_act).order_by(exceptional_act.c.asked_at.desc()).limit(most)
    return ExceptionRecord.all(connection, query)


def get(connection: Connection, act_id: str) -> ExceptionRecord:
    """Return an act that exists; raises `Unknown`."""
    query = select(exceptional_act).where(exceptional_act.c.id == act_id)
    found = ExceptionRecord.first(connection, query)
    if found is None:
        raise Unknown(act_id)
    return found


def _waiting(connection: Connection, act_id: str) -> ExceptionRecord:
    connection.execute(select(exceptional_act).where(exceptional_act.c.id == act_id).with_for_update())
    found = get(connection, act_id)
    if found.approved_at or found.refused_at:
        raise Conflict("act-ended", "Cet acte n’attend plus : il a été approuvé ou refusé.")
    return found


def _perform(connection: Connection, found: ExceptionRecord, actor: Actor) -> None:
    if found.kind == "resume":
        incidents.resume(connection, found.subject, found.reason, actor)
    else:
        keys.destroy(connection, requests.get(connection, found.subject[:9]).reference)


def _end(connection: Connection, act_id: str, **values: object) -> None:
    connection.execute(update(exceptional_act).where(exceptional_act.c.id == act_id).values(values))


def _record(connection: Connection, kind: str, actor: Actor, act_id: str, what: str, subject: str) -> None:
    access_log.write(connection, kind, actor, act=act_id, what=what, about=subject)

"""Exceptional acts of operators: asked by one with a reason, approved by another."""

from datetime import datetime

from fastapi import APIRouter

from models.bodies.operator import ExceptionBody, ExceptionKind
from models.engine.names import subject_of
from models.engine.processes import find_kind
from models.errors import Unknown
from models.identifiers import Message
from models.store.operations import exceptional_acts
from models.store.operations.exceptional_acts import ExceptionRecord
from starter.auth.caller import Caller, as_uuid
from starter.auth.permissions import Verb
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody

router = APIRouter(tags=["Exploitation"])


class ExceptionalAct(Message):
    """An act, who asked for it and what became of it; ids of accounts, null for the command line."""

    id: str
    kind: ExceptionKind
    subject: str
    reason: str
    asked_by: str | None
    asked_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    refused_by: str | None
    refused_at: datetime | None


class ExceptionalActs(Message):
    """The last acts, the newest first."""

    items: tuple[ExceptionalAct, ...]


@router.get("/exceptional-acts", summary="Lister les actes exceptionnels")
def list_acts(context: AppContext, credential: Credential) -> ExceptionalActs:
    """Lister les actes exceptionnels demandés, approuvés ou refusés."""
    with context.admit(credential, Verb.READ_EXCEPTIONS) as caller:
        found = exceptional_acts.list_latest(caller.connection)
        return ExceptionalActs(items=tuple(_view(each) for each in found if _reached(caller, each)))


@router.post(
    "/exceptional-acts",
    status_code=201,
    openapi_extra=accepts(ExceptionBody),
    summary="Demander un acte exceptionnel",
)
def ask_act(
    context: AppContext, credential: Credential, sent: JsonBody, key: IdempotencyKey = None
) -> ExceptionalAct:
    """Demander de reprendre un processus arrêté, ou d’effacer l’historique d’un dossier clos, et dire pourquoi."""
    with context.admit(credential, Verb.ASK_EXCEPTION) as caller:
        asked = caller.remembered(key, sent.digest)
        if asked is None:
            asked = _ask(caller, sent.read(ExceptionBody))
            caller.remember(key, asked)
        return _view(exceptional_acts.get(caller.connection, asked))


def _ask(caller: Caller, body: ExceptionBody) -> str:
    if body.kind == "resume":
        body = body.model_copy(update={"subject": as_uuid(body.subject)})
    if not charged(caller, exceptional_acts.get_process(caller.connection, body.kind, body.subject)):
        raise Unknown(body.subject)
    return exceptional_acts.ask(caller.connection, body, caller.actor).id


@router.post("/exceptional-acts/{act_id}/approval", summary="Approuver un acte exceptionnel")
def approve_act(context: AppContext, credential: Credential, act_id: str) -> ExceptionalAct:
    """Approuver l’acte qu’un autre a demandé : il est fait aussitôt."""
    with context.admit(credential, Verb.APPROVE_EXCEPTION) as caller:
        found = _one(caller, act_id)
        return _view(exceptional_acts.approve(caller.connection, found.id, caller.actor))


@router.post("/exceptional-acts/{act_id}/refusal", summary="Refuser un acte exceptionnel")
def refuse_act(context: AppContext, credential: Credential, act_id: str) -> ExceptionalAct:
    """Refuser un acte demandé, ou reprendre sa propre demande."""
    with context.admit(credential, Verb.APPROVE_EXCEPTION) as caller:
        found = _one(caller, act_id)
        return _view(exceptional_acts.refuse(caller.connection, found.id, caller.actor))


def charged(caller: Caller, process: str) -> bool:
    """An operator without départements has charge of everything, any other of the cases of his own."""
    if not caller.account.departments:
        return True
    kind = find_kind(process)
    code = kind.department(subject_of(process)) if kind and kind.department else None
    return code is not None and caller.charged(code)


def _one(caller: Caller, act_id: str) -> ExceptionRecord:
    found = exceptional_acts.get(caller.connection, as_uuid(act_id))
    if not _reached(caller, found):
        raise Unknown(act_id)
    return found


def _reached(caller: Caller, found: ExceptionRecord) -> bool:
    return charged(caller, exceptional_acts.get_process(caller.connection, found.kind, found.subject))


def _view(found: ExceptionRecord) -> ExceptionalAct:
    return ExceptionalAct.model_validate(found.model_dump())

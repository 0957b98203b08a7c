"""Exceptional acts of operators: requested by one with a reason, approved by another."""

from datetime import datetime

from fastapi import APIRouter, Response

from models.bodies.operator import ExceptionBody, ExceptionKind
from models.identifiers import Message
from models.store.operations.exceptional_acts import ExceptionRecord
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.http.responses import locate
from starter.services import exceptional_acts

router = APIRouter(tags=["Exploitation"])


class ExceptionalAct(Message):
    """An exceptional act and its outcome; accounts are ids, null for the command line."""

    id: str
    kind: ExceptionKind
    subject: str
    siret: str | None
    """The establishment that it is about, for `evict` and `relocate`."""
    department: str | None
    reason: str
    asked_by: str | None
    asked_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    refused_by: str | None
    refused_at: datetime | None


class ExceptionalActs(Message):
    """The latest acts, newest first."""

    items: tuple[ExceptionalAct, ...]


@router.get("/exceptional-acts", summary="Lister les actes exceptionnels")
def list_acts(context: AppContext, credential: Credential) -> ExceptionalActs:
    """Lister les actes exceptionnels demandés, approuvés ou refusés."""
    latest = exceptional_acts.list_latest(context, credential)
    return ExceptionalActs(items=tuple(_view(each) for each in latest))


@router.post(
    "/exceptional-acts",
    status_code=201,
    openapi_extra=accepts(ExceptionBody),
    summary="Demander un acte exceptionnel",
)
def request_act(
    context: AppContext, credential: Credential, body: JsonBody, response: Response, key: IdempotencyKey = None
) -> ExceptionalAct:
    """Demander un acte que deux exploitants font ensemble : `kind` dit lequel, `subject` sur quoi."""
    act = _view(exceptional_acts.request_act(context, credential, body.submission(ExceptionBody, key)))
    locate(response, f"/exceptional-acts/{act.id}")
    return act


@router.post("/exceptional-acts/{act_id}/approval", summary="Approuver un acte exceptionnel")
def approve_act(context: AppContext, credential: Credential, act_id: str) -> ExceptionalAct:
    """Approuver l’acte demandé par un autre exploitant : il est exécuté aussitôt."""
    return _view(exceptional_acts.approve(context, credential, act_id))


@router.post("/exceptional-acts/{act_id}/refusal", summary="Refuser un acte exceptionnel")
def refuse_act(context: AppContext, credential: Credential, act_id: str) -> ExceptionalAct:
    """Refuser un acte demandé, ou retirer sa propre demande."""
    return _view(exceptional_acts.refuse(context, credential, act_id))


def _view(act: ExceptionRecord) -> ExceptionalAct:
    return ExceptionalAct.model_validate(act.model_dump())

"""Managing a unit: its agents, their delegations of signature, their absences."""

from fastapi import APIRouter, Response

from models.bodies.unit import AgentBody, AgentChange, DelegationBody, LeaveBody
from models.identifiers import Message
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.http.responses import locate
from starter.services import units
from starter.services.unit_view import Unit

router = APIRouter(tags=["Unité"])


class ChangedId(Message):
    """The id of what was created or changed."""

    id: str


@router.get("/unit", summary="Lire son unité")
def read_unit(context: AppContext, credential: Credential) -> Unit:
    """Lire les agents de ses départements, leurs délégations de signature et leurs absences."""
    return units.read(context, credential).unit


@router.post("/unit/agents", status_code=201, openapi_extra=accepts(AgentBody), summary="Ouvrir le compte d’un agent")
def open_agent(
    context: AppContext, credential: Credential, body: JsonBody, response: Response, key: IdempotencyKey = None
) -> ChangedId:
    """Ouvrir le compte d’un agent de ses départements ; il se connecte par le fournisseur d’identité."""
    agent_id = units.open_agent(context, credential, body.submission(AgentBody, key))
    locate(response, f"/unit/agents/{agent_id}")
    return ChangedId(id=agent_id)


@router.patch("/unit/agents/{agent_id}", openapi_extra=accepts(AgentChange), summary="Modifier un agent")
def change_agent(context: AppContext, credential: Credential, agent_id: str, body: JsonBody) -> ChangedId:
    """Changer le rôle, l’adresse électronique ou les départements d’un agent, clore son compte ou le rouvrir."""
    return ChangedId(id=units.change_agent(context, credential, agent_id, body.submission(AgentChange)))


@router.post(
    "/unit/agents/{agent_id}/delegations",
    status_code=201,
    openapi_extra=accepts(DelegationBody),
    summary="Donner une délégation de signature",
)
def give_delegation(
    context: AppContext,
    credential: Credential,
    agent_id: str,
    body: JsonBody,
    response: Response,
    key: IdempotencyKey = None,
) -> ChangedId:
    """Inscrire une délégation de signature : décisions, départements, dates, acte qui la donne."""
    delegation_id = units.give_delegation(context, credential, agent_id, body.submission(DelegationBody, key))
    locate(response, f"/unit/delegations/{delegation_id}")
    return ChangedId(id=delegation_id)


@router.delete("/unit/delegations/{delegation_id}", summary="Mettre fin à une délégation")
def revoke_delegation(context: AppContext, credential: Credential, delegation_id: str) -> ChangedId:
    """Mettre fin à une délégation dès maintenant ; ce qui a été signé en vertu de celle-ci reste valable."""
    return ChangedId(id=units.revoke_delegation(context, credential, delegation_id))


@router.post(
    "/unit/agents/{agent_id}/leaves",
    status_code=201,
    openapi_extra=accepts(LeaveBody),
    summary="Inscrire une absence",
)
def record_leave(
    context: AppContext,
    credential: Credential,
    agent_id: str,
    body: JsonBody,
    response: Response,
    key: IdempotencyKey = None,
) -> ChangedId:
    """Inscrire l’absence d’un agent et son remplaçant, à qui vont les rappels et les dossiers."""
    leave_id = units.record_leave(context, credential, agent_id, body.submission(LeaveBody, key))
    locate(response, f"/unit/leaves/{leave_id}")
    return ChangedId(id=leave_id)


@router.delete("/unit/leaves/{leave_id}", summary="Annuler une absence")
def cancel_leave(context: AppContext, credential: Credential, leave_id: str) -> ChangedId:
    """Annuler une absence : l’agent répond de nouveau lui-même."""
    return ChangedId(id=units.cancel_leave(context, credential, leave_id))

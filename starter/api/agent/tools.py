"""Access of agents' tools to the API: allowed by a head, tokens made by the agent."""

from fastapi import APIRouter, Response

from models.bodies.unit import ReassignmentBody, ToolTokenBody
from models.identifiers import Message
from starter.api.account.account import Tokens, TokenView, TokenWithSecret
from starter.api.agent.units import ChangedId
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.http.responses import locate
from starter.services import assignments, tool_tokens

router = APIRouter(tags=["Compte"])


class Reassigned(Message):
    """The cases that changed hands."""

    references: tuple[str, ...]


@router.post("/unit/agents/{agent_id}/tool-access", summary="Ouvrir l’API aux outils d’un agent")
def allow(context: AppContext, credential: Credential, agent_id: str) -> ChangedId:
    """Permettre à un agent de créer, en session, des jetons pour ses outils."""
    return ChangedId(id=tool_tokens.allow(context, credential, agent_id))


@router.delete("/unit/agents/{agent_id}/tool-access", summary="Fermer l’API aux outils d’un agent")
def end_access(context: AppContext, credential: Credential, agent_id: str) -> ChangedId:
    """Retirer cet accès : tous les jetons de l’agent cessent aussitôt d’être valables."""
    return ChangedId(id=tool_tokens.end_access(context, credential, agent_id))


@router.get("/tool-tokens", summary="Lister les jetons de ses outils")
def list_tool_tokens(context: AppContext, credential: Credential) -> Tokens:
    """Lister les jetons encore valables que l’agent a créés pour ses outils."""
    return Tokens(items=tuple(TokenView.of(each) for each in tool_tokens.read(context, credential).tokens))


@router.post(
    "/tool-tokens", status_code=201, openapi_extra=accepts(ToolTokenBody), summary="Créer un jeton pour un outil"
)
def issue(
    context: AppContext, credential: Credential, body: JsonBody, response: Response, key: IdempotencyKey = None
) -> TokenWithSecret:
    """Créer un jeton que le chef d’unité a permis, en session forte ; il n’est montré que cette fois."""
    secret, record = tool_tokens.issue(context, credential, body.submission(ToolTokenBody, key))
    locate(response, f"/tool-tokens/{record.id}")
    return TokenWithSecret(token=secret, **record.model_dump())


@router.delete("/tool-tokens/{token_id}", status_code=204, summary="Révoquer le jeton d’un outil")
def revoke(context: AppContext, credential: Credential, token_id: str) -> None:
    """Révoquer un jeton : il cesse aussitôt d’être valable."""
    tool_tokens.revoke(context, credential, token_id)


@router.post("/unit/reassignments", openapi_extra=accepts(ReassignmentBody), summary="Redistribuer des dossiers")
def reassign(context: AppContext, credential: Credential, body: JsonBody) -> Reassigned:
    """Confier à un collègue des dossiers, ou tous ceux d’un agent, en un acte motivé."""
    return Reassigned(references=tuple(assignments.reassign(context, credential, body.submission(ReassignmentBody))))

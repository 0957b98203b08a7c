"""Drafts: open one within the filing window, complete it member by member, file it as a request or delete it."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from models.bodies.filing import DraftBody, Filing
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody, Submission
from starter.http.responses import locate
from starter.services import drafts
from starter.services.case_schemas import Filed
from starter.services.drafts import DraftView

router = APIRouter(tags=["Brouillon"])

DraftId = Annotated[str, Path(alias="id", description="Identifiant du brouillon.")]


@router.post("/drafts", status_code=201, openapi_extra=accepts(DraftBody), summary="Ouvrir un brouillon")
def open_draft(
    context: AppContext, credential: Credential, body: JsonBody, response: Response, key: IdempotencyKey = None
) -> DraftView:
    """Ouvrir un brouillon ; il devient caduc à la fin du délai de dépôt."""
    draft = drafts.open_draft(context, credential, body.submission(DraftBody, key))
    locate(response, f"/drafts/{draft.id}")
    return draft


@router.get("/drafts/{id}", summary="Lire un brouillon")
def read_draft(context: AppContext, credential: Credential, draft_id: DraftId) -> DraftView:
    """Lire un brouillon : son contenu, son délai, et ce qui lui manque."""
    return drafts.read_draft(context, credential, draft_id)


@router.delete("/drafts/{id}", status_code=204, summary="Supprimer un brouillon")
def delete_draft(context: AppContext, credential: Credential, draft_id: DraftId) -> None:
    """Supprimer un brouillon et son contenu : aucune demande n’est déposée."""
    drafts.delete_draft(context, credential, draft_id)


@router.patch("/drafts/{id}", openapi_extra=accepts(Filing, whole=False), summary="Compléter un brouillon")
def change_draft(context: AppContext, credential: Credential, draft_id: DraftId, body: JsonBody) -> DraftView:
    """Remplacer des membres de la demande ; null en retire un."""
    return drafts.change_draft(context, credential, draft_id, Submission(body.members))


@router.post("/drafts/{id}/filing", status_code=201, summary="Déposer un brouillon")
def file_draft(
    context: AppContext, credential: Credential, draft_id: DraftId, response: Response, key: IdempotencyKey = None
) -> Filed:
    """Déposer la demande telle que le brouillon l’énonce."""
    filed = drafts.file_draft(context, credential, draft_id, key)
    locate(response, f"/requests/{filed.reference}")
    return filed

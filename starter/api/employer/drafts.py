"""Drafts: open one within the filing window, complete it member by member, file it as a request."""

from typing import Annotated

from fastapi import APIRouter, Path

from models.bodies.filing import DraftBody, Filing
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody, Submission
from starter.services import drafts
from starter.services.case_schemas import Filed
from starter.services.drafts import DraftView

router = APIRouter(tags=["Brouillon"])

DraftId = Annotated[str, Path(alias="id", description="Identifiant du brouillon.")]


@router.post("/drafts", status_code=201, openapi_extra=accepts(DraftBody), summary="Ouvrir un brouillon")
def open_draft(context: AppContext, credential: Credential, body: JsonBody, key: IdempotencyKey = None) -> DraftView:
    """Ouvrir un brouillon ; il devient caduc à la fin du délai de dépôt."""
    return drafts.open_draft(context, credential, body.submission(DraftBody, key))


@router.get("/drafts/{id}", summary="Lire un brouillon")
def read_draft(context: AppContext, credential: Credential, draft_id: DraftId) -> DraftView:
    """Lire un brouillon : son délai, et ce qui lui manque."""
    return drafts.read_draft(context, credential, draft_id)


@router.patch("/drafts/{id}", openapi_extra=accepts(Filing, whole=False), summary="Compléter un brouillon")
def change_draft(context: AppContext, credential: Credential, draft_id: DraftId, body: JsonBody) -> DraftView:
    """Remplacer des membres de la demande ; null en retire un."""
    return drafts.change_draft(context, credential, draft_id, Submission(body.members))


@router.post("/drafts/{id}/filing", status_code=201, summary="Déposer un brouillon")
def file_draft(context: AppContext, credential: Credential, draft_id: DraftId, key: IdempotencyKey = None) -> Filed:
    """Déposer la demande telle que le brouillon l’énonce."""
    return drafts.file_draft(context, credential, draft_id, key)

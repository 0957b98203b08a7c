"""Verification of a document, open to everyone."""

from fastapi import APIRouter, Request

from models.messages.verification import Verification
from starter.context import AppContext
from starter.http.openapi import FILE_FORM
from starter.http.request_body import uploaded
from starter.services import jobs

router = APIRouter(tags=["Public"])


@router.post("/verifications", openapi_extra=FILE_FORM, summary="Vérifier un document")
async def verify(context: AppContext, request: Request) -> Verification:
    """Vérifier la signature d’un document et son inscription au registre."""
    return await jobs.verify(context, await uploaded(request, context.settings.upload_bytes))

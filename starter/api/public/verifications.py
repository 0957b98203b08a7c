"""Verification of a document, open to everyone."""

from fastapi import APIRouter, Request

from models.messages.verification import Verification
from starter.auth import cookies
from starter.context import AppContext, Origin
from starter.http.openapi import FILE_FORM
from starter.services import jobs

router = APIRouter(tags=["Public"])


@router.post("/verifications", openapi_extra=FILE_FORM, summary="Vérifier un document")
async def verify(context: AppContext, origin: Origin, request: Request) -> Verification:
    """Vérifier la signature d’un document et son inscription au registre."""
    cookies.check_stated_origin(request, context.settings.site)
    return await jobs.verify(context, origin, request)

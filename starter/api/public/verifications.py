"""Documents that anybody has verified."""

from fastapi import APIRouter, Request

from models.messages.verification import Verification
from starter.context import AppContext
from starter.http.openapi import FILE
from starter.http.request_body import uploaded
from starter.services import jobs

router = APIRouter(tags=["Public"])


@router.post("/verifications", openapi_extra=FILE, summary="Vérifier un document")
async def verify(context: AppContext, request: Request) -> Verification:
    """Vérifier la signature d’un document et s’il est inscrit au registre."""
    return await jobs.verify(context, await uploaded(request, context.settings.upload_bytes))

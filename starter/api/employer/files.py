"""Files, uploaded before the request or opinion that cites them."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from models.store.cases.files import StoredFile
from starter.context import AppContext, Credential
from starter.http.openapi import FILE_FORM
from starter.http.request_body import IdempotencyKey, uploaded
from starter.services import files

router = APIRouter(tags=["Employeur"])


@router.post("/files", status_code=201, openapi_extra=FILE_FORM, summary="Envoyer un fichier")
async def send_file(
    context: AppContext, credential: Credential, request: Request, key: IdempotencyKey = None
) -> StoredFile:
    """Envoyer un PDF, une image PNG ou JPEG, ou un tableau CSV, à citer ensuite par son identifiant."""
    await run_in_threadpool(files.admit, context, credential)
    content = await uploaded(request, context.settings.upload_bytes)
    return await run_in_threadpool(files.store, context, credential, content, key)

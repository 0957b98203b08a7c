"""Files sent ahead, and documents to verify."""

from hashlib import sha256

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from models.messages.verification import Verification
from models.store.cases import files
from models.store.cases.files import StoredFile
from models.store.journal.idempotency import digest
from starter.auth.permissions import Verb
from starter.context import AppContext, Context, Credential
from starter.http.openapi import FILE
from starter.http.request_body import IdempotencyKey, uploaded
from starter.http.uploads import media_type
from starter.services import jobs

router = APIRouter()


@router.post("/files", status_code=201, openapi_extra=FILE, tags=["Employeur"], summary="Envoyer un fichier")
async def send_file(
    context: AppContext, credential: Credential, request: Request, key: IdempotencyKey = None
) -> StoredFile:
    """Envoyer un PDF, une image PNG ou JPEG, ou un tableau CSV, à citer ensuite par son identifiant."""
    await run_in_threadpool(_admit, context, credential)
    content = await uploaded(request, context.settings.upload_bytes)
    return await run_in_threadpool(_keep, context, credential, content, key)


def _admit(context: Context, credential: Credential) -> None:
    """Strangers are turned away before their bytes are read."""
    with context.admit(credential, Verb.SEND_FILE):
        pass


def _keep(context: Context, credential: Credential, content: bytes, key: str | None) -> StoredFile:
    kind = media_type(content)
    with context.admit(credential, Verb.SEND_FILE) as caller:
        kept = caller.remembered(key, digest(["files", sha256(content).hexdigest()]))
        if kept is None:
            stored = files.add(caller.connection, caller.account.id, kind, content)
            caller.remember(key, stored.id)
            return stored
        return StoredFile(id=kept, sha256=sha256(content).hexdigest(), media_type=kind, size=len(content))


@router.post("/verifications", openapi_extra=FILE, tags=["Public"], summary="Vérifier un document")
async def verify(context: AppContext, request: Request) -> Verification:
    """Vérifier la signature d’un document et s’il est inscrit au registre."""
    return await jobs.verification(context, request)

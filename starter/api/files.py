"""Files sent ahead, and documents to verify."""

from hashlib import sha256

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from models.store import files
from models.store.files import StoredFile
from models.store.idempotency import digest
from models.verification import Verification
from starter import errands
from starter.access import Verb
from starter.house import House, Inside
from starter.openapi import FILE
from starter.reading import Key, uploaded
from starter.security import Token
from starter.uploads import media_type

router = APIRouter()


@router.post("/files", status_code=201, openapi_extra=FILE, tags=["Employeur"], summary="Envoyer un fichier")
async def send_file(house: Inside, token: Token, request: Request, key: Key = None) -> StoredFile:
    """Envoyer un PDF, une image PNG ou JPEG, ou un tableau CSV, à citer ensuite par son identifiant."""
    await run_in_threadpool(_admit, house, token)
    content = await uploaded(request, house.settings.upload_bytes)
    return await run_in_threadpool(_keep, house, token, content, key)


def _admit(house: House, token: Token) -> None:
    """Strangers are turned away before their bytes are read."""
    with house.admit(token, Verb.SEND_FILE):
        pass


def _keep(house: House, token: Token, content: bytes, key: str | None) -> StoredFile:
    kind = media_type(content)
    with house.admit(token, Verb.SEND_FILE) as caller:
        kept = caller.remembered(key, digest(["files", sha256(content).hexdigest()]))
        if kept is None:
            stored = files.add(caller.connection, caller.account.id, kind, content)
            caller.remember(key, stored.id)
            return stored
        return StoredFile(id=kept, sha256=sha256(content).hexdigest(), media_type=kind, size=len(content))


@router.post("/verifications", openapi_extra=FILE, tags=["Public"], summary="Vérifier un document")
async def verify(house: Inside, request: Request) -> Verification:
    """Vérifier la signature d’un document et s’il est inscrit au registre."""
    return await errands.verification(house, request)

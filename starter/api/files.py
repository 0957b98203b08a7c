"""Files sent ahead, and documents to verify."""

from datetime import timedelta
from hashlib import sha256
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from models.store import files
from models.store.files import StoredFile
from models.store.idempotency import digest
from models.verification import Upload
from starter.house import House, Inside
from starter.openapi import FILE
from starter.problems import fault
from starter.reading import Key, uploaded
from starter.security import AGENTS, Token
from starter.uploads import media_type

router = APIRouter()

VERIFYING: Final = timedelta(seconds=30)
"""How long somebody waits for a verification."""


@router.post("/files", status_code=201, openapi_extra=FILE, tags=["Employeur"], summary="Envoyer un fichier")
async def send_file(house: Inside, token: Token, request: Request, key: Key = None) -> StoredFile:
    """Envoyer un PDF, une image PNG ou JPEG, ou un tableau CSV, à citer ensuite par son identifiant."""
    await run_in_threadpool(_admit, house, token)
    content = await uploaded(request, house.settings.upload_bytes)
    return await run_in_threadpool(_keep, house, token, content, key)


def _admit(house: House, token: str) -> None:
    """Strangers are turned away before their bytes are read."""
    with house.admit(token, "employer", *AGENTS):
        pass


def _keep(house: House, token: str, content: bytes, key: str | None) -> StoredFile:
    kind = media_type(content)
    with house.admit(token, "employer", *AGENTS) as caller:
        kept = caller.remembered(key, digest(["files", sha256(content).hexdigest()]))
        if kept is None:
            stored = files.add(caller.connection, caller.account.id, kind, content)
            caller.remember(key, stored.id)
            return stored
        return StoredFile(id=kept, sha256=sha256(content).hexdigest(), media_type=kind, size=len(content))


@router.post("/verifications", openapi_extra=FILE, tags=["Public"], summary="Vérifier un document")
async def verify(house: Inside, request: Request) -> dict[str, object]:
    """Vérifier la signature d’un document et s’il est inscrit au registre."""
    content = await uploaded(request, house.settings.upload_bytes)
    if not content:
        raise fault("/file", "file-empty", "Ce fichier est vide.")
    verification = await run_in_threadpool(_submit, house, content)
    await house.cases.verify(Upload(id=verification), VERIFYING)
    return await run_in_threadpool(_result, house, verification)


def _submit(house: House, content: bytes) -> str:
    with house.register.begin() as connection:
        return files.submit(connection, content)


def _result(house: House, verification: str) -> dict[str, object]:
    with house.register.begin() as connection:
        return files.result(connection, verification) or {}

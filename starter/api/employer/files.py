"""Files: uploaded before the request, opinion, piece or message that cites them, and read back."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from models.store.cases.files import StoredFile
from starter.context import AppContext, Credential, Origin
from starter.http.file_bodies import uploaded
from starter.http.openapi import ATTACHMENT, FILE_FORM, UNCHANGED
from starter.http.request_body import IdempotencyKey
from starter.http.responses import attachment, locate
from starter.services import files

router = APIRouter(tags=["Employeur"])


@router.post("/files", status_code=201, openapi_extra=FILE_FORM, summary="Envoyer un fichier")
async def send_file(
    context: AppContext,
    credential: Credential,
    origin: Origin,
    request: Request,
    response: Response,
    key: IdempotencyKey = None,
) -> StoredFile:
    """Envoyer un PDF, une image PNG ou JPEG, ou un tableau CSV, à citer ensuite par son identifiant."""
    uploader = await run_in_threadpool(files.admit, context, credential, key)
    content = await uploaded(request, context.settings.upload_bytes)
    with context.slow_calls.file(uploader.account_id, origin, proven=uploader.proven):
        stored = await context.slow_calls.run_for(uploader.proven, files.store, context, credential, content, key)
    locate(response, f"/files/{stored.id}")
    return stored


@router.get(
    "/files/{id}", response_class=Response, responses={200: ATTACHMENT, 304: UNCHANGED}, summary="Lire un fichier joint"
)
def read_file(context: AppContext, credential: Credential, file_id: Annotated[str, Path(alias="id")]) -> Response:
    """Télécharger un fichier : qui l’a envoyé, et qui peut lire un dossier où il est joint.

    Les octets sont ceux qui ont été reçus. Dans un tableau CSV, un tableur exécute comme formule toute cellule qui
    commence par « = », « + », « - » ou « @ » : ouvrez-le comme texte.
    """
    file = files.read(context, credential, file_id)
    record = file.record
    return attachment(file.parts, record.media_type, file.file_name, record.sha256, record.size)

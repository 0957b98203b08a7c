"""Files of claims: sent as they are, read by a worker, corrected with the list of their errors."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from law.rates import Sector
from models.bodies.claim import ClaimTerms
from models.claim_files.profile import ImportProfile
from models.claim_files.refusals import RefusalCode
from models.store.claims.uploads.sealing import SealedFile, Sealer
from starter.context import AppContext, Credential
from starter.http.file_bodies import too_large_sentence
from starter.http.openapi import CLAIM_FILE, CSV, accepts
from starter.http.problems import fault, problem
from starter.http.request_body import IdempotencyKey, JsonBody, limited
from starter.http.responses import csv_file, locate
from starter.services import claim_uploads
from starter.services.claim_uploads import UploadAccepted, UploadAddress
from starter.services.upload_views import UploadView

router = APIRouter(tags=["Demande d’indemnisation"])

MONTH: Final = r"^20\d\d-(0[1-9]|1[0-2])$"
FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")
UploadId = Annotated[str, Path(alias="id", description="Identifiant du fichier.")]
Month = Annotated[str, Path(pattern=MONTH, description="Mois demandé : 2021-03.")]
Structural = Annotated[
    bool, Query(description="Les heures des contrats au-delà de la durée légale sont structurelles.")
]
SectorOf = Annotated[
    Sector, Query(alias="sector", description="Ce qui donne droit à d’autres taux que ceux de droit commun.")
]
Holidays = Annotated[bool | None, Query(description="L’établissement travaille les jours fériés, s’il le dit.")]
Part = Annotated[int, Query(ge=1, le=99, description="Partie de la demande du mois, s’il y en a plusieurs.")]


def _address(reference: str, month: Month) -> UploadAddress:
    return UploadAddress(reference, date.fromisoformat(f"{month}-01"))


def _terms(
    structural: Structural = False, sector: SectorOf = Sector.GENERAL, holidays_worked: Holidays = None
) -> ClaimTerms:
    return ClaimTerms(structural=structural, sector=sector, holidays_worked=holidays_worked)


Terms = Annotated[ClaimTerms, Depends(_terms)]
Address = Annotated[UploadAddress, Depends(_address)]


@router.post(
    "/requests/{reference}/claims/{month}/uploads",
    status_code=202,
    openapi_extra=CLAIM_FILE,
    summary="Envoyer le fichier d’une demande d’indemnisation",
)
async def send_claim_file(
    context: AppContext,
    credential: Credential,
    request: Request,
    response: Response,
    address: Address,
    stated: Terms,
    part: Part = 1,
    key: IdempotencyKey = None,
) -> UploadAccepted:
    """Envoyer le fichier du logiciel de paie : il est lu aussitôt après, et gardé un jour au plus, chiffré."""
    to = address._replace(part=part, stated=stated)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() in FORMS:
        raise problem("unsupported-media-type", "Envoyez les octets du fichier, sans formulaire.")
    sealer = await run_in_threadpool(claim_uploads.open_sealer, context, credential, to, key)
    file = await sealed(request, sealer, context.settings.claim_bytes)
    accepted = await run_in_threadpool(claim_uploads.store, context, credential, to, file, key)
    locate(response, accepted.links["self"].removeprefix("/api/v1"))
    return accepted


@router.get("/requests/{reference}/claims/{month}/uploads/{id}", summary="Suivre la lecture d’un fichier")
def read_upload(context: AppContext, credential: Credential, address: Address, upload_id: UploadId) -> UploadView:
    """Suivre la lecture : lignes lues, premières erreurs, colonnes non reconnues, heures et allocation."""
    return claim_uploads.read(context, credential, address, upload_id)


@router.get(
    "/requests/{reference}/claims/{month}/uploads/{id}/errors.csv",
    response_class=Response,
    responses={200: CSV},
    summary="Lire les erreurs d’un fichier",
)
def read_errors(context: AppContext, credential: Credential, address: Address, upload_id: UploadId) -> Response:
    """Télécharger les erreurs (10 000 au plus) : ligne, colonne, ce qui a été lu, masqué, et que faire."""
    return csv_file("erreurs.csv", claim_uploads.write_errors(context, credential, address, upload_id))


@router.put(
    "/requests/{reference}/claims/{month}/uploads/{id}/profile",
    openapi_extra=accepts(ImportProfile),
    summary="Dire ce que contiennent les colonnes d’un fichier",
)
def map_headers(
    context: AppContext, credential: Credential, address: Address, upload_id: UploadId, body: JsonBody
) -> UploadView:
    """Dire ce que contiennent les colonnes et les codes de ce logiciel : le fichier est relu, et les suivants aussi."""
    return claim_uploads.map_headers(context, credential, address, upload_id, body.submission(ImportProfile))


async def sealed(request: Request, sealer: Sealer, max_bytes: int) -> SealedFile:
    """Seal a body while it arrives; raises 413 beyond `max_bytes`, `InvalidRequest` for an empty one."""
    async for chunk in limited(request, max_bytes, too_large_sentence(max_bytes)):
        sealer.add(chunk)
    file = sealer.finish()
    if not file.size:
        raise fault("", RefusalCode.EMPTY.value, RefusalCode.EMPTY.label)
    return file

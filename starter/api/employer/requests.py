"""Requests: file, list, read, desist; agents read them here too."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from models.bodies.amendment import AmendmentBody
from models.bodies.filing import Filing
from starter.context import AppContext, Credential
from starter.http.calendar_file import calendar
from starter.http.openapi import CALENDAR, PDF, UNCHANGED, accepts
from starter.http.request_body import IdempotencyKey, JsonBody, Submission
from starter.http.responses import locate, pdf
from starter.services import amendments, case_calendar, documents, requests
from starter.services.case_schemas import CaseView, Filed
from starter.services.filing import RequestStatement
from starter.services.requests import Desisted, Items, Listing

router = APIRouter(tags=["Employeur"])


@router.post("/requests", status_code=201, openapi_extra=accepts(Filing), summary="Déposer une demande")
def file_request(
    context: AppContext, credential: Credential, body: JsonBody, response: Response, key: IdempotencyKey = None
) -> Filed:
    """Déposer une demande préalable d’autorisation (R. 5122-2) ; le délai de silence court aussitôt."""
    submission = Submission(lambda: RequestStatement.read(body.members()), lambda: body.digest, key)
    filed = requests.file_request(context, credential, submission)
    locate(response, f"/requests/{filed.reference}")
    return filed


@router.get("/requests", summary="Lister ses demandes")
def list_requests(context: AppContext, credential: Credential, parameters: Annotated[Listing, Query()]) -> Items:
    """Lister les demandes de ses établissements : d’abord celles dont le délai court, par échéance.

    Les états `draft` et `lapsed` listent les brouillons.
    """
    return requests.list_requests(context, credential, parameters).page


@router.get("/requests/{reference}", summary="Lire un dossier")
def read_request(context: AppContext, credential: Credential, reference: str) -> CaseView:
    """Lire un dossier : son délai, son issue, ses événements et ses documents."""
    return requests.read_request(context, credential, reference).case


@router.get(
    "/requests/{reference}/calendar.ics",
    response_class=Response,
    responses={200: CALENDAR},
    summary="Lire les échéances d’un dossier",
)
def read_calendar(context: AppContext, credential: Credential, reference: str) -> Response:
    """Lire ce qui vient à échéance dans un dossier, en fichier d’agenda : silence, pièces, avis du CSE."""
    events = case_calendar.list_events(context, credential, reference)
    return Response(calendar(events, datetime.now(UTC)), media_type="text/calendar; charset=utf-8")


@router.get(
    "/requests/{reference}/documents/{document_id}",
    response_class=Response,
    responses={200: PDF, 304: UNCHANGED},
    summary="Lire un document",
)
def read_document(context: AppContext, credential: Credential, reference: str, document_id: str) -> Response:
    """Lire un document scellé ou signé, au format PDF."""
    document = documents.read_document(context, credential, reference, document_id)
    return pdf(document.content, document.file_name, document.record.sha256)


@router.post(
    "/requests/{reference}/amendments",
    status_code=201,
    openapi_extra=accepts(AmendmentBody),
    summary="Demander un avenant",
)
def file_amendment(
    context: AppContext,
    credential: Credential,
    reference: str,
    body: JsonBody,
    response: Response,
    key: IdempotencyKey = None,
) -> Filed:
    """Demander d’autres heures, salariés ou période pour une autorisation ; ce qui n’est pas dit ne change pas.

    L’avenant a sa référence (`…01`), son récépissé et son délai de silence. `hours` est le total, une fois modifié.
    """
    submission = body.submission(AmendmentBody, key)
    filed = amendments.file_amendment(context, credential, reference, submission)
    locate(response, f"/requests/{filed.reference}")
    return filed


@router.post("/requests/{reference}/desistment", summary="Se désister")
def desist(context: AppContext, credential: Credential, reference: str) -> Desisted:
    """Renoncer à une demande, tant qu’aucune décision n’est prise et que le silence n’a pas valu acceptation."""
    return requests.desist(context, credential, reference)

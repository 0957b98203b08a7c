"""Registering a request received on paper before online filing (R. 5122-2)."""

from fastapi import APIRouter, Response

from models.bodies.filing import PaperFiling
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.http.responses import locate
from starter.services import paper_requests
from starter.services.case_schemas import Filed

router = APIRouter(tags=["Agent"])


@router.post(
    "/paper-requests",
    status_code=201,
    openapi_extra=accepts(PaperFiling),
    summary="Inscrire une demande papier",
)
def file_paper(
    context: AppContext, credential: Credential, body: JsonBody, response: Response, key: IdempotencyKey = None
) -> Filed:
    """Inscrire une demande reçue sur papier avant le dépôt en ligne, à sa date certaine."""
    filed = paper_requests.file(context, credential, body.submission(PaperFiling, key))
    locate(response, f"/requests/{filed.reference}")
    return filed

"""Supplied after filing: missing pieces, and the works council's opinion that was outstanding."""

from fastapi import APIRouter

from models.bodies.completion import Completion
from models.bodies.filing import Opinion
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.services import completions, opinions
from starter.services.completions import Supplied
from starter.services.opinions import OpinionReceived

router = APIRouter(tags=["Employeur"])


@router.post("/requests/{reference}/completion", openapi_extra=accepts(Completion), summary="Fournir des pièces")
def complete(
    context: AppContext, credential: Credential, reference: str, body: JsonBody, key: IdempotencyKey = None
) -> Supplied:
    """Fournir tout ou partie des pièces demandées ; la dernière fait courir de nouveau le délai entier."""
    return completions.supply_pieces(context, credential, reference, body.submission(Completion, key))


@router.post(
    "/requests/{reference}/works-council-opinion",
    openapi_extra=accepts(Opinion),
    summary="Fournir l’avis du CSE",
)
def supply_opinion(
    context: AppContext, credential: Credential, reference: str, body: JsonBody, key: IdempotencyKey = None
) -> OpinionReceived:
    """Fournir l’avis du CSE qui devait suivre la demande (R. 5122-2)."""
    return opinions.supply_opinion(context, credential, reference, body.submission(Opinion, key))

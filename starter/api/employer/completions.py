"""What an employer supplies after filing: missing pieces, and an opinion of the works council that was to follow."""

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


@router.post(
    "/requests/{reference}/completion", openapi_extra=accepts(Completion), summary="Fournir des pièces"
)
def complete(
    context: AppContext, credential: Credential, reference: str, sent: JsonBody, key: IdempotencyKey = None
) -> Supplied:
    """Fournir tout ou partie des pièces demandées ; la dernière fait repartir le délai entier."""
    return completions.supply_pieces(context, credential, reference, sent.submission(Completion, key))


@router.post(
    "/requests/{reference}/works-council-opinion",
    openapi_extra=accepts(Opinion),
    summary="Fournir l’avis du CSE",
)
def supply_opinion(
    context: AppContext, credential: Credential, reference: str, sent: JsonBody, key: IdempotencyKey = None
) -> OpinionReceived:
    """Fournir l’avis du CSE qui devait suivre la demande (R. 5122-2)."""
    return opinions.supply_opinion(context, credential, reference, sent.submission(Opinion, key))

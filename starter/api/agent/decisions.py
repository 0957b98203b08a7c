"""Previewing, taking and cancelling a decision."""

from fastapi import APIRouter, Response

from models.bodies.decision import CancellationBody
from starter.api.agent.agent_acts import SIGNING, ActPath, CancelledAct
from starter.context import AppContext, Credential
from starter.http.openapi import PDF, accepts
from starter.http.request_body import JsonBody, OptionalJsonBody
from starter.http.responses import pdf
from starter.services import decisions
from starter.services.case_schemas import Decision
from starter.services.decisions import DECISIONS

router = APIRouter(tags=["Agent"])


@router.post(
    "/requests/{reference}/decision",
    openapi_extra=accepts(DECISIONS),
    responses={202: SIGNING | {"model": Decision}},
    summary="Décider",
)
async def decide(
    context: AppContext, credential: Credential, reference: str, body: JsonBody, response: Response
) -> Decision:
    """Autoriser ou refuser (R. 5122-4) : 200 une fois la décision notifiée, 202 pendant sa signature."""
    decision = await decisions.decide(context, credential, reference, body.submission(DECISIONS))
    response.status_code = 200 if decision.state == "notified" else 202
    return decision


@router.post(
    "/requests/{reference}/decision/preview",
    response_class=Response,
    openapi_extra=accepts(DECISIONS),
    responses={200: PDF},
    summary="Voir une décision avant de la prendre",
)
async def preview(context: AppContext, credential: Credential, reference: str, body: JsonBody) -> Response:
    """Composer la décision telle qu’elle serait signée, marquée « PROJET » ; rien n’est enregistré."""
    case, content = await decisions.preview(context, credential, reference, body.submission(DECISIONS))
    return pdf(content, f"{case}-projet.pdf")


@router.delete(
    "/requests/{reference}/decision/{id}",
    openapi_extra=accepts(CancellationBody, required=False),
    summary="Reprendre une décision",
)
def cancel_decision(
    context: AppContext, credential: Credential, reference: str, act_id: ActPath, body: OptionalJsonBody
) -> CancelledAct:
    """Reprendre une décision non signée : son auteur, ou un chef d’unité qui peut la prendre et dit pourquoi."""
    decisions.cancel(context, credential, reference, act_id, body.submission(CancellationBody))
    return CancelledAct(id=act_id)

"""An agent previews, takes and takes back a decision."""

from fastapi import APIRouter, Response

from starter.api.agent.agent_acts import SIGNING, ActPath, CancelledAct, printable
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import JsonBody
from starter.services import decisions
from starter.services.case_schemas import Decision
from starter.services.decisions import DECISIONS

router = APIRouter(tags=["Agent"])


@router.post(
    "/requests/{reference}/decision",
    openapi_extra=accepts(DECISIONS),
    responses={202: SIGNING[202] | {"model": Decision}},
    summary="Décider",
)
async def decide(
    context: AppContext, credential: Credential, reference: str, sent: JsonBody, response: Response
) -> Decision:
    """Autoriser ou refuser (R. 5122-4) : 200 une fois notifiée, 202 tant qu’elle se signe."""
    decision = await decisions.decide(context, credential, reference, sent.submission(DECISIONS))
    response.status_code = 200 if decision.state == "notified" else 202
    return decision


@router.post(
    "/requests/{reference}/decision/preview",
    response_class=Response,
    openapi_extra=accepts(DECISIONS),
    responses={200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
    summary="Voir une décision avant de la prendre",
)
async def preview(context: AppContext, credential: Credential, reference: str, sent: JsonBody) -> Response:
    """Composer la décision telle qu’elle serait signée, marquée « PROJET » ; rien n’est enregistré."""
    case, pdf = await decisions.preview(context, credential, reference, sent.submission(DECISIONS))
    headers = {"Content-Disposition": f'inline; filename="{case}-projet.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.delete("/requests/{reference}/decision/{id}", summary="Reprendre une décision")
def take_decision_back(
    context: AppContext, credential: Credential, reference: str, act_id: ActPath
) -> CancelledAct:
    """Reprendre une décision qui n’est pas encore signée."""
    decisions.take_back(context, credential, reference, printable(act_id))
    return CancelledAct(id=act_id)

"""Requesting pieces, seen before they are requested, and cancelling the request."""

from fastapi import APIRouter, Response

from models.bodies.completion import CompletionRequestBody
from starter.api.agent.agent_acts import SIGNING, ActPath, CancelledAct
from starter.context import AppContext, Credential
from starter.http.openapi import PDF, accepts
from starter.http.request_body import JsonBody
from starter.http.responses import pdf
from starter.services import completion_requests
from starter.services.case_schemas import CompletionRequested

router = APIRouter(tags=["Agent"])


@router.post(
    "/requests/{reference}/completion-requests",
    openapi_extra=accepts(CompletionRequestBody),
    responses={202: SIGNING | {"model": CompletionRequested}},
    summary="Demander des pièces",
)
async def request_completion(
    context: AppContext, credential: Credential, reference: str, body: JsonBody, response: Response
) -> CompletionRequested:
    """Demander des pièces indispensables (CRPA L. 114-5) ; une fois notifiée, la demande arrête le délai."""
    completion = await completion_requests.request_completion(
        context, credential, reference, body.submission(CompletionRequestBody)
    )
    response.status_code = 202 if completion.state == "registered" else 200
    return completion


@router.post(
    "/requests/{reference}/completion-requests/preview",
    response_class=Response,
    openapi_extra=accepts(CompletionRequestBody),
    responses={200: PDF},
    summary="Voir une demande de pièces avant de l’envoyer",
)
async def preview_completion_request(
    context: AppContext, credential: Credential, reference: str, body: JsonBody
) -> Response:
    """Composer la demande telle qu’elle serait scellée, marquée « PROJET » ; rien n’est enregistré."""
    submission = body.submission(CompletionRequestBody)
    case, content = await completion_requests.preview(context, credential, reference, submission)
    return pdf(content, f"{case}-projet.pdf")


@router.delete("/requests/{reference}/completion-requests/{id}", summary="Annuler une demande de pièces")
def cancel_completion_request(
    context: AppContext, credential: Credential, reference: str, act_id: ActPath
) -> CancelledAct:
    """Annuler une demande de pièces : le délai reprend, jusqu’à l’instant fixé par le récépissé.

    Demande une délégation pour autoriser : sans autre décision, le silence vaudra acceptation.
    """
    completion_requests.cancel(context, credential, reference, act_id)
    return CancelledAct(id=act_id)

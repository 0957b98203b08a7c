"""Messages of a case, between its employer and the agents."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from models.bodies.messages import MessageBody
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.http.responses import locate
from starter.services import messages
from starter.services.messages import MessageListing, Messages, MessageView

router = APIRouter(tags=["Messages"])


@router.get("/requests/{reference}/messages", summary="Lire les messages d’un dossier")
def list_messages(
    context: AppContext, credential: Credential, reference: str, parameters: Annotated[MessageListing, Query()]
) -> Messages:
    """Lire les messages échangés, du plus récent au plus ancien ; ceux de l’autre côté sont alors marqués lus."""
    return messages.list_messages(context, credential, reference, parameters).page


@router.post(
    "/requests/{reference}/messages",
    status_code=201,
    openapi_extra=accepts(MessageBody),
    summary="Envoyer un message",
)
def send_message(
    context: AppContext,
    credential: Credential,
    reference: str,
    body: JsonBody,
    response: Response,
    key: IdempotencyKey = None,
) -> MessageView:
    """Écrire à l’agent chargé du dossier, ou à l’employeur.

    Un message ne fait courir, n’arrête et ne recommence aucun délai ; il ne vaut pas demande de pièces.
    """
    sent = messages.send(context, credential, reference, body.submission(MessageBody, key))
    locate(response, f"/requests/{reference}/messages")
    return sent

"""Proof of the authority over an establishment: ask for a letter, use its code."""

from datetime import datetime

from fastapi import APIRouter, Response

from models.bodies.authority import ProofBody
from models.identifiers import Message, NamedSiret
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.http.responses import locate
from starter.services import authority
from starter.services.authority import AuthorityState

router = APIRouter(tags=["Compte"])


class RequestedLetter(Message):
    """A letter that was asked for; an operator has it printed."""

    siret: str
    requested_at: datetime


@router.post("/establishments/{siret}/letters", status_code=201, summary="Demander une lettre")
def request_letter(
    context: AppContext, credential: Credential, siret: NamedSiret, response: Response, key: IdempotencyKey = None
) -> RequestedLetter:
    """Demander la lettre, à l’adresse que donne le répertoire, dont le code prouve l’habilitation."""
    letter = authority.request_letter(context, credential, siret, key)
    locate(response, f"/establishments/{siret}/letters")
    return RequestedLetter(siret=siret, requested_at=letter.requested_at)


@router.post(
    "/establishments/{siret}/proof", openapi_extra=accepts(ProofBody), summary="Prouver son habilitation par un code"
)
def prove(context: AppContext, credential: Credential, siret: NamedSiret, body: JsonBody) -> AuthorityState:
    """Prouver, par le code d’une lettre, que l’on peut agir pour un établissement."""
    return authority.prove(context, credential, siret, body.submission(ProofBody))

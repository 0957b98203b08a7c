"""Validation, by an agent, of the authority of an account over an establishment."""

from fastapi import APIRouter

from models.bodies.authority import ValidationBody
from models.identifiers import NamedSiret
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.services import authority
from starter.services.authority import AuthorityState

router = APIRouter(tags=["Agent"])


@router.post(
    "/establishments/{siret}/validation", openapi_extra=accepts(ValidationBody), summary="Valider une habilitation"
)
def validate(
    context: AppContext, credential: Credential, siret: NamedSiret, body: JsonBody, key: IdempotencyKey = None
) -> AuthorityState:
    """Valider, en donnant une raison, qu’un compte peut agir pour un établissement du département.

    `account` ou `request` le nomme quand plusieurs comptes attendent.
    """
    return authority.validate(context, credential, siret, body.submission(ValidationBody, key))

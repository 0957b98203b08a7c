"""Enrolment (R. 5122-26, I): terms of use, request to enrol, new activation code, activation, receipt."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from models.bodies.enrolment import ActivationBody, EnrolmentBody, ReaddressBody, ResendBody
from models.identifiers import Message, NamedSiret
from models.terms import Terms
from starter.auth import rate_limits
from starter.context import AppContext, Credential, Origin
from starter.http.openapi import PDF, accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.http.responses import locate, pdf
from starter.services import activation, enrolment
from starter.services.activation import Activated
from starter.services.enrolment import EnrolmentRequested

router = APIRouter(tags=["Adhésion"])


class EnrolmentAcknowledgement(Message):
    """The same answer for everyone: a mail is sent if the address is known."""

    status: Literal["heard"] = "heard"
    advice: str = enrolment.ADVICE


@router.get("/enrolments/terms", summary="Lire les conditions générales d’utilisation")
def read_terms(
    context: AppContext, version: Annotated[str | None, Query(description="Une version antérieure.")] = None
) -> Terms:
    """Lire les conditions en vigueur, ou une version antérieure, avec l’empreinte de leur texte."""
    return enrolment.read_terms(context, version)


@router.post("/enrolments", status_code=201, openapi_extra=accepts(EnrolmentBody), summary="Adhérer")
async def enrol(
    context: AppContext, origin: Origin, body: JsonBody, response: Response, key: IdempotencyKey = None
) -> EnrolmentRequested:
    """Adhérer au service : la réponse est la même que l’établissement ait déjà adhéré ou non."""
    stated = body.read(EnrolmentBody)
    requested = await rate_limits.in_constant_time(enrolment.enrol, context, stated, origin, key)
    locate(response, f"/enrolments/{stated.siret}/receipt")
    return requested


@router.post("/enrolments/resend", status_code=202, openapi_extra=accepts(ResendBody), summary="Redemander un code")
async def resend(context: AppContext, origin: Origin, body: JsonBody) -> EnrolmentAcknowledgement:
    """Demander un autre code d’activation ; le précédent cesse d’être valable."""
    await rate_limits.in_constant_time(enrolment.resend, context, body.read(ResendBody), origin)
    return EnrolmentAcknowledgement()


@router.post("/enrolments/email", status_code=202, openapi_extra=accepts(ReaddressBody), summary="Corriger l’adresse")
async def readdress(context: AppContext, origin: Origin, body: JsonBody) -> EnrolmentAcknowledgement:
    """Corriger l’adresse électronique avant l’activation, avec la clé remise lors de l’adhésion."""
    await rate_limits.in_constant_time(enrolment.readdress, context, body.read(ReaddressBody), origin)
    return EnrolmentAcknowledgement()


@router.post("/enrolments/activation", openapi_extra=accepts(ActivationBody), summary="Activer une adhésion")
def activate(context: AppContext, origin: Origin, body: JsonBody) -> Activated:
    """Choisir un mot de passe avec le code reçu ; le jeton d’accès n’est montré que cette fois."""
    return activation.activate(context, body.read(ActivationBody), origin)


@router.get(
    "/enrolments/{siret}/receipt",
    summary="Lire le récépissé d’adhésion",
    response_class=Response,
    responses={200: PDF},
)
def read_receipt(
    context: AppContext,
    credential: Credential,
    siret: Annotated[NamedSiret, Path(description="SIRET de l’établissement.")],
) -> Response:
    """Lire le récépissé de l’adhésion d’un de ses établissements, au format PDF."""
    return pdf(enrolment.read_receipt(context, credential, siret), f"{siret}-enrolment_receipt.pdf")

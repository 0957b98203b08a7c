"""Enrolment (R. 5122-26, I): terms of use, request to enrol, other credentials, activation, receipt."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from models.bodies.enrolment import ActivationBody, EnrolmentBody, ReaddressBody, ResendBody
from models.errors import Unknown
from models.identifiers import Message
from models.store.journal import representation
from models.store.people import enrolments
from models.terms import VERSIONS, Terms, terms
from starter.auth import rate_limits
from starter.auth.permissions import Verb
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.problems import RETRY, problem
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.services import enrolment
from starter.services.enrolment import Activated, Enrolled

router = APIRouter(tags=["Adhésion"])


class Advised(Message):
    """The same for everybody: a mail leaves, if there is somebody to write to."""

    status: Literal["heard"] = "heard"
    advice: str = enrolment.ADVICE


@router.get("/enrolments/terms", summary="Lire les conditions générales d’utilisation")
def read_terms(
    context: AppContext, version: Annotated[str | None, Query(description="Une version antérieure.")] = None
) -> Terms:
    """Lire les conditions en vigueur, ou une version antérieure, avec l’empreinte de leur texte."""
    if version is None:
        return enrolment.terms_now(context)
    if version not in VERSIONS:
        raise Unknown(version)
    return terms(version)


@router.post("/enrolments", status_code=201, openapi_extra=accepts(EnrolmentBody), summary="Adhérer")
async def enrol(
    context: AppContext, request: Request, sent: JsonBody, key: IdempotencyKey = None
) -> Enrolled:
    """Adhérer au service : la réponse est la même que l’établissement ait déjà adhéré ou non."""
    body = sent.read(EnrolmentBody)
    return await rate_limits.evenly(enrolment.enrol, context, body, context.origin(request), key)


@router.post(
    "/enrolments/resend", status_code=202, openapi_extra=accepts(ResendBody), summary="Redemander un code"
)
async def resend(context: AppContext, request: Request, sent: JsonBody) -> Advised:
    """Demander un autre code d’activation ; le précédent n’est plus bon."""
    await rate_limits.evenly(enrolment.resend, context, sent.read(ResendBody), context.origin(request))
    return Advised()


@router.post(
    "/enrolments/email", status_code=202, openapi_extra=accepts(ReaddressBody), summary="Corriger l’adresse"
)
async def readdress(context: AppContext, request: Request, sent: JsonBody) -> Advised:
    """Corriger l’adresse électronique avant l’activation, avec la clé remise lors de l’adhésion."""
    await rate_limits.evenly(enrolment.readdress, context, sent.read(ReaddressBody), context.origin(request))
    return Advised()


@router.post("/enrolments/activation", openapi_extra=accepts(ActivationBody), summary="Activer une adhésion")
def activate(context: AppContext, request: Request, sent: JsonBody) -> Activated:
    """Choisir un mot de passe avec le code reçu ; le jeton d’accès n’est montré que cette fois."""
    return enrolment.activate(context, sent.read(ActivationBody), context.origin(request))


@router.get(
    "/enrolments/{siret}/receipt",
    summary="Lire le récépissé d’adhésion",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
)
def read_receipt(
    context: AppContext,
    credential: Credential,
    siret: Annotated[str, Path(description="SIRET de l’établissement.")],
) -> Response:
    """Lire le récépissé scellé de l’adhésion d’un de ses établissements, au format PDF."""
    with context.admit(credential, Verb.READ_ENROLMENT) as caller:
        if not representation.belongs(caller.connection, caller.account.id, siret):
            raise Unknown(siret)
        if not enrolments.was_activated(caller.connection, siret):
            raise Unknown(siret)
        content = enrolments.find_receipt(caller.connection, siret)
    if content is None:
        raise problem(
            "unavailable", "Le récépissé est en cours de scellement : revenez sous peu.", dict(RETRY)
        )
    name = f"{siret}-enrolment_receipt.pdf"
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=disposition)

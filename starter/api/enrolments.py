"""Enrolment (R. 5122-26, I): terms of use, request to enrol, other credentials, activation, receipt."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from models.conflicts import Unknown
from models.enrolment import ActivationBody, EnrolmentBody, ReaddressBody, ResendBody
from models.store import acting, enrolments
from models.terms import VERSIONS, Terms, terms
from models.values import Message
from starter import enrolling, slowing
from starter.access import Verb
from starter.enrolling import Activated, Enrolled
from starter.house import Inside
from starter.openapi import accepts
from starter.problems import RETRY, problem
from starter.reading import Key, Posted
from starter.security import Token

router = APIRouter(tags=["Adhésion"])


class Advised(Message):
    """The same for everybody: a mail leaves, if there is somebody to write to."""

    status: Literal["heard"] = "heard"
    advice: str = enrolling.ADVICE


@router.get("/enrolments/terms", summary="Lire les conditions générales d’utilisation")
def read_terms(
    house: Inside, version: Annotated[str | None, Query(description="Une version antérieure.")] = None
) -> Terms:
    """Lire les conditions en vigueur, ou une version antérieure, avec l’empreinte de leur texte."""
    if version is None:
        return enrolling.terms_now(house)
    if version not in VERSIONS:
        raise Unknown(version)
    return terms(version)


@router.post("/enrolments", status_code=201, openapi_extra=accepts(EnrolmentBody), summary="Adhérer")
async def enrol(house: Inside, request: Request, sent: Posted, key: Key = None) -> Enrolled:
    """Adhérer au service : la réponse est la même que l’établissement ait déjà adhéré ou non."""
    body = sent.read(EnrolmentBody)
    return await slowing.evenly(enrolling.enrol, house, body, slowing.origin(request), key)


@router.post(
    "/enrolments/resend", status_code=202, openapi_extra=accepts(ResendBody), summary="Redemander un code"
)
async def resend(house: Inside, request: Request, sent: Posted) -> Advised:
    """Demander un autre code d’activation ; le précédent n’est plus bon."""
    await slowing.evenly(enrolling.resend, house, sent.read(ResendBody), slowing.origin(request))
    return Advised()


@router.post(
    "/enrolments/email", status_code=202, openapi_extra=accepts(ReaddressBody), summary="Corriger l’adresse"
)
async def readdress(house: Inside, request: Request, sent: Posted) -> Advised:
    """Corriger l’adresse électronique avant l’activation, avec la clé remise lors de l’adhésion."""
    await slowing.evenly(enrolling.readdress, house, sent.read(ReaddressBody), slowing.origin(request))
    return Advised()


@router.post("/enrolments/activation", openapi_extra=accepts(ActivationBody), summary="Activer une adhésion")
def activate(house: Inside, request: Request, sent: Posted) -> Activated:
    """Choisir un mot de passe avec le code reçu ; le jeton d’accès n’est montré que cette fois."""
    return enrolling.activate(house, sent.read(ActivationBody), slowing.origin(request))


@router.get(
    "/enrolments/{siret}/receipt",
    summary="Lire le récépissé d’adhésion",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
)
def read_receipt(
    house: Inside, token: Token, siret: Annotated[str, Path(description="SIRET de l’établissement.")]
) -> Response:
    """Lire le récépissé scellé de l’adhésion d’un de ses établissements, au format PDF."""
    with house.admit(token, Verb.READ_ENROLMENT) as caller:
        if not acting.belongs(caller.connection, caller.account.id, siret):
            raise Unknown(siret)
        if not enrolments.was_activated(caller.connection, siret):
            raise Unknown(siret)
        content = enrolments.receipt_of(caller.connection, siret)
    if content is None:
        raise problem(
            "unavailable", "Le récépissé est en cours de scellement : revenez sous peu.", dict(RETRY)
        )
    name = f"{siret}-enrolment_receipt.pdf"
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=disposition)

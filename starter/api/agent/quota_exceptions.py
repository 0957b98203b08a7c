"""Joint decisions that raise a quota of hours (R. 5122-6, R. 5122-7): recorded, ended and listed."""

from fastapi import APIRouter, Response

from models.bodies.claims_review import QuotaEndBody, QuotaExceptionBody
from models.identifiers import Message
from starter.context import AppContext, Credential
from starter.http.openapi import accepts
from starter.http.request_body import IdempotencyKey, JsonBody
from starter.http.responses import locate
from starter.services import quota_exceptions
from starter.services.quota_exceptions import QuotaException

router = APIRouter(tags=["Visa des demandes d’indemnisation"])


class QuotaExceptions(Message):
    """Decisions that raise a quota of hours, newest first."""

    items: tuple[QuotaException, ...]


class QuotaExceptionId(Message):
    """The id of a decision that was recorded or ended."""

    id: str


@router.get("/quota-exceptions", summary="Lister les dépassements du contingent d’heures")
def list_exceptions(context: AppContext, credential: Credential) -> QuotaExceptions:
    """Lister les décisions de dépassement du contingent qui concernent ses départements."""
    return QuotaExceptions(items=tuple(quota_exceptions.read(context, credential).exceptions))


@router.post(
    "/quota-exceptions",
    status_code=201,
    openapi_extra=accepts(QuotaExceptionBody),
    summary="Inscrire un dépassement du contingent d’heures",
)
def give_exception(
    context: AppContext, credential: Credential, body: JsonBody, response: Response, key: IdempotencyKey = None
) -> QuotaExceptionId:
    """Inscrire une décision conjointe qui augmente le contingent annuel d’un dossier ou d’un établissement."""
    given = quota_exceptions.give(context, credential, body.submission(QuotaExceptionBody, key))
    locate(response, "/quota-exceptions")
    return QuotaExceptionId(id=given)


@router.post(
    "/quota-exceptions/{exception_id}/end",
    openapi_extra=accepts(QuotaEndBody),
    summary="Mettre fin à un dépassement du contingent d’heures",
)
def end_exception(
    context: AppContext, credential: Credential, exception_id: str, body: JsonBody, key: IdempotencyKey = None
) -> QuotaExceptionId:
    """Mettre fin à une décision inscrite par erreur ou rapportée : ce qui est déjà reçu le reste."""
    ended = quota_exceptions.end(context, credential, exception_id, body.submission(QuotaEndBody, key))
    return QuotaExceptionId(id=ended)

"""The page whose address documents print: is this document intact, and who signed it?"""

from re import fullmatch
from typing import Final

from fastapi import APIRouter, Request
from fastapi_problem.error import Problem
from starlette.responses import Response

from law.calendar import local
from law.directory import PARIS, Department, UnknownDepartment, department
from law.texts import instant_in_french
from models.identifiers import REFERENCE
from models.messages.verification import Level, Verification
from starter.context import AppContext, Context
from starter.engine import EngineUnavailable
from starter.http.problems import RETRY_AFTER, TITLES, InvalidRequest
from starter.http.request_body import uploaded
from starter.pages.components.rendering import page
from starter.services import jobs

router = APIRouter(include_in_schema=False)

LEVELS: Final[dict[Level, str]] = {
    "B-B": "signature sans horodatage (PAdES B-B)",
    "B-T": "signature horodatée (PAdES B-T)",
    "B-LT": "signature horodatée, avec ses preuves de validité (PAdES B-LT)",
    "B-LTA": "signature horodatée et archivée (PAdES B-LTA)",
}
NO_FILE: Final = "Choisissez un document à vérifier : aucun n’a été envoyé, ou il est vide."
TOO_LARGE: Final = "Ce fichier est trop volumineux : aucun document de ce service ne l’est autant."
UNAVAILABLE: Final = (
    "La vérification est momentanément impossible. Votre document n’est pas en cause : "
    "réessayez dans quelques instants."
)


@router.get("/verification")
async def form(context: AppContext, request: Request) -> Response:
    """Show the form."""
    return _form(context, request)


@router.post("/verification")
async def verify(context: AppContext, request: Request) -> Response:
    """Verify a document, like `POST /api/v1/verifications`, and show the verdict."""
    try:
        verdict = await jobs.verify(context, await uploaded(request, context.settings.upload_bytes))
    except InvalidRequest:
        return _form(context, request, TITLES["invalid-input"][0], NO_FILE)
    except EngineUnavailable:
        answer = _form(context, request, TITLES["unavailable"][0], UNAVAILABLE)
        answer.headers.update(RETRY_AFTER)
        return answer
    except Problem as refused:
        sentence = TOO_LARGE if refused.status == TITLES["too-large"][0] else str(refused.detail)
        return _form(context, request, refused.status, sentence)
    return page(request, "verdict", _fields(verdict))


def _form(context: Context, request: Request, status: int = 200, wrong: str = "") -> Response:
    max_megabytes = context.settings.upload_bytes // 1024**2
    max_size = f"{max_megabytes} Mo" if max_megabytes else ""
    return page(request, "verification", {"wrong": wrong, "max_size": max_size}, status)


def _fields(verdict: Verification) -> dict[str, object]:
    """Return a verdict in words; an untrusted signer is not named."""
    case = verdict.case_reference if REFERENCE.fullmatch(verdict.case_reference or "") else None
    department_in_charge = _department(case)
    signed_at = verdict.signed_at and instant_in_french(local(verdict.signed_at, department_in_charge.code))
    return {
        "outcome": "invalid" if not verdict.valid else "unknown" if not verdict.registered else "valid",
        "signer": verdict.signer if verdict.valid else None,
        "signed_at": f"{signed_at}, {department_in_charge.legal_time}" if signed_at else None,
        "level": LEVELS[verdict.level] if verdict.level else None,
        "integrity": verdict.integrity,
        "registered": verdict.registered,
        "case": case,
        "siret": verdict.case_reference if fullmatch(r"\d{14}", verdict.case_reference or "") else None,
        "problems": verdict.problems,
    }


def _department(case: str | None) -> Department:
    try:
        return department(case[:3] if case else PARIS)
    except UnknownDepartment:
        return department(PARIS)

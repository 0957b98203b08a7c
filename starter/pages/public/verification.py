"""The page whose address documents print: is this document intact, and who signed it?"""

from re import fullmatch
from typing import Final

from fastapi import APIRouter, Request
from fastapi_problem.error import Problem
from starlette.responses import Response

from law.calendar import local
from law.directory import PARIS, Department, UnknownDepartment, department
from law.texts import instant_in_french
from models.examination.shapes import Level
from models.identifiers import REFERENCE
from models.messages.verification import MAX_SIZE, Verification
from starter.context import AppContext, Origin
from starter.engine import EngineUnavailable
from starter.http.problems import RETRY_AFTER, TITLES, InvalidRequest
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
UNAVAILABLE: Final = (
    "La vérification est momentanément impossible. Votre document n’est pas en cause : "
    "réessayez dans quelques instants."
)


@router.get("/verification")
async def form(request: Request) -> Response:
    """Show the form."""
    return _form(request)


@router.post("/verification")
async def verify(context: AppContext, origin: Origin, request: Request) -> Response:
    """Verify a document, like `POST /api/v1/verifications`, and show the verdict."""
    try:
        verdict = await jobs.verify(context, origin, request)
    except InvalidRequest:
        return _form(request, TITLES["invalid-input"][0], NO_FILE)
    except EngineUnavailable:
        answer = _form(request, TITLES["unavailable"][0], UNAVAILABLE)
        answer.headers.update(RETRY_AFTER)
        return answer
    except Problem as refused:
        answer = _form(request, refused.status, str(refused.detail))
        answer.headers.update(refused.headers or {})
        return answer
    return page(request, "verdict", _fields(verdict))


def _form(request: Request, status: int = 200, wrong: str = "") -> Response:
    return page(request, "verification", {"wrong": wrong, "max_size": MAX_SIZE}, status)


def _fields(verdict: Verification) -> dict[str, object]:
    """Return a verdict in words; an untrusted signer is not named."""
    case = verdict.case_reference if REFERENCE.fullmatch(verdict.case_reference or "") else None
    department_in_charge = _department(case)
    outcome = "valid" if verdict.valid else "unknown" if verdict.only_unregistered else "invalid"
    signed_at = verdict.signed_at and instant_in_french(local(verdict.signed_at, department_in_charge.code))
    return {
        "outcome": outcome,
        "signer": verdict.signer if outcome != "invalid" else None,
        "signed_at": f"{signed_at}, {department_in_charge.legal_time}" if signed_at else None,
        "level": LEVELS[verdict.level] if verdict.level else None,
        "integrity": verdict.integrity,
        "registered": verdict.registered,
        "case": case,
        "siret": verdict.case_reference if fullmatch(r"[0-9]{14}", verdict.case_reference or "") else None,
        "problems": verdict.problems,
    }


def _department(case: str | None) -> Department:
    try:
        return department(case[:3] if case else PARIS)
    except UnknownDepartment:
        return department(PARIS)

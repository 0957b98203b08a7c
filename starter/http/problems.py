"""Problems (RFC 9457): a stable slug, a French title and detail, every error at once, never the rejected input."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from traceback import extract_tb
from typing import Final

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi_problem.error import Problem, StatusProblem
from fastapi_problem.handler import ExceptionHandler, PostHook, add_exception_handler, new_exception_handler
from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from law.texts import Objection
from models.errors import Conflict, KeyReused, NotAllowed, QuotaReached, Unknown, Unlawful
from models.examination.client import ExaminerUnavailable
from models.identifiers import Message
from models.store.claims.refusals import AdmissionRefused
from models.validation_messages import sentence
from starter.engine import EngineUnavailable
from starter.http.pointers import pointer

log = structlog.get_logger()

TITLES: Final[Mapping[str, tuple[int, str]]] = {
    "invalid-input": (422, "La demande contient des erreurs"),
    "idempotency-key-reused": (422, "Cette clé d’idempotence a déjà servi"),
    "malformed": (400, "La requête est illisible"),
    "unauthenticated": (401, "Authentification requise"),
    "forbidden": (403, "Action non permise"),
    "not-found": (404, "Introuvable"),
    "method-not-allowed": (405, "Méthode non permise"),
    "too-slow": (408, "Envoi trop lent"),
    "too-large": (413, "Envoi trop volumineux"),
    "unsupported-media-type": (415, "Format non pris en charge"),
    "too-many": (429, "Trop de requêtes"),
    "unavailable": (503, "Service momentanément indisponible"),
    "internal": (500, "Erreur interne"),
    "deadline-passed": (409, "Le délai de décision est passé"),
    "already-decided": (409, "Ce dossier a déjà une issue"),
    "decision-id-reused": (409, "Cet identifiant a déjà servi"),
    "completion-pending": (409, "Une demande de pièces est en cours"),
    "nothing-pending": (409, "Rien n’est demandé"),
    "nothing-held": (409, "Rien n’attend d’être transmis"),
    "hand-over-blocked": (409, "Transmission encore impossible"),
    "overlapping-grant": (409, "Une autorisation couvre déjà cette période"),
    "overlapping-request": (409, "Une demande couvre déjà cette période"),
    "not-authorized": (409, "Aucune autorisation n’est en vigueur"),
    "amendment-pending": (409, "Un avenant est à l’étude"),
    "amendments-exhausted": (409, "Tous les numéros d’avenant sont donnés"),
    "case-closed": (409, "Le dossier est clos"),
    "case-open": (409, "Le dossier n’est pas clos"),
    "draft-ended": (409, "Ce brouillon n’est plus ouvert"),
    "opinion-not-awaited": (409, "Aucun avis n’est attendu"),
    "opinion-not-missing": (409, "Aucun avis ne retient d’indemnisation"),
    "not-parked": (409, "Cet incident est clos"),
    "not-frozen": (409, "Ce flux est ouvert"),
    "not-set-aside": (409, "Ce fichier ne peut être rejoué"),
    "answer-not-awaited": (409, "Aucune réponse de l’ASP n’est attendue"),
    "deposit-due-again": (409, "Ce fichier va être envoyé de nouveau"),
    "deposit-settled": (409, "Une demande de ce fichier est tenue pour rejetée"),
    "channel-frozen": (409, "Ce flux est gelé"),
    "last-contact": (409, "Un établissement garde un interlocuteur principal"),
    "own-offer": (409, "On n’accepte pas ce qu’on a soi-même proposé"),
    "other-party": (409, "Vous agissez déjà pour cet établissement"),
    "already-protected": (409, "Les codes à usage unique sont déjà demandés"),
    "act-waiting": (409, "Cet acte attend déjà"),
    "act-ended": (409, "Cet acte n’attend plus"),
    "four-eyes": (409, "Un autre exploitant doit approuver"),
    "identity-taken": (409, "Cet identifiant est déjà connu"),
    "already-proven": (409, "L’habilitation est déjà prouvée"),
    "several-accounts": (409, "Plusieurs comptes attendent"),
    "several-establishments": (409, "Le compte agit pour plusieurs établissements"),
    "claim-settled": (409, "La demande d’indemnisation n’attend plus cet acte"),
    "letter-waiting": (409, "Une lettre est en route"),
    "letter-printed": (409, "Cette lettre est imprimée"),
    "letter-impossible": (409, "Aucune lettre ne peut être envoyée"),
    "outside-period": (409, "Ce mois est hors de la période autorisée"),
    "forfeited": (409, "Le délai pour demander est passé"),
    "claim-stands": (409, "Une autre version est en cours, ou celle à remplacer n’est pas de ce mois"),
    "already-handed": (409, "La demande est déjà transmise à l’ASP"),
    "employees-exceeded": (409, "Plus de salariés que l’autorisation n’en prévoit"),
    "hours-exceeded": (409, "Plus d’heures que l’autorisation n’en laisse"),
    "quota-exceeded": (409, "Le quota d’heures d’un salarié est dépassé"),
    "people-erased": (409, "Les salariés sont effacés"),
    "upload-being-read": (409, "Un fichier est en cours de lecture"),
    "upload-not-read": (409, "Ce fichier n’est pas prêt à être déposé"),
    "upload-ended": (409, "Ce fichier n’est plus conservé"),
    "too-many-profiles": (409, "Les colonnes ont été indiquées trop de fois"),
    "sign-in-failed": (403, "Connexion impossible"),
}
"""Slug under `/problems/` → status and French title."""

TYPE_TEMPLATE: Final = "/problems/{type}"
"""The `type` of a problem, from its slug."""
SLUG_BY_STATUS: Final = {400: "malformed", 404: "not-found", 405: "method-not-allowed"}
TAGGED_MEMBERS: Final = ("works_council",)
"""Members of which pydantic adds the tag to the location of an error; the tag is not a member."""
TAGS: Final = ("grant", "refusal")
DISCRIMINATOR: Final = re.compile(r"'(\w+)'")
"""How pydantic quotes the name of a discriminating member."""
Pointer = Callable[[Iterable[str | int]], str]
MAX_FAULTS: Final = 200
"""Errors reported at once: enough for a person, not enough to be used against us."""
RETRY_AFTER: Final = {"Retry-After": "5"}
REGISTER_UNAVAILABLE: Final = (OperationalError, InterfaceError, PoolExhausted)


class Fault(Message):
    """One error: where (JSON pointer, or name of a parameter), its code, and what to do about it, in French."""

    pointer: str
    code: str
    message: str


class InvalidRequest(Exception):
    """A body or parameter is invalid; `faults` lists every error."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)


class UnexpectedError(StatusProblem):
    """Response to an unexpected error: reveals nothing."""

    status, title = TITLES["internal"]
    type_ = "internal"

    def __init__(self, _message: str = "") -> None:
        super().__init__("L’erreur est enregistrée ; rien n’a été modifié.")


def problem(slug: str, detail: str, headers: dict[str, str] | None = None, **more: object) -> Problem:
    """Build the problem of a slug."""
    status, title = TITLES[slug]
    return Problem(title, type_=slug, detail=detail, status=status, headers=headers, **more)


def fault(pointer: str, code: str, message: str) -> InvalidRequest:
    """Build the refusal of a request with one fault."""
    return InvalidRequest([Fault(pointer=pointer, code=code, message=message)])


def of_law(refusals: Iterable[Objection], under: str = "") -> list[Fault]:
    """Turn objections of the law into faults."""
    return [Fault(pointer=under + each.pointer, code=each.code, message=each.message) for each in refusals]


def of_shape(wrong: ValidationError, under: str = "") -> list[Fault]:
    """Turn the errors of pydantic into faults."""
    errors = wrong.errors(include_url=False, include_input=False)
    faults = [
        _shape(each["type"], each["loc"], context, under)
        for each in errors[:MAX_FAULTS]
        for context in each.get("ctx", {}).get("each", [each.get("ctx", {})])
    ]
    return [each for each in _once(faults) if not _follows(each, faults)]


def _follows(one: Fault, faults: Sequence[Fault]) -> bool:
    """Whether a list is "too short" only because some of its elements are invalid: pydantic counts the others."""
    return one.code == "too-few" and any(each.pointer.startswith(f"{one.pointer}/") for each in faults)


def _shape(
    kind: str, location: Sequence[str | int], context: Mapping[str, object], under: str = "", write: Pointer = pointer
) -> Fault:
    discriminator = DISCRIMINATOR.fullmatch(str(context.get("discriminator", "")))
    if discriminator and kind == "union_tag_not_found":
        kind = "missing"
    code, message = sentence(kind, context)
    steps = [
        step
        for at, step in enumerate(location)
        if not (at > 0 and location[at - 1] in TAGGED_MEMBERS) and not (at == 0 and step in TAGS)
    ]
    steps += [discriminator[1]] if discriminator else []
    if kind == "extra_forbidden":
        steps.pop()  # its name is the caller's and could itself be what must not be repeated
    return Fault(pointer=under + write(steps), code=code, message=message)


def _parameter(steps: Iterable[str | int]) -> str:
    """Return the pointer to a parameter: its name alone, without the forms of it that were tried."""
    return "".join(f"/{step}" for step in islice(steps, 1))


def _once(faults: Iterable[Fault]) -> list[Fault]:
    """Drop repetitions: several unknown members have one parent."""
    return list(dict.fromkeys(faults))


OUR_ERRORS: Final = (
    InvalidRequest,
    Unlawful,
    Conflict,
    AdmissionRefused,
    NotAllowed,
    QuotaReached,
    Unknown,
    KeyReused,
    EngineUnavailable,
    ExaminerUnavailable,
    *REGISTER_UNAVAILABLE,
)
EXPECTED_ERRORS: Final = (*OUR_ERRORS, Problem, HTTPException, RequestValidationError)


def install(app: FastAPI, *hooks: PostHook[Response]) -> None:
    """Answer every error of this application with a problem; hooks may render it differently."""
    handler = new_exception_handler(
        handlers={
            InvalidRequest: lambda _eh, _request, error: _invalid(error.faults),
            Unlawful: lambda _eh, _request, error: _invalid(of_law(error.objections)),
            Conflict: lambda _eh, _request, error: problem(error.slug, error.detail),
            AdmissionRefused: lambda _eh, _request, error: problem(error.slug, error.detail, lines=list(error.lines)),
            NotAllowed: lambda _eh, _request, error: problem("forbidden", error.detail),
            QuotaReached: lambda _eh, _request, error: problem(
                "too-many", error.detail, {"Retry-After": str(error.retry_after)}
            ),
            Unknown: lambda _eh, _request, _error: unknown(),
            KeyReused: lambda _eh, _request, error: problem(
                "idempotency-key-reused",
                error.detail or "Cette clé a déjà servi à une requête différente : prenez-en une autre.",
            ),
            EngineUnavailable: lambda _eh, _request, _error: _away("Le moteur"),
            ExaminerUnavailable: lambda _eh, _request, _error: _away("L’examen des fichiers"),
            **dict.fromkeys(REGISTER_UNAVAILABLE, _register_away),
        },
        pre_hooks=[_log_unexpected],
        post_hooks=list(hooks),
        unhandled_wrappers={"default": UnexpectedError},
        http_exception_handler=_http,
        request_validation_handler=_parameters,
        documentation_uri_template=TYPE_TEMPLATE,
    )
    add_exception_handler(app, handler, generic_swagger_defaults=False)
    for error in OUR_ERRORS:
        app.add_exception_handler(error, handler)


def unknown() -> Problem:
    """404, the same answer for what does not exist and for what belongs to somebody else."""
    return problem("not-found", "Rien ne porte cette référence parmi ce que vous pouvez consulter.")


def _invalid(faults: Sequence[Fault]) -> Problem:
    detail = faults[0].message if len(faults) == 1 else f"{len(faults)} erreurs, à corriger ensemble."
    return problem("invalid-input", detail, errors=[each.model_dump() for each in faults])


def _parameters(_handler: ExceptionHandler, _request: Request, error: RequestValidationError) -> Problem:
    errors = error.errors()[:MAX_FAULTS]
    faults = [_shape(e["type"], e["loc"][1:], e.get("ctx", {}), write=_parameter) for e in errors]
    # One error a parameter, whatever the number of forms that it does not have.
    return _invalid([*{each.pointer: each for each in reversed(faults)}.values()][::-1])


def _http(_handler: ExceptionHandler, _request: Request, error: HTTPException) -> Problem:
    if error.status_code == 404:
        return unknown()
    slug = SLUG_BY_STATUS.get(error.status_code, "malformed")
    headers = dict(error.headers) if error.headers else None
    return problem(slug, "Cette requête ne peut pas être traitée : voyez la documentation de l’API.", headers)


def _register_away(_handler: ExceptionHandler, _request: Request, error: Exception) -> Problem:
    log.warning("register_away", error=type(error).__name__)
    return _away("Le registre")


def _away(part: str) -> Problem:
    return problem("unavailable", f"{part} ne répond pas : réessayez dans quelques secondes.", dict(RETRY_AFTER))


def _log_unexpected(_request: Request, error: Exception) -> None:
    """Log the code location only: database messages may quote what was sent."""
    if not isinstance(error, EXPECTED_ERRORS):
        frames = [f"{frame.filename}:{frame.lineno}" for frame in extract_tb(error.__traceback__)]
        log.error("request_broken", error=type(error).__name__, at=frames[-5:])

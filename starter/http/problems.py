"""Problems (RFC 9457): a stable slug, a French title and detail, every error at once, never the rejected input."""

import re
from collections.abc import Iterable, Mapping, Sequence
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
from models.errors import Conflict, KeyReused, Unknown, Unlawful
from models.identifiers import Message
from starter.engine import EngineUnavailable
from starter.http.validation_messages import sentence

log = structlog.get_logger()

TITLES: Final[Mapping[str, tuple[int, str]]] = {
    "invalid-input": (422, "La demande contient des erreurs"),
    "idempotency-key-reused": (422, "Cette clé d’idempotence a déjà servi"),
    "malformed": (400, "La requête est illisible"),
    "unauthenticated": (401, "Authentification requise"),
    "forbidden": (403, "Action non permise"),
    "not-found": (404, "Introuvable"),
    "method-not-allowed": (405, "Méthode non permise"),
    "too-large": (413, "Envoi trop volumineux"),
    "unsupported-media-type": (415, "Format non pris en charge"),
    "too-many": (429, "Trop de requêtes"),
    "unavailable": (503, "Service momentanément indisponible"),
    "internal": (500, "Erreur interne"),
    "deadline-passed": (409, "Le délai de décision est passé"),
    "already-decided": (409, "Une décision demeure"),
    "decision-id-reused": (409, "Cet identifiant a déjà servi"),
    "completion-pending": (409, "Une demande de pièces est en cours"),
    "nothing-pending": (409, "Rien n’est demandé"),
    "overlapping-grant": (409, "Une autorisation couvre déjà cette période"),
    "case-open": (409, "Le dossier n’est pas clos"),
    "draft-ended": (409, "Ce brouillon n’est plus ouvert"),
    "requests-exhausted": (409, "Numéros de demande épuisés"),
    "opinion-not-awaited": (409, "Aucun avis n’est attendu"),
    "not-parked": (409, "Cet incident est clos"),
    "last-contact": (409, "Un établissement garde un interlocuteur principal"),
    "already-protected": (409, "Les codes à usage unique sont déjà demandés"),
    "act-waiting": (409, "Cet acte attend déjà"),
    "act-ended": (409, "Cet acte n’attend plus"),
    "four-eyes": (409, "Un autre exploitant doit approuver"),
    "identity-taken": (409, "Cet identifiant est déjà connu"),
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
    faults = [_shape(each["type"], each["loc"], each.get("ctx", {}), under) for each in errors[:MAX_FAULTS]]
    return [each for each in faults if not _follows(each, faults)]


def _follows(one: Fault, faults: Sequence[Fault]) -> bool:
    """Whether a list is "too short" only because some of its elements are invalid: pydantic counts the others."""
    return one.code == "too-few" and any(each.pointer.startswith(f"{one.pointer}/") for each in faults)


def _shape(kind: str, location: Sequence[str | int], context: Mapping[str, object], under: str = "") -> Fault:
    discriminator = DISCRIMINATOR.fullmatch(str(context.get("discriminator", "")))
    if discriminator and kind == "union_tag_not_found":
        kind = "missing"
    code, message = sentence(kind, context)
    steps = [
        str(step)
        for at, step in enumerate(location)
        if not (at > 0 and location[at - 1] in TAGGED_MEMBERS) and not (at == 0 and step in TAGS)
    ]
    steps += [discriminator[1]] if discriminator else []
    if kind == "extra_forbidden" and not steps[-1].isidentifier():
        steps.pop()  # an odd name could itself be what must not be repeated
    return Fault(pointer=under + "".join(f"/{step}" for step in steps), code=code, message=message)


OUR_ERRORS: Final = (
    InvalidRequest,
    Unlawful,
    Conflict,
    Unknown,
    KeyReused,
    EngineUnavailable,
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
            Unknown: lambda _eh, _request, _error: unknown(),
            KeyReused: lambda _eh, _request, _error: problem(
                "idempotency-key-reused",
                "Cette clé a déjà servi à une requête différente : prenez-en une autre.",
            ),
            EngineUnavailable: lambda _eh, _request, _error: _away("Le moteur"),
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
    return _invalid([_shape(e["type"], e["loc"][1:], e.get("ctx", {})) for e in error.errors()[:MAX_FAULTS]])


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

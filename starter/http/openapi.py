"""The OpenAPI document, with the bodies that we parse ourselves described from their models."""

from collections.abc import Mapping
from typing import Annotated, Final, TypedDict, cast

from fastapi import FastAPI
from pydantic import BaseModel, Field, TypeAdapter

from models.bodies.decision import DecisionBody
from models.identifiers import Message
from starter.http.problems import Fault

SCHEMA_REFERENCE: Final = "#/components/schemas/{model}"
FILE_FORM: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
"""Description of a form with one file."""
CLAIM_FILE: Final = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in (
                "text/csv",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/json",
                "application/octet-stream",
            )
        },
    }
}
"""Description of a file of a claim, sent as it is; what it is, its bytes tell."""
CSV: Final = {"content": {"text/csv": {"schema": {"type": "string"}}}}
"""An answer that is a table for spreadsheets."""
PDF: Final = {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
"""An answer that is a PDF."""
CALENDAR: Final = {"content": {"text/calendar": {"schema": {"type": "string"}}}}
"""An answer that is a calendar file."""
ATTACHMENT: Final = {
    "description": "Le fichier, à enregistrer : jamais affiché.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
"""An answer that is a file of somebody else."""
UNCHANGED: Final = {"description": "Inchangé depuis l’étiquette donnée par `If-None-Match`."}
"""An answer to whoever holds the bytes already."""


def accepts(
    message: type[BaseModel] | TypeAdapter[DecisionBody], *, whole: bool = True, required: bool = True
) -> dict[str, object]:
    """Describe a JSON body; one that is not `whole` may omit any member, one not `required` may be left out."""
    adapter = message if isinstance(message, TypeAdapter) else TypeAdapter(message)
    schema = adapter.json_schema(ref_template=SCHEMA_REFERENCE)
    if not whole:
        del schema["required"]
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}


class ProblemDocument(Message):
    """Ce qui ne va pas (RFC 9457) ; ce qui a été envoyé n’est jamais répété."""

    type: Annotated[str, Field(examples=["/problems/invalid-input"])]
    """Adresse de la page qui l’explique."""
    title: str
    status: int
    detail: str
    errors: tuple[Fault, ...] = ()
    """Toutes les erreurs à la fois."""


PROBLEMS: Final = {
    "401": "Ni jeton ni session valable.",
    "403": "Ce compte, ou ce jeton, ne permet pas cet appel.",
    "404": "Inconnu, ou à quelqu’un d’autre : la réponse est la même.",
    "409": "Valable, mais pas maintenant : `detail` nomme ce qui demeure.",
    "413": "Envoi trop volumineux.",
    "415": "Format non pris en charge.",
    "422": "Contenu refusé, avec toutes les erreurs.",
    "429": "Trop d’appels ou de tentatives : réessayez après `Retry-After` secondes.",
    "503": "Service momentanément indisponible : réessayez après `Retry-After` secondes.",
    "default": "Problème.",
}
"""When each problem comes, in the words of the document."""
ANSWERS: Final = {"200": "Réponse.", "201": "Créé.", "202": "Accepté, et encore en cours.", "204": "Fait."}
"""What FastAPI calls « Successful Response »."""
LATER: Final = ("429", "503")
LIMITED: Final = "429"
WAITED: Final = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
LIMITS: Final = {
    "RateLimit-Policy": {"$ref": "#/components/headers/RateLimitPolicy"},
    "RateLimit": {"$ref": "#/components/headers/RateLimit"},
}


def _problems(call: "_Call", path: str, method: str) -> dict[str, "_Answer"]:
    """Return the problems of a call: those of whoever calls, of what it names, and of what it sends."""
    named, sent = "{" in path, "requestBody" in call
    kept = {
        "401": call["security"] != [],
        "403": call["security"] != [],
        "404": named,
        "409": method != "get" and call["security"] != [],
        "413": sent,
        "415": sent,
        "422": "422" in call["responses"] or sent,
    }
    return {
        status: {"$ref": f"#/components/responses/Problem{status.capitalize()}"}
        for status in PROBLEMS
        if kept.get(status, True)
    }


def _described_problem(status: str) -> dict[str, object]:
    content = {"application/problem+json": {"schema": {"$ref": SCHEMA_REFERENCE.format(model="Problem")}}}
    more = WAITED if status in LATER else {}
    more = more | LIMITS if status == LIMITED else more
    return {"description": PROBLEMS[status], "content": content, "headers": _headers(status) | more}


HEADERS: Final = {
    "RequestId": {
        "description": "Identifiant de l’appel, à donner au support ; il est aussi dans nos journaux.",
        "schema": {"type": "string"},
    },
    "Location": {"description": "Adresse de ce qui est créé.", "schema": {"type": "string"}},
    "RetryAfter": {"description": "Secondes à attendre avant de réessayer.", "schema": {"type": "integer"}},
    "RateLimitPolicy": {
        "description": "Limites de l’appel : nom, nombre admis `q`, durée `w` en secondes.",
        "schema": {"type": "string"},
        "example": '"verification";q=30;w=900',
    },
    "RateLimit": {
        "description": "Ce qui reste de chacune : `r` appels ; `t` secondes avant qu’il en revienne.",
        "schema": {"type": "string"},
        "example": '"verification";r=29;t=900',
    },
}
"""Headers of answers: of all, of creations."""


def _headers(status: str) -> dict[str, dict[str, str]]:
    """Describe the headers of the answer of a status."""
    location = {"Location": {"$ref": "#/components/headers/Location"}} if status == "201" else {}
    return {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}} | location


SESSION: Final = {
    "type": "apiKey",
    "in": "cookie",
    "name": "__Host-tacite",
    "description": "Témoin de session d’une page ; « tacite » sur une installation sans TLS.",
}
FILING_EXAMPLE: Final = {
    "siret": "35600000000048",
    "ground": "economic_conditions",
    "circumstances": "Annulation de deux commandes sur trois par notre premier client.",
    "perimeter": "full_reduction",
    "period": {"start_on": "2027-01-04", "end_on": "2027-03-31"},
    "headcount": 30,
    "employees": 12,
    "hours": "1600",
    "bank_account": {"iban": "FR1420041010050500013M02606", "holder": "Ateliers Durand"},
    "works_council": {"not_required": "fewer_than_50"},
}
EXAMPLES: Final[Mapping[tuple[str, str], object]] = {
    ("post", "/api/v1/requests"): FILING_EXAMPLE,
    ("post", "/api/v1/drafts"): {"ground": "economic_conditions", "placement_on": "2027-01-04"},
    ("post", "/api/v1/session"): {"login": "jeanne@exemple.fr", "password": "une longue phrase que personne ne devine"},
    ("post", "/api/v1/tokens"): {"label": "Logiciel de paie", "scope": "read"},
    ("post", "/api/v1/requests/{reference}/messages"): {"text": "Quand pensez-vous décider ?"},
    ("post", "/api/v1/requests/{reference}/decision"): {"id": "D1", "outcome": "grant"},
}
"""An example of the bodies that callers write first."""


def complete(app: FastAPI) -> None:
    """Complete the document of an application: the models that its bodies refer to, who may call, and the problems."""
    generate = app.openapi

    def openapi() -> dict[str, object]:
        if app.openapi_schema:
            return app.openapi_schema
        document = generate()
        components = document.setdefault("components", {})
        components["headers"] = HEADERS
        components["responses"] = {f"Problem{each.capitalize()}": _described_problem(each) for each in PROBLEMS}
        components.setdefault("securitySchemes", {})["Session"] = SESSION
        document["servers"] = [{"url": "/", "description": "Cette installation."}]
        schemas = components.setdefault("schemas", {})
        for path, calls in document["paths"].items():
            for method, call in calls.items():
                _complete_call(call, path, method, schemas)
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        problem = TypeAdapter(ProblemDocument).json_schema(ref_template=SCHEMA_REFERENCE)
        schemas |= problem.pop("$defs") | {"Problem": problem}
        for schema in schemas.values():
            schema.pop("description", None)  # of the class: English, for who reads the code
        return document

    app.openapi = openapi  # type: ignore[method-assign]


class _Content(TypedDict, total=False):
    schema: dict[str, object]
    example: object


class _Body(TypedDict):
    content: dict[str, _Content]


_Answer = TypedDict("_Answer", {"$ref": str, "description": str, "headers": Mapping[str, object]}, total=False)


class _Call(TypedDict, total=False):
    operationId: str
    security: list[dict[str, list[str]]]
    requestBody: _Body
    responses: dict[str, _Answer]


def _complete_call(call: _Call, path: str, method: str, schemas: dict[str, object]) -> None:
    """Complete one call: its name, its body, who may make it, its answers."""
    call["operationId"] = call["operationId"].partition("_api_v1_")[0]
    call["security"] = [{"HTTPBearer": []}, {"Session": []}] if call.get("security") else []
    for content in call["requestBody"]["content"].values() if "requestBody" in call else ():
        schemas.update(cast("Mapping[str, object]", content["schema"].pop("$defs", {})))
        content["schema"].pop("description", None)
        if (method, path) in EXAMPLES:
            content["example"] = EXAMPLES[method, path]
    answers = {status: each for status, each in call["responses"].items() if status != "422"}
    for status, answer in answers.items():
        answer["headers"] = _headers(status)
        if answer["description"] == "Successful Response":
            answer["description"] = ANSWERS.get(status, "Réponse.")
    problems = _problems(call, path, method)
    call["responses"] = answers | {status: each for status, each in problems.items() if status not in answers}

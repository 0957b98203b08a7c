"""The OpenAPI document, with the bodies that we parse ourselves described from their models."""

from collections.abc import Mapping
from typing import Annotated, Final

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
PDF: Final = {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
"""An answer that is a PDF."""


def accepts(message: type[BaseModel] | TypeAdapter[DecisionBody], *, whole: bool = True) -> dict[str, object]:
    """Describe a JSON body; one that is not `whole` may omit any member."""
    adapter = message if isinstance(message, TypeAdapter) else TypeAdapter(message)
    schema = adapter.json_schema(ref_template=SCHEMA_REFERENCE)
    if not whole:
        del schema["required"]
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


class ProblemDocument(Message):
    """Ce qui ne va pas (RFC 9457) ; ce qui a été envoyé n’est jamais répété."""

    type: Annotated[str, Field(examples=["/problems/invalid-input"])]
    """Adresse de la page qui l’explique."""
    title: str
    status: int
    detail: str
    errors: tuple[Fault, ...] = ()
    """Toutes les erreurs à la fois."""


def _problems(described: Mapping[str, object]) -> dict[str, object]:
    """Describe the problems of a call: 422 if it takes input, and a default for all others."""
    content = {"application/problem+json": {"schema": {"$ref": SCHEMA_REFERENCE.format(model="Problem")}}}
    invalid: dict[str, object] = {
        "422": {"description": "Contenu refusé, avec toutes les erreurs.", "content": content}
    }
    return (invalid if "422" in described else {}) | {"default": {"description": "Problème.", "content": content}}


def complete(app: FastAPI) -> None:
    """Complete the document of an application: the models that its bodies refer to, and the problems."""
    generate = app.openapi

    def openapi() -> dict[str, object]:
        document = generate()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for calls in document["paths"].values():
            for call in calls.values():
                for content in call.get("requestBody", {}).get("content", {}).values():
                    schemas.update(content["schema"].pop("$defs", {}))
                call["responses"] |= _problems(call["responses"])
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        problem = TypeAdapter(ProblemDocument).json_schema(ref_template=SCHEMA_REFERENCE)
        schemas |= problem.pop("$defs") | {"Problem": problem}
        return document

    app.openapi = openapi  # type: ignore[method-assign]

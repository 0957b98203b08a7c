"""The OpenAPI document: bodies that we read ourselves, described from the messages that they become."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import FastAPI
from pydantic import BaseModel, Field, TypeAdapter

from models.bodies.decision import DecisionBody
from models.identifiers import Message
from starter.http.problems import Fault

REFERENCES: Final = "#/components/schemas/{model}"
FILE: Final = {
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
"""A form with one file."""
PDF: Final = {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
"""An answer that is a PDF."""


def accepts(message: type[BaseModel] | TypeAdapter[DecisionBody], *, whole: bool = True) -> dict[str, object]:
    """Describe a JSON body; one that is not whole may leave every member out."""
    adapter = message if isinstance(message, TypeAdapter) else TypeAdapter(message)
    schema = adapter.json_schema(ref_template=REFERENCES)
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
    """Describe the problems of a call: refused content where it takes some, and any other."""
    content = {"application/problem+json": {"schema": {"$ref": REFERENCES.format(model="Problem")}}}
    wrong: dict[str, object] = {
        "422": {"description": "Contenu refusé, avec toutes les erreurs.", "content": content}
    }
    return (wrong if "422" in described else {}) | {
        "default": {"description": "Problème.", "content": content}
    }


def complete(app: FastAPI) -> None:
    """Let the document of an application gather the messages that its bodies name."""
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
        problem = TypeAdapter(ProblemDocument).json_schema(ref_template=REFERENCES)
        schemas |= problem.pop("$defs") | {"Problem": problem}
        return document

    app.openapi = openapi  # type: ignore[method-assign]

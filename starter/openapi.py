"""The OpenAPI document: bodies that we read ourselves, described from the messages that they become."""

from typing import Final

from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter

from models.ruling import DecisionBody

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


def accepts(message: type[BaseModel] | TypeAdapter[DecisionBody], *, whole: bool = True) -> dict[str, object]:
    """Describe a JSON body; one that is not whole may leave every member out."""
    adapter = message if isinstance(message, TypeAdapter) else TypeAdapter(message)
    schema = adapter.json_schema(ref_template=REFERENCES)
    if not whole:
        del schema["required"]
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def complete(app: FastAPI) -> None:
    """Let the document of an application gather the messages that its bodies name."""
    made = app.openapi

    def openapi() -> dict[str, object]:
        document = made()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for calls in document["paths"].values():
            for call in calls.values():
                for content in call.get("requestBody", {}).get("content", {}).values():
                    schemas.update(content["schema"].pop("$defs", {}))
        return document

    app.openapi = openapi  # type: ignore[method-assign]

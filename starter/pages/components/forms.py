"""A plain form that a browser sends: its fields within limits, and the sentence beside each wrong one."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, TypeAdapter
from starlette.requests import Request

from starter.http.problems import Fault, fault, problem
from starter.http.request_body import Submission, limited, read

Body = TypeVar("Body", bound=BaseModel)
BYTES: Final = 32 * 1024
FIELDS: Final = 40
KIND: Final = "application/x-www-form-urlencoded"


async def form_fields(request: Request) -> dict[str, str]:
    """Return the fields of a form, without the empty ones; raises `InvalidRequest` and the problems of a body."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
        raise problem("unsupported-media-type", f"Envoyez un formulaire (Content-Type: {KIND}).")
    raw = b"".join([chunk async for chunk in limited(request, BYTES)])
    try:
        fields = parse_qsl(
            raw.decode("ascii"), max_num_fields=FIELDS, errors="strict", strict_parsing=bool(raw)
        )
    except ValueError as wrong:
        raise fault("", "invalid-form", "Le formulaire est illisible.") from wrong
    return {name: value.strip() for name, value in fields if value.strip() and "\0" not in value}


def beside(faults: Sequence[Fault], fields: Mapping[str, str]) -> dict[str, str]:
    """Return the sentence of each wrong field; `fields` says by which name of the form a pointer goes."""
    sentences: dict[str, str] = {}
    for each in faults:
        sentences.setdefault(fields.get(each.pointer, "form"), each.message)
    return sentences


def form_submission(model: type[Body], fields: Mapping[str, object]) -> Submission[Body]:
    """Return a form for an act that validates it once the caller is admitted."""
    return Submission(lambda: read(TypeAdapter(model), fields))

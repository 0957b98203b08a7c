"""Plain HTML forms: their fields, read within limits, and the sentence beside each invalid one."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, TypeAdapter
from starlette.requests import Request

from starter.http.problems import Fault, fault, problem
from starter.http.request_body import Submission, limited, read

Body = TypeVar("Body", bound=BaseModel)
MAX_FORM_BYTES: Final = 32 * 1024
MAX_FORM_FIELDS: Final = 40
FORM_TYPE: Final = "application/x-www-form-urlencoded"


async def form_fields(request: Request) -> dict[str, str]:
    """Return the non-empty fields of a form; raises `InvalidRequest`, 413 or 415."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise problem("unsupported-media-type", f"Envoyez un formulaire (Content-Type: {FORM_TYPE}).")
    raw = b"".join([chunk async for chunk in limited(request, MAX_FORM_BYTES)])
    try:
        fields = parse_qsl(
            raw.decode("ascii"), max_num_fields=MAX_FORM_FIELDS, errors="strict", strict_parsing=bool(raw)
        )
    except ValueError as wrong:
        raise fault("", "invalid-form", "Le formulaire est illisible.") from wrong
    return {name: value.strip() for name, value in fields if value.strip() and "\0" not in value}


def beside(faults: Sequence[Fault], fields: Mapping[str, str]) -> dict[str, str]:
    """Return the sentence of each invalid field; `fields` maps the pointers of faults to names of fields."""
    sentences: dict[str, str] = {}
    for each in faults:
        sentences.setdefault(fields.get(each.pointer, "form"), each.message)
    return sentences


def form_submission(model: type[Body], fields: Mapping[str, object]) -> Submission[Body]:
    """Return a form for an act, which validates it once the caller is admitted."""
    return Submission(lambda: read(TypeAdapter(model), fields))

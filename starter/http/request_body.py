"""Request bodies, read within limits: a JSON value, or one file of a form."""

from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Final, Generic, TypeVar

from fastapi import Depends, Header
from pydantic import BaseModel, TypeAdapter, ValidationError, model_validator
from pydantic_core import from_json
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from models.identifiers import Message
from models.store.journal.idempotency import digest
from starter.http.problems import MAX_FAULTS, Fault, InvalidRequest, fault, of_shape, problem

T = TypeVar("T", bound=BaseModel)
Body = TypeVar("Body")

MAX_JSON_BYTES: Final = 1024 * 1024
"""Largest JSON body."""
MAX_FORM_BYTES: Final = 64 * 1024
"""Largest form, not counting its file."""
MAX_MEMBERS: Final = 200
"""Most elements of a list or members of an object; no legitimate body has more."""


@dataclass(frozen=True, slots=True)
class Submission(Generic[Body]):
    """The body of an act, neither parsed nor validated yet, so that 401, 403 and 404 come before 422."""

    read: Callable[[], Body]
    """Validates the body; raises `InvalidRequest` with every fault."""
    compute_digest: Callable[[], bytes] = bytes
    """Parses the body as well; raises `InvalidRequest` if it is not JSON."""
    key: str | None = None
    """Idempotency key."""

    @property
    def digest(self) -> bytes:
        """Distinguishes two bodies under one id or one idempotency key."""
        return self.compute_digest()


class RequestBody:
    """The JSON body of a call; `digest` is the same for the same value at the same address."""

    def __init__(self, raw: bytes, address: str) -> None:
        self._raw = raw
        self._address = address

    @cached_property
    def value(self) -> object:
        """The parsed value; raises `InvalidRequest` if it is not JSON or exceeds the limits."""
        try:
            value: object = from_json(self._raw, allow_inf_nan=False)
        except ValueError as wrong:
            raise fault("", "invalid-json", "Le corps n’est pas un texte JSON lisible en UTF-8.") from wrong
        if faults := list(_excesses(value)):
            raise InvalidRequest(faults[:MAX_FAULTS])
        return value

    def members(self) -> dict[str, object]:
        """The members of the object; raises `InvalidRequest` if the body is not an object."""
        value = self.value
        if not isinstance(value, dict):
            raise fault("", "not-an-object", "Un objet JSON est attendu.")
        return value

    @property
    def digest(self) -> bytes:
        """Distinguishes two bodies under one idempotency key; a preview has the digest of what it previews."""
        return digest([self._address.removesuffix("/preview"), self.value])

    def read(self, model: type[T]) -> T:
        """Read the body as a message; raises `InvalidRequest` with every fault."""
        return read(TypeAdapter(model), self.value)

    def submission(self, shape: type[T] | TypeAdapter[T], key: str | None = None) -> Submission[T]:
        """Return the body for an act, which validates it once the caller is admitted."""
        adapter = shape if isinstance(shape, TypeAdapter) else TypeAdapter(shape)
        return Submission(lambda: read(adapter, self.value), lambda: self.digest, key)


class ListParameters(Message):
    """Query parameters of a list; an empty one counts as absent."""

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, parameters: object) -> object:
        if not isinstance(parameters, dict):
            return parameters
        return {name: value for name, value in parameters.items() if value != ""}


def read(adapter: TypeAdapter[T], value: object) -> T:
    """Read a value as a message; raises `InvalidRequest` with every fault."""
    try:
        return adapter.validate_python(value)
    except ValidationError as wrong:
        raise InvalidRequest(of_shape(wrong)) from wrong


def _excesses(value: object, pointer: str = "") -> Iterator[Fault]:
    """Yield what exceeds the limits: PostgreSQL stores no NUL, and a million small errors would cost too much."""
    if isinstance(value, str) and "\0" in value:
        yield Fault(pointer=pointer, code="nul-character", message="Le caractère NUL n’est pas admis.")
    if not isinstance(value, list | dict):
        return
    if len(value) > MAX_MEMBERS:
        yield Fault(pointer=pointer, code="too-many", message=f"Pas plus de {MAX_MEMBERS} éléments ici.")
        return
    if isinstance(value, dict) and any("\0" in name for name in value):
        yield Fault(pointer=pointer, code="nul-character", message="Le caractère NUL n’est pas admis.")
        return
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, member in members:
        yield from _excesses(member, f"{pointer}/{name}")


async def _json_body(request: Request) -> RequestBody:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise problem("unsupported-media-type", "Envoyez du JSON (Content-Type: application/json).")
    raw = b"".join([chunk async for chunk in limited(request, MAX_JSON_BYTES)])
    return RequestBody(raw, request.url.path)


async def limited(request: Request, max_bytes: int) -> AsyncGenerator[bytes, None]:
    """Yield the body as it arrives, up to `max_bytes`; raises 413 as soon as it is known to be larger."""
    received = 0
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > max_bytes:
        raise _too_large(max_bytes)
    async for chunk in request.stream():
        received += len(chunk)
        if received > max_bytes:
            raise _too_large(max_bytes)
        yield chunk


def _too_large(max_bytes: int) -> Exception:
    # The rest of the body is not read, so the connection cannot serve another call: the caller must open a new one.
    return problem("too-large", f"L’envoi dépasse {max_bytes // 1024} Kio.", {"Connection": "close"})


async def uploaded(request: Request, max_bytes: int) -> bytes:
    """Return the content of the form's field `file`; raises 413 beyond `max_bytes`."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise problem("unsupported-media-type", "Envoyez un formulaire (Content-Type: multipart/form-data).")
    parser = MultiPartParser(request.headers, limited(request, max_bytes + MAX_FORM_BYTES), max_files=1, max_fields=8)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeError) as wrong:
        raise fault("", "invalid-form", "Le formulaire est illisible.") from wrong
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise fault("/file", "missing", "Joignez un fichier sous le nom « file ».")
        content = await file.read()
    finally:
        await form.close()
    if len(content) > max_bytes:
        raise _too_large(max_bytes)
    return content


JsonBody = Annotated[RequestBody, Depends(_json_body)]
"""The JSON body of a call."""
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Même clé et même corps : même réponse, pendant 30 jours.",
    ),
]
"""Without a key each call is a new one."""

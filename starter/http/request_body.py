"""Bodies, read within limits: a JSON value, or one file of a form."""

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
"""What a form may weigh beside its file."""
MAX_MEMBERS: Final = 200
"""Elements of a list, members of an object: more would only be an attack."""


@dataclass(frozen=True, slots=True)
class Submission(Generic[Body]):
    """What an act is asked to do, neither parsed nor validated yet: 401, 403 and 404 are answered before 422."""

    read: Callable[[], Body]
    """Validates the body; raises `InvalidRequest` with every fault."""
    compute_digest: Callable[[], bytes] = bytes
    """Parses the body too; raises `InvalidRequest` when it is no JSON."""
    key: str | None = None
    """Idempotency key."""

    @property
    def digest(self) -> bytes:
        """What tells two bodies apart under one id or one idempotency key."""
        return self.compute_digest()


class RequestBody:
    """The JSON value that was sent; `digest` is the same for the same value at the same address."""

    def __init__(self, raw: bytes, address: str) -> None:
        self._raw = raw
        self._address = address

    @cached_property
    def value(self) -> object:
        """The value itself; raises `InvalidRequest` when it is no JSON, or holds what nobody needs."""
        try:
            value: object = from_json(self._raw, allow_inf_nan=False)
        except ValueError as wrong:
            raise fault("", "invalid-json", "Le corps n’est pas un texte JSON lisible en UTF-8.") from wrong
        if faults := list(_excesses(value)):
            raise InvalidRequest(faults[:MAX_FAULTS])
        return value

    def members(self) -> dict[str, object]:
        """The members of the object that was sent."""
        value = self.value
        if not isinstance(value, dict):
            raise fault("", "not-an-object", "Un objet JSON est attendu.")
        return value

    @property
    def digest(self) -> bytes:
        """What tells two bodies apart under one idempotency key; a preview is of what it previews."""
        return digest([self._address.removesuffix("/preview"), self.value])

    def read(self, model: type[T]) -> T:
        """Read the body as a message; raises `InvalidRequest` with every fault."""
        return read(TypeAdapter(model), self.value)

    def submission(self, shape: type[T] | TypeAdapter[T], key: str | None = None) -> Submission[T]:
        """Return the body for an act that validates it once the caller is admitted."""
        adapter = shape if isinstance(shape, TypeAdapter) else TypeAdapter(shape)
        return Submission(lambda: read(adapter, self.value), lambda: self.digest, key)


class ListParameters(Message):
    """Parameters of a list; one that is given empty counts as absent."""

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {name: value for name, value in given.items() if value != ""}


def read(adapter: TypeAdapter[T], value: object) -> T:
    """Read a value as a message; raises `InvalidRequest` with every fault."""
    try:
        return adapter.validate_python(value)
    except ValidationError as wrong:
        raise InvalidRequest(of_shape(wrong)) from wrong


def _excesses(value: object, pointer: str = "") -> Iterator[Fault]:
    """PostgreSQL keeps no NUL, and a body of a million small errors would cost more than it says."""
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


async def _sent(request: Request) -> RequestBody:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise problem("unsupported-media-type", "Envoyez du JSON (Content-Type: application/json).")
    raw = b"".join([chunk async for chunk in limited(request, MAX_JSON_BYTES)])
    return RequestBody(raw, request.url.path)


async def limited(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """Yield the body as it comes, up to `most` bytes; a larger one is a problem as soon as that is known."""
    received = 0
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most:
        raise _too_large(most)
    async for chunk in request.stream():
        received += len(chunk)
        if received > most:
            raise _too_large(most)
        yield chunk


def _too_large(most: int) -> Exception:
    # What is left of the body is not read, and the connection ends with it: the caller's next call must not be lost.
    return problem("too-large", f"L’envoi dépasse {most // 1024} Kio.", {"Connection": "close"})


async def uploaded(request: Request, most: int) -> bytes:
    """Return the bytes of the form's member `file`, at most `most`."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise problem("unsupported-media-type", "Envoyez un formulaire (Content-Type: multipart/form-data).")
    parser = MultiPartParser(
        request.headers, limited(request, most + MAX_FORM_BYTES), max_files=1, max_fields=8
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeError) as wrong:
        raise fault("", "invalid-form", "Le formulaire est illisible.") from wrong
    try:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise fault("/file", "missing", "Joignez un fichier sous le nom « file ».")
        content = await sent.read()
    finally:
        await form.close()
    if len(content) > most:
        raise _too_large(most)
    return content


JsonBody = Annotated[RequestBody, Depends(_sent)]
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

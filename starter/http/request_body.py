"""Request bodies, read within limits; a JSON value."""

import json
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Annotated, Final, Generic, TypeVar

from fastapi import Depends, Header
from pydantic import BaseModel, TypeAdapter, ValidationError, model_validator
from pydantic_core import from_json
from starlette.requests import Request

from law.texts import number_in_french
from models.identifiers import Message
from models.store.journal.idempotency import digest
from starter.http.pointers import pointer
from starter.http.problems import MAX_FAULTS, Fault, InvalidRequest, fault, of_shape, problem

T = TypeVar("T", bound=BaseModel)
Body = TypeVar("Body")

MEBIBYTE: Final = 1024 * 1024
MAX_JSON_BYTES: Final = MEBIBYTE
"""Largest JSON body."""
NUL_REFUSED: Final = "Le caractère NUL n’est pas admis."
MAX_MEMBERS: Final = 200
"""Most elements of a list or members of an object; no legitimate body has more, but batches and lines of claims."""
MAX_BATCH: Final = 500
"""Most elements of a list in the body of a batch."""
MAX_LINES: Final = 1_000
"""Most elements of a list in the body of a claim."""


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

    def __init__(self, raw: bytes, address: str, max_members: int = MAX_MEMBERS) -> None:
        self._raw = raw
        self._address = address
        self._max_members = max_members

    @cached_property
    def value(self) -> object:
        """The parsed value; raises `InvalidRequest` if it is not JSON or exceeds the limits."""
        try:
            value: object = from_json(self._raw, allow_inf_nan=False)
        except ValueError as wrong:
            raise fault("", "invalid-json", "Le corps n’est pas un texte JSON lisible en UTF-8.") from wrong
        if faults := list(islice(_excesses(value, self._max_members), MAX_FAULTS)):
            raise InvalidRequest(faults)
        if _repeats_a_member(self._raw):
            raise fault("", "duplicate-field", "Un même nom figure deux fois dans un objet : gardez-en un seul.")
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


def restored_plus(value: object) -> object:
    """Restore the « + » of an offset in an address, which arrives as a space when it was not encoded."""
    return value.replace(" ", "+") if isinstance(value, str) else value


def read(adapter: TypeAdapter[T], value: object) -> T:
    """Read a value as a message; raises `InvalidRequest` with every fault."""
    try:
        return adapter.validate_python(value)
    except ValidationError as wrong:
        raise InvalidRequest(of_shape(wrong)) from wrong


def _excesses(value: object, most: int, steps: tuple[str | int, ...] = ()) -> Iterator[Fault]:
    """Yield what exceeds the limits: PostgreSQL stores no NUL, and a million small errors would cost too much."""
    if isinstance(value, str) and "\0" in value:
        yield Fault(pointer=pointer(steps), code="nul-character", message=NUL_REFUSED)
    if not isinstance(value, list | dict):
        return
    if len(value) > most:
        message = f"Pas plus de {number_in_french(most)} éléments ici."
        yield Fault(pointer=pointer(steps), code="too-many", message=message)
        return
    if isinstance(value, dict) and any("\0" in name for name in value):
        yield Fault(pointer=pointer(steps), code="nul-character", message=NUL_REFUSED)
        return
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, member in members:
        yield from _excesses(member, most, (*steps, name))


class _Repeated(ValueError):
    """A member appears twice in one object."""


def _members_once(members: list[tuple[str, object]]) -> None:
    if len({name for name, _ in members}) < len(members):
        raise _Repeated


def _repeats_a_member(raw: bytes) -> bool:
    """Whether a JSON text that was parsed names a member twice at any depth: parsers differ on which one counts."""
    try:
        json.loads(raw.decode(), object_pairs_hook=_members_once, parse_int=str, parse_float=str)
    except _Repeated:
        return True
    return False


async def _json_body(request: Request) -> RequestBody:
    return RequestBody(await _json(request), request.url.path)


async def _batch_body(request: Request) -> RequestBody:
    return RequestBody(await _json(request), request.url.path, MAX_BATCH)


async def _body_of_lines(request: Request) -> RequestBody:
    return RequestBody(await _json(request), request.url.path, MAX_LINES)


async def _json(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise problem("unsupported-media-type", "Envoyez du JSON (Content-Type: application/json).")
    return b"".join([chunk async for chunk in limited(request, MAX_JSON_BYTES)])


async def _optional_json_body(request: Request) -> RequestBody:
    """Read a JSON body that may be left out, which counts as an empty object."""
    if request.headers.get("content-type") is None and request.headers.get("content-length", "0") == "0":
        return RequestBody(b"{}", request.url.path)
    return await _json_body(request)


async def limited(request: Request, max_bytes: int, refusal: str = "") -> AsyncGenerator[bytes, None]:
    """Yield the body as it arrives, up to `max_bytes`; raises 413 as soon as it is larger, 415 if compressed."""
    if request.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise problem("unsupported-media-type", "Envoyez le corps sans compression (aucun Content-Encoding).")
    received = 0
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > max_bytes:
        raise too_large(max_bytes, refusal)
    async for chunk in request.stream():
        received += len(chunk)
        if received > max_bytes:
            raise too_large(max_bytes, refusal)
        yield chunk


def too_large(max_bytes: int, refusal: str = "") -> Exception:
    """Return the refusal of a body (413), with this sentence if given; its connection is closed."""
    # The rest of the body is not read, so the connection cannot serve another call: the caller must open a new one.
    return problem(
        "too-large", refusal or f"Ce qui est envoyé dépasse {size_in_french(max_bytes)}.", {"Connection": "close"}
    )


def size_in_french(size: int) -> str:
    """Write a size as French people read it; our limits are whole mebibytes or kibibytes, called Mo and Ko."""
    return f"{size // MEBIBYTE} Mo" if size >= MEBIBYTE else f"{size // 1024} Ko"


JsonBody = Annotated[RequestBody, Depends(_json_body)]
"""The JSON body of a call."""
BatchBody = Annotated[RequestBody, Depends(_batch_body)]
"""The JSON body of a call that acts on up to `MAX_BATCH` things at once."""
BodyOfLines = Annotated[RequestBody, Depends(_body_of_lines)]
"""The JSON body of a claim, which has up to `MAX_LINES` lines."""
OptionalJsonBody = Annotated[RequestBody, Depends(_optional_json_body)]
"""The JSON body of a call that may have none."""
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

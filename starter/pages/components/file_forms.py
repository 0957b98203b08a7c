"""Forms of acts, with one file or none: what was typed outlives an error, an ended session and a form sent twice.

A file is stored before its act is tried, under a key of its own: when another field is wrong, the form comes back with
the id of the file, and nobody sends it twice.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeVar

from fastapi_problem.error import Problem
from pydantic import BaseModel, TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models.errors import KeyReused, QuotaReached
from models.store.journal.idempotency import digest
from starter.auth import cookies
from starter.auth.credentials import PresentedCredential
from starter.context import Context
from starter.http.file_bodies import FileLimits, file_form, too_large_sentence
from starter.http.problems import TITLES, InvalidRequest, fault
from starter.http.request_body import MEBIBYTE, Submission, read
from starter.pages.components.form_keys import KEY_FIELD, REUSED, key_of
from starter.pages.components.forms import beside, form_pairs
from starter.pages.components.resumption import STALE, ended
from starter.services import files

Body = TypeVar("Body", bound=BaseModel)
SLACK: Final = 10 * MEBIBYTE
"""Bytes beyond the largest file that are still received, so that the form comes back with a sentence."""
MAX_BYTES: Final = 96 * 1024
"""All fields together, the file apart."""
MAX_FIELDS: Final = 40
STORED_FIELD: Final = "stored"
UNAUTHENTICATED: Final = TITLES["unauthenticated"][0]
NO_CODES: Final[frozenset[str]] = frozenset()
"""No form of these takes a code of a person; the `code` of one names a piece."""
SHOWN_AGAIN: Final = (413, 429)
"""Refusals of a file that are said beside it."""


@dataclass(frozen=True, slots=True)
class SentForm:
    """A form as it was sent: its fields that are not empty, and its file."""

    fields: Mapping[str, str]
    content: bytes | None = None
    too_large: bool = False

    @property
    def key(self) -> str:
        """Idempotency key of this rendering of the form."""
        return key_of(self.fields)

    @property
    def file(self) -> str | None:
        """Id of its file, once it is stored."""
        return self.fields.get(STORED_FIELD)

    def submission(self, model: type[Body], address: str, stated: Mapping[str, object]) -> Submission[Body]:
        """Return a body for an act that is done once for this rendering of the form."""
        return Submission(
            lambda: read(TypeAdapter(model), dict(stated)), lambda: digest([address, dict(stated)]), self.key
        )


Act = Callable[[SentForm, PresentedCredential], Awaitable[Response]]
"""Does what a form asks, once its file is stored."""
Again = Callable[[SentForm, PresentedCredential, dict[str, str]], Awaitable[Response]]
"""Shows a form again, with what was typed, and the sentence beside each wrong field."""


async def serve(
    context: Context,
    request: Request,
    visitor: PresentedCredential | None,
    act: Act,
    again: Again,
    pointers: Mapping[str, str],
) -> Response:
    """Serve a form of one act; whatever is wrong, it is shown again with what was typed.

    Without a session, the file is not kept; raises 413 beyond the limits.
    """
    sent, pairs = await _read(context, request, keeps_file=visitor is not None)
    token = dict(pairs).get(cookies.FORM_FIELD)
    pairs = tuple((name, value) for name, value in pairs if name not in (STORED_FIELD, cookies.FORM_FIELD))
    if visitor is None:
        return ended(request, pairs, NO_CODES)
    try:
        if token != cookies.form_token(visitor.session or ""):
            return await again(sent, visitor, {"form": STALE})
        return await _attempt(context, request, sent, visitor, act, again, pointers)
    except Problem as problem:
        if problem.status != UNAUTHENTICATED:
            raise
        return ended(request, pairs, NO_CODES)


async def _attempt(
    context: Context,
    request: Request,
    sent: SentForm,
    visitor: PresentedCredential,
    act: Act,
    again: Again,
    pointers: Mapping[str, str],
) -> Response:
    try:
        if sent.too_large:
            raise fault("/file", "too-large", too_large_sentence(context.settings.upload_bytes))
        sent = await _stored(context, request, visitor, sent)
        return await act(sent, visitor)
    except InvalidRequest as wrong:
        return await again(sent, visitor, beside(wrong.faults, pointers))
    except KeyReused:
        fresh = {name: value for name, value in sent.fields.items() if name != KEY_FIELD}
        return await again(SentForm(fresh), visitor, {"form": REUSED})
    except QuotaReached as reached:
        return await again(sent, visitor, {"form": reached.detail})
    except Problem as refused:
        if refused.status not in SHOWN_AGAIN:
            raise
        return await again(sent, visitor, {"form": str(refused.detail)})


async def _read(
    context: Context, request: Request, *, keeps_file: bool
) -> tuple[SentForm, tuple[tuple[str, str], ...]]:
    """Return the form, and its fields that are not empty in their order, its form token among them."""
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        most = FileLimits(context.settings.upload_bytes, SLACK, MAX_BYTES, MAX_FIELDS)
        sent = await file_form(request, most, keeps_file=keeps_file)
        pairs, content, too_large = [*sent.pairs], sent.content or None, sent.too_large
    else:
        pairs, content, too_large = await form_pairs(request, MAX_BYTES, MAX_FIELDS), None, False
    stated = tuple((name, value.strip()) for name, value in pairs if value.strip() and "\0" not in value)
    fields = {name: value for name, value in stated if name != cookies.FORM_FIELD}
    return SentForm(fields, content, too_large), stated


async def _stored(context: Context, request: Request, visitor: PresentedCredential, sent: SentForm) -> SentForm:
    """Store the file of a form, if it has one, and return the form with its id.

    Raises `InvalidRequest` for a file that is refused, `QuotaReached`, 429 and 503 as the API does.
    """
    if sent.content is None:
        return sent
    key = f"{sent.key}-{sha256(sent.content).hexdigest()[:16]}"
    uploader = await run_in_threadpool(files.admit, context, visitor, key)
    with context.slow_calls.file(uploader.account_id, context.origin(request), proven=uploader.proven):
        stored = await context.slow_calls.run_for(uploader.proven, files.store, context, visitor, sent.content, key)
    return SentForm({**sent.fields, STORED_FIELD: stored.id})

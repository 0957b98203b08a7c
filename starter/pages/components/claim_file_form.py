"""The form that sends the file of a claim: sealed while it arrives, so that no byte of it is ever written in clear."""

from collections.abc import Mapping
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from models.errors import Conflict, QuotaReached
from models.store.claims.refusals import AdmissionRefused
from models.store.claims.uploads.sealing import Sealer
from starter.auth import cookies
from starter.auth.credentials import PresentedCredential
from starter.context import Context
from starter.http.file_bodies import MAX_FORM_BYTES, pass_on, too_large_sentence
from starter.http.problems import fault
from starter.http.request_body import MEBIBYTE
from starter.pages.components.claim_terms_form import terms
from starter.pages.components.form_keys import key_of
from starter.pages.components.forms import form_pairs
from starter.services import claim_uploads
from starter.services.claim_uploads import UploadAccepted, UploadAddress

SLACK: Final = 10 * MEBIBYTE
"""Bytes beyond the largest file that are still received, so that the form comes back with a sentence."""
Refusal = AdmissionRefused | Conflict | QuotaReached


class ArrivingFile:
    """One file of a claim on its way: what a form says, then the bytes, which are let through once it may be sent.

    Without a session, or with the form of another one, the bytes pass and are forgotten. So they do once the file is
    refused: the form is read to its end, and its page says why.
    """

    def __init__(self, context: Context, visitor: PresentedCredential | None, to: UploadAddress) -> None:
        self._context = context
        self._visitor = visitor
        self._to = to
        self._sealer: Sealer | None = None
        self._refusal: Refusal | None = None
        self._size = 0
        self._fields: Mapping[str, str] = {}

    @property
    def fields(self) -> Mapping[str, str]:
        """What stands in the form beside the file."""
        return self._fields

    @property
    def fresh(self) -> bool:
        """Whether the form was shown in this session."""
        expected = cookies.form_token(self._visitor.session or "") if self._visitor else None
        return expected is not None and self._fields.get(cookies.FORM_FIELD) == expected

    async def receive(self, request: Request) -> tuple[tuple[str, str], ...]:
        """Read the form to its end and return its fields, without its token; raises 413 beyond the slack."""
        if request.headers.get("content-type", "").lower().startswith("multipart/"):
            most = self._context.settings.claim_bytes + SLACK + MAX_FORM_BYTES
            pairs = await pass_on(request, most, self._take)
        else:
            pairs = tuple(await form_pairs(request))
        self._fields = dict(pairs)
        return tuple((name, value) for name, value in pairs if name != cookies.FORM_FIELD and value.strip())

    async def store(self) -> UploadAccepted:
        """Store the file that arrived whole and have it read.

        Raises `InvalidRequest` without a file or for one that is too large, and whatever refuses it.
        """
        if self._refusal is not None:
            raise self._refusal
        if self._size > self._context.settings.claim_bytes:
            raise fault("/file", "too-large", too_large_sentence(self._context.settings.claim_bytes))
        if self._sealer is None or self._visitor is None:
            raise fault("/file", "missing", "Choisissez un fichier.")
        to = self._to._replace(stated=terms(self._fields))
        file = self._sealer.finish()
        return await run_in_threadpool(
            claim_uploads.store, self._context, self._visitor, to, file, key_of(self._fields)
        )

    async def _take(self, fields: Mapping[str, str], data: bytes) -> None:
        self._fields = fields
        self._size += len(data)
        if not data or not self.fresh or self._refusal or self._size > self._context.settings.claim_bytes:
            return
        if self._sealer is None:
            await self._open()
        if self._sealer is not None:
            self._sealer.add(data)

    async def _open(self) -> None:
        assert self._visitor is not None  # noqa: S101 -- the form is of its session
        key = key_of(self._fields)
        try:
            self._sealer = await run_in_threadpool(
                claim_uploads.open_sealer, self._context, self._visitor, self._to, key
            )
        except (AdmissionRefused, Conflict, QuotaReached) as refused:
            self._refusal = refused

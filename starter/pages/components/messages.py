"""The messages of a case in a page, whoever reads them: the form, its errors, and what is sent again."""

from collections.abc import Callable, Sequence
from itertools import accumulate
from secrets import token_urlsafe
from typing import Annotated, Final

from fastapi import Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.bodies.messages import MAX_TEXT, MessageBody
from starter.auth.credentials import PresentedCredential
from starter.context import Context
from starter.http.request_body import size_in_french
from starter.pages.components.file_forms import SentForm, serve
from starter.pages.components.said import redirect_saying, said
from starter.pages.components.typography import written_bytes
from starter.services import messages
from starter.services.messages import MessageListing

POINTERS: Final = {"/text": "text", "/file": "file", "/files/0": "file"}

ShowAgain = Callable[[PresentedCredential, MessageListing, SentForm, dict[str, str]], Response]
"""Shows the page with what was sent and its errors."""


PAGE_SIZE: Final = 10
"""Messages of one page, or fewer."""
MAX_BYTES: Final = 24 * 1024
"""Weight of their texts: a page stays below 100 KiB, with one more in its form."""


class PageListing(MessageListing):
    """Which page of the messages, those before it, and what was just done."""

    limit: Annotated[int, Field(ge=1, le=PAGE_SIZE)] = PAGE_SIZE
    trail: str = ""
    said: str = ""


def how_many(texts: Sequence[str]) -> int:
    """Return how many of these messages, the first ones, a page shows: one at least."""
    weights = accumulate(written_bytes(each) for each in texts)
    return max(1, sum(weight <= MAX_BYTES for weight in weights))


def form_content(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    sent: SentForm | None,
    wrong: dict[str, str] | None,
) -> dict[str, object]:
    """Return what the form of a message shows: its limits, what was sent before, and its errors."""
    return {
        "limit": MAX_TEXT,
        "max_size": size_in_french(context.settings.upload_bytes),
        "fields": sent.fields if sent else {},
        "stored": sent.file if sent and "file" not in (wrong or {}) else None,
        "wrong": wrong or {},
        "key": sent.key if sent else token_urlsafe(24),
        "said": said(request, visitor),
    }


async def send(
    context: Context,
    request: Request,
    visitor: PresentedCredential | None,
    reference: str,
    address: str,
    show: ShowAgain,
) -> Response:
    """Send the message of a form, and go back to `address`; with errors, show the page again."""

    async def act(sent: SentForm, visitor: PresentedCredential) -> Response:
        body: dict[str, object] = {"text": sent.fields["text"]} if "text" in sent.fields else {}
        body |= {"files": (sent.file,)} if sent.file else {}
        submission = sent.submission(MessageBody, address, body)
        await run_in_threadpool(messages.send, context, visitor, reference, submission)
        return redirect_saying(address, "message", visitor)

    async def again(sent: SentForm, visitor: PresentedCredential, wrong: dict[str, str]) -> Response:
        return await run_in_threadpool(show, visitor, PageListing(), sent, wrong)

    return await serve(context, request, visitor, act, again, POINTERS)

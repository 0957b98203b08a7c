"""The page on which an employer supplies requested pieces, one at a time: the last one makes the delay run again."""

from secrets import token_urlsafe
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.texts import in_french
from models.bodies.completion import Completion
from models.texts import MAX_PROSE
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES
from starter.http.request_body import size_in_french
from starter.pages.components.file_forms import SentForm, serve
from starter.pages.components.rendering import FORM_HEADERS, page
from starter.pages.components.said import redirect_saying, said
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.pages.employer.case_page import days_left, missing_pieces
from starter.services import completions, requests

router = APIRouter(include_in_schema=False)

PATH: Final = "/requests/{reference}/pieces"
INVALID: Final = TITLES["invalid-input"][0]
POINTERS: Final = {"/pieces/0/text": "text", "/pieces/0/file": "file", "/file": "file", "/pieces/0": "text"}


@router.get(PATH)
def pieces_page(context: AppContext, request: Request, visitor: SessionRequired, reference: str) -> Response:
    """Show the pieces that are still missing, each with its form."""
    return _view(context, request, visitor, reference)


def _view(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    reference: str,
    sent: SentForm | None = None,
    wrong: dict[str, str] | None = None,
) -> Response:
    reading = requests.read_request(context, visitor, reference)
    view, pending = reading.case, reading.case.pending_completion
    if pending is None or not reading.standing.may_supply_pieces:
        return redirect(f"/requests/{view.reference}")
    content = {
        "case": view,
        "address": PATH.format(reference=view.reference),
        "missing": missing_pieces(view),
        "reasons": pending.reasons,
        "due_on": in_french(pending.due_on),
        "left": days_left(reading.standing),
        "fields": sent.fields if sent else {},
        "wrong": wrong or {},
        "code": sent.fields.get("code", "") if sent else "",
        "key": sent.key if sent else "",
        "limit": MAX_PROSE,
        "max_size": size_in_french(context.settings.upload_bytes),
        "said": said(request, visitor),
        "keys": {code: token_urlsafe(24) for code in pending.missing},
    }
    status = INVALID if wrong else 200
    return page(request, "pieces", visitor_fields(reading.reader, visitor) | content, status, FORM_HEADERS)


@router.post(PATH)
async def supply_piece(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Supply one piece, like `POST /api/v1/requests/{reference}/completion`."""

    async def act(sent: SentForm, visitor: PresentedCredential) -> Response:
        named = (("code", sent.fields.get("code")), ("text", sent.fields.get("text")), ("file", sent.file))
        body = {"pieces": [{name: value for name, value in named if value}]}
        submission = sent.submission(Completion, PATH.format(reference=reference), body)
        supplied = await run_in_threadpool(completions.supply_pieces, context, visitor, reference, submission)
        address = f"/requests/{supplied.reference}"
        if supplied.missing:
            return redirect_saying(f"{address}/pieces", "piece", visitor)
        return redirect_saying(address, "pieces", visitor)

    async def again(sent: SentForm, visitor: PresentedCredential, wrong: dict[str, str]) -> Response:
        return await run_in_threadpool(_view, context, request, visitor, reference, sent, wrong)

    return await serve(context, request, visitor, act, again, POINTERS)

"""The page on which an employer sends the works council’s opinion that was to follow the request (R. 5122-2)."""

from secrets import token_urlsafe
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from law.texts import in_french
from models.bodies.filing import Opinion
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES
from starter.http.request_body import size_in_french
from starter.pages.components.file_forms import SentForm, serve
from starter.pages.components.forms import french_days
from starter.pages.components.rendering import FORM_HEADERS, page
from starter.pages.components.said import redirect_saying
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.services import opinions, requests

router = APIRouter(include_in_schema=False)

PATH: Final = "/requests/{reference}/works-council-opinion"
INVALID: Final = TITLES["invalid-input"][0]
POINTERS: Final = {"/opinion": "opinion", "/given_on": "given_on", "/file": "file"}
OPINIONS: Final = (
    ("favourable", "Favorable"),
    ("unfavourable", "Défavorable"),
    ("none_given", "Consulté, le comité n’a pas rendu d’avis"),
)


@router.get(PATH)
def opinion_page(context: AppContext, request: Request, visitor: SessionRequired, reference: str) -> Response:
    """Show the form of the opinion."""
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
    view = reading.case
    if view.opinion_due_on is None or not reading.standing.may_supply_opinion:
        return redirect(f"/requests/{view.reference}")
    content = {
        "case": view,
        "address": PATH.format(reference=view.reference),
        "due_on": in_french(view.opinion_due_on),
        "options": OPINIONS,
        "max_size": size_in_french(context.settings.upload_bytes),
        "fields": sent.fields if sent else {},
        "stored": sent.file if sent and "file" not in (wrong or {}) else None,
        "wrong": wrong or {},
        "key": sent.key if sent else token_urlsafe(24),
    }
    status = INVALID if wrong else 200
    return page(request, "opinion", visitor_fields(reading.reader, visitor) | content, status, FORM_HEADERS)


@router.post(PATH)
async def supply_opinion(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Send the opinion, like `POST /api/v1/requests/{reference}/works-council-opinion`."""

    async def act(sent: SentForm, visitor: PresentedCredential) -> Response:
        stated = french_days(sent.fields, ["given_on"]) | ({"file": sent.file} if sent.file else {})
        body: dict[str, object] = {each: stated[each] for each in ("opinion", "given_on", "file") if each in stated}
        submission = sent.submission(Opinion, PATH.format(reference=reference), body)
        received = await run_in_threadpool(opinions.supply_opinion, context, visitor, reference, submission)
        return redirect_saying(f"/requests/{received.reference}", "opinion", visitor)

    async def again(sent: SentForm, visitor: PresentedCredential, wrong: dict[str, str]) -> Response:
        return await run_in_threadpool(_view, context, request, visitor, reference, sent, wrong)

    return await serve(context, request, visitor, act, again, POINTERS)

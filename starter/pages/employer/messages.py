"""The messages of a case: what employer and agents wrote, and a form; no message touches the clock."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from law.texts import instant_in_french
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES
from starter.pages.components.file_forms import SentForm
from starter.pages.components.messages import PageListing, form_content, how_many, send
from starter.pages.components.page_links import page_links
from starter.pages.components.rendering import FORM_HEADERS, page
from starter.pages.components.visitor import SessionOptional, SessionRequired, visitor_fields
from starter.pages.employer.case_page import shown_file
from starter.services import messages, requests
from starter.services.messages import MessageListing, MessageView

router = APIRouter(include_in_schema=False)

PATH: Final = "/requests/{reference}/messages"
INVALID: Final = TITLES["invalid-input"][0]


@router.get(PATH)
def messages_page(
    context: AppContext,
    request: Request,
    visitor: SessionRequired,
    reference: str,
    parameters: Annotated[PageListing, Query()],
) -> Response:
    """Show the messages of a case, newest first; those of the other side are read from now on."""
    return _view(context, request, visitor, parameters, reference=reference)


def _view(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    listing: MessageListing,
    sent: SentForm | None = None,
    wrong: dict[str, str] | None = None,
    *,
    reference: str,
) -> Response:
    reading = requests.read_request(context, visitor, reference)
    listed = messages.list_messages(context, visitor, reference, listing, how_many).page
    address = PATH.format(reference=reading.case.reference)
    content = {
        "case": reading.case,
        "address": address,
        "service": reading.case.service,
        "may_write": reading.standing.may_write,
        "messages": [_message(each) for each in listed.items],
        "links": page_links(address, {}, request.query_params, listed.next),
        **form_content(context, request, visitor, sent, wrong),
    }
    status = INVALID if wrong else 200
    return page(request, "messages", visitor_fields(reading.reader, visitor) | content, status, FORM_HEADERS)


def _message(view: MessageView) -> dict[str, object]:
    return {
        "own": view.side == "employer",
        "author": view.author,
        "sent_at": instant_in_french(view.sent_at),
        "read_at": view.read_at and instant_in_french(view.read_at),
        "text": view.text,
        "files": [shown_file(each, "Fichier joint") for each in view.files],
    }


@router.post(PATH)
async def send_message(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Send a message, like `POST /api/v1/requests/{reference}/messages`."""
    show = partial(_view, context, request, reference=reference)
    return await send(context, request, visitor, reference, PATH.format(reference=reference), show)

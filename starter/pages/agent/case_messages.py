"""The messages of a case, as its agents read and write them; no message touches the clock."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from law.texts import instant_in_french
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import AppContext, Context
from starter.http.problems import TITLES
from starter.pages.agent.case_facts import described_file
from starter.pages.agent.deadlines import deadline
from starter.pages.components.file_forms import SentForm
from starter.pages.components.messages import PageListing, form_content, how_many, send
from starter.pages.components.page_links import page_links
from starter.pages.components.rendering import FORM_HEADERS, page
from starter.pages.components.visitor import SessionOptional, SessionRequired, visitor_fields
from starter.services import case_review, messages
from starter.services.messages import MessageListing, MessageView

router = APIRouter(include_in_schema=False)

PATH: Final = "/desk/requests/{reference}/messages"
INVALID: Final = TITLES["invalid-input"][0]


@router.get(PATH)
def messages_page(
    context: AppContext,
    request: Request,
    visitor: SessionRequired,
    reference: str,
    parameters: Annotated[PageListing, Query()],
) -> Response:
    """Show the messages of a case, newest first; those of the employer are read from now on, by whoever may answer."""
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
    reading = case_review.open_case(context, visitor, reference)
    listed = messages.list_messages(context, visitor, reference, listing, how_many).page
    case = reading.case
    address = PATH.format(reference=case.reference)
    content = {
        "case": case,
        "address": address,
        "deadline": deadline(case.clock.tacit_acceptance_at, case.seconds_left, case.outcome),
        "may_write": reading.may(Verb.SEND_MESSAGE) and reading.record.closed_at is None,
        "closed": reading.record.closed_at is not None,
        "messages": [_message(each) for each in listed.items],
        "links": page_links(address, {}, request.query_params, listed.next),
        **form_content(context, request, visitor, sent, wrong),
    }
    status = INVALID if wrong else 200
    return page(request, "desk_messages", visitor_fields(reading.reader, visitor) | content, status, FORM_HEADERS)


def _message(view: MessageView) -> dict[str, object]:
    return {
        "ours": view.side == "agent",
        "author": view.author,
        "sent_at": instant_in_french(view.sent_at),
        "read_at": view.read_at and instant_in_french(view.read_at),
        "text": view.text,
        "files": [(each.id, described_file(each)) for each in view.files],
    }


@router.post(PATH)
async def send_message(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Send a message to the employer, like `POST /api/v1/requests/{reference}/messages`."""
    show = partial(_view, context, request, reference=reference)
    return await send(context, request, visitor, reference, PATH.format(reference=reference), show)

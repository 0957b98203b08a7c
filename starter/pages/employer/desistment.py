"""The page that asks before an employer desists from a request, and says the consequence."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from law.texts import end_in_french
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.said import redirect_saying
from starter.pages.components.session_forms import session_act
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.pages.employer.case_page import period
from starter.services import requests

router = APIRouter(include_in_schema=False)

PATH: Final = "/requests/{reference}/desistment"


@router.get(PATH)
def desistment_page(context: AppContext, request: Request, visitor: SessionRequired, reference: str) -> Response:
    """Ask, and say what desisting means; nothing is to be asked once the request has its outcome."""
    reading = requests.read_request(context, visitor, reference)
    view, silence = reading.case, reading.case.clock.tacit_acceptance_at
    if not reading.standing.may_desist:
        return redirect(f"/requests/{view.reference}")
    content = {
        "case": view,
        "address": f"/requests/{view.reference}",
        "period": period(view.period),
        "until": end_in_french(silence) if silence else None,
    }
    return page(request, "desistment", visitor_fields(reading.reader, visitor) | content)


@router.post(PATH)
async def desist(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Desist, like `POST /api/v1/requests/{reference}/desistment`: twice is once."""

    def act(_: TypedForm, session: PresentedCredential) -> Response:
        desisted = requests.desist(context, session, reference)
        return redirect_saying(f"/requests/{desisted.reference}", "desisted", session)

    return await session_act(request, visitor, act)

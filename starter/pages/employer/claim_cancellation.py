"""The page that asks before the claim of a month is cancelled, and says the consequence."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from starter.auth.credentials import PresentedCredential
from starter.context import AppContext
from starter.pages.components import claim_words
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.said import redirect_saying
from starter.pages.components.session_forms import session_act
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.pages.employer import claim_month
from starter.pages.employer.claim_month import MonthAddress, address_of
from starter.services import claim_months, claims

router = APIRouter(include_in_schema=False)

PATH: Final = f"{claim_month.PATH}/cancellation"


@router.get(PATH)
def cancellation_page(context: AppContext, request: Request, visitor: SessionRequired, to: MonthAddress) -> Response:
    """Ask; nothing is to be asked once the claim is handed over, or if there is none."""
    reading = claim_months.read_month(context, visitor, to)
    if reading.last is None or not reading.replaceable:
        return redirect(address_of(to))
    content = claim_month.heading(reading, to) | {
        "act": address_of(to, "cancellation"),
        "hours": claim_words.hours(reading.last.hours),
        "version": reading.last.version,
    }
    return page(request, "claim_cancellation", visitor_fields(reading.reader, visitor) | content)


@router.post(PATH)
async def cancel(context: AppContext, request: Request, visitor: SessionOptional, to: MonthAddress) -> Response:
    """Cancel, like `POST /api/v1/requests/{reference}/claims/{month}/cancellation`: twice is once."""

    def act(_: TypedForm, session: PresentedCredential) -> Response:
        claims.cancel(context, session, to, None)
        return redirect_saying(address_of(to), "claim-cancelled", session)

    return await session_act(request, visitor, act)

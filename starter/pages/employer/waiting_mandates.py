"""The page on which an agent of record accepts every mandate that waits, at once."""

from typing import Final

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from law.texts import in_french
from models.bodies.account import MandateAcceptanceBody
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES
from starter.http.request_body import read
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.said import redirect_saying, said
from starter.pages.components.session_forms import session_form
from starter.pages.components.typography import siret_in_groups
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.services import mandate_acceptance

router = APIRouter(include_in_schema=False)

PATH: Final = "/mandates"
MAX_SHOWN: Final = 100
"""Mandates of one page, whose ids come back with its form; those beyond are shown once these are accepted."""
INVALID: Final = TITLES["invalid-input"][0]


@router.get(PATH)
def mandates_page(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Show the mandates that wait for this account."""
    return _view(context, request, visitor, {})


def _view(context: Context, request: Request, visitor: PresentedCredential, wrong: dict[str, str]) -> Response:
    reader, waiting = mandate_acceptance.read_waiting(context, visitor)
    shown = waiting[:MAX_SHOWN]
    rows = [
        (
            each.establishment.name,
            siret_in_groups(each.mandate.siret),
            in_french(each.mandate.starts_on),
            in_french(each.mandate.ends_on),
        )
        for each in shown
    ]
    content = visitor_fields(reader, visitor) | {
        "rows": rows,
        "later": len(waiting) - len(shown),
        "ids": " ".join(each.mandate.id for each in shown),
        "wrong": wrong,
        "said": said(request, visitor),
    }
    return page(request, "waiting_mandates", content, INVALID if wrong else 200)


@router.post(PATH)
async def accept(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Accept those that were shown, like `POST /api/v1/mandates/acceptance`; what came meanwhile is shown first."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        shown = form.fields.get("shown", "").split()
        if not shown:
            return redirect(PATH)
        stated = {name: form.fields[name] for name in ("password",) if name in form.fields} | {"mandates": shown}
        if not mandate_acceptance.accept(context, session, read(TypeAdapter(MandateAcceptanceBody), stated)):
            return redirect(PATH)
        if mandate_acceptance.read_waiting(context, session).waiting:
            return redirect_saying(PATH, "mandates_rest", session)
        return redirect_saying("/account", "mandates", session)

    def again(_: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return _view(context, request, session, wrong)

    return await session_form(request, visitor, act, again, {"/password": "password"})

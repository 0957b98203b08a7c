"""The page on which an employer asks for another bank account under an authorization: an agent decides."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from models.bodies.amendment import AmendmentBody
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES
from starter.pages.components.form_keys import key_of, keyed_submission
from starter.pages.components.rendering import FORM_HEADERS, page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.said import redirect_saying
from starter.pages.components.session_forms import session_form
from starter.pages.components.typography import iban_in_groups
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.services import amendments, requests

router = APIRouter(include_in_schema=False)

PATH: Final = "/requests/{reference}/bank-account"
INVALID: Final = TITLES["invalid-input"][0]
POINTERS: Final[Mapping[str, str]] = {
    "/bank_account": "iban",
    "/bank_account/iban": "iban",
    "/bank_account/holder": "holder",
    "/reasons": "why_account",
}


@router.get(PATH)
def bank_change_page(context: AppContext, request: Request, visitor: SessionRequired, reference: str) -> Response:
    """Show the form; nothing is to be changed without an authorization, nor while a change waits."""
    return _view(context, request, visitor, reference)


def _view(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    reference: str,
    form: TypedForm | None = None,
    wrong: dict[str, str] | None = None,
) -> Response:
    reading = requests.read_request(context, visitor, reference)
    view = reading.case
    if not (reading.standing.may_change_account or wrong):
        return redirect(f"/requests/{view.reference}")
    account = view.bank_account
    content = {
        "case": view,
        "address": PATH.format(reference=view.reference),
        "account": f"{iban_in_groups(account.iban)}, {account.holder}" if account else "",
        "fields": form.fields if form else {},
        "wrong": wrong or {},
        "key": key_of(form.fields if form else {}),
    }
    status = INVALID if wrong else 200
    return page(request, "bank_change", visitor_fields(reading.reader, visitor) | content, status, FORM_HEADERS)


@router.post(PATH)
async def ask_bank_change(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Ask for another account, like `POST /api/v1/requests/{reference}/amendments`, once for each rendering."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        account = {name: form.fields[name] for name in ("iban", "holder") if name in form.fields}
        why = form.fields.get("why_account")
        stated: dict[str, object] = {"bank_account": account} | ({"reasons": why} if why else {})
        submission = keyed_submission(AmendmentBody, PATH.format(reference=reference), stated, form.fields)
        amendments.file_amendment(context, session, reference, submission)
        return redirect_saying(f"/requests/{reference}", "bank_change", session)

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return _view(context, request, session, reference, form, wrong)

    return await session_form(request, visitor, act, again, POINTERS)

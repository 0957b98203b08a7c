"""The page on which an employer asks to amend an authorization: more hours or employees, or another period."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from models.bodies.amendment import AmendmentBody
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest
from starter.pages.components.form_keys import key_of, keyed_submission
from starter.pages.components.rendering import FORM_HEADERS, page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.said import redirect_saying
from starter.pages.components.session_forms import session_form
from starter.pages.components.typed import day, decimal, whole
from starter.pages.components.visitor import SessionOptional, SessionRequired, redirect, visitor_fields
from starter.pages.employer.case_page import terms_rows
from starter.pages.employer.filing_steps import REPLACED
from starter.services import amendments, requests
from starter.services.case_schemas import TermsView

router = APIRouter(include_in_schema=False)

PATH: Final = "/requests/{reference}/amendment"
INVALID: Final = TITLES["invalid-input"][0]
POINTERS: Final[Mapping[str, str]] = {
    "/period": "end_on",
    "/period/start_on": "start_on",
    "/period/end_on": "end_on",
    "/employees": "employees",
    "/hours": "hours",
    "/reasons": "why",
}


@router.get(PATH)
def amendment_page(context: AppContext, request: Request, visitor: SessionRequired, reference: str) -> Response:
    """Show the form, with the terms in force; nothing is to be amended without an authorization."""
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
    if view.in_force is None or not (reading.standing.may_amend or wrong):
        return redirect(f"/requests/{view.reference}")
    content = {
        "case": view,
        "address": PATH.format(reference=view.reference),
        "in_force": terms_rows(view.in_force),
        "fields": form.fields if form else _shown(view.in_force),
        "wrong": wrong or {},
        "key": key_of(form.fields if form else {}),
    }
    status = INVALID if wrong else 200
    return page(request, "amendment", visitor_fields(reading.reader, visitor) | content, status, FORM_HEADERS)


def _shown(terms: TermsView) -> dict[str, str]:
    return {
        "start_on": terms.period.start_on.isoformat(),
        "end_on": terms.period.end_on.isoformat(),
        "employees": str(terms.employees),
        "hours": f"{terms.hours:f}".replace(".", ","),
    }


@router.post(PATH)
async def ask_amendment(context: AppContext, request: Request, visitor: SessionOptional, reference: str) -> Response:
    """Ask for an amendment, like `POST /api/v1/requests/{reference}/amendments`, once for each rendering."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        address = PATH.format(reference=reference)
        submission = keyed_submission(AmendmentBody, address, _stated(form.fields), form.fields)
        try:
            filed = amendments.file_amendment(context, session, reference, submission)
        except InvalidRequest as invalid:
            raise _in_words_of_the_form(invalid) from invalid
        return redirect_saying(f"/requests/{filed.reference}", "amendment", session)

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return _view(context, request, session, reference, form, wrong)

    return await session_form(request, visitor, act, again, POINTERS)


def _stated(fields: Mapping[str, str]) -> dict[str, object]:
    """Return what was typed; the page shows the terms in force, so that what was left as it was changes nothing."""
    days = {name: day(fields[name]) for name in ("start_on", "end_on") if name in fields}
    stated = {
        "period": days or None,
        "employees": whole(fields.get("employees")),
        "hours": decimal(fields.get("hours")),
        "reasons": fields.get("why"),
    }
    return {name: value for name, value in stated.items() if value is not None}


def _in_words_of_the_form(invalid: InvalidRequest) -> InvalidRequest:
    return InvalidRequest(
        each.model_copy(update={"message": REPLACED.get((POINTERS.get(each.pointer, ""), each.code), each.message)})
        for each in invalid.faults
    )

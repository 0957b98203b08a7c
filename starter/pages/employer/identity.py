"""Pages that change the name and the address of an account; an address is confirmed by the code mailed to it."""

from typing import Final, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, TypeAdapter
from starlette.responses import Response

from models.bodies.account import AddressBody, AddressCodeBody, NameBody
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES
from starter.http.request_body import read
from starter.pages.components.forms import kept_code
from starter.pages.components.rendering import page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.said import redirect_saying, said
from starter.pages.components.session_forms import Again, session_form
from starter.pages.components.visitor import SessionOptional, SessionRequired, visitor_fields
from starter.services import identity

router = APIRouter(include_in_schema=False)

Body = TypeVar("Body", bound=BaseModel)
FIELDS: Final = {"/name": "name", "/email": "email", "/password": "password", "/code": "code"}
INVALID: Final = TITLES["invalid-input"][0]


def _view(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    form: str,
    fields: dict[str, str],
    wrong: dict[str, str],
) -> Response:
    reader = identity.read(context, visitor)
    kept = kept_code(fields, wrong) | {name: value for name, value in fields.items() if name in ("name", "email")}
    content = {"account": reader, "form": form, "fields": kept, "wrong": wrong, "said": said(request, visitor)}
    status = INVALID if wrong else 200
    return page(request, "identity", visitor_fields(reader, visitor) | content, status)


@router.get("/account/identity")
def identity_page(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Show the name and the address of the account, with the forms that change them."""
    return _view(context, request, visitor, "", {}, {})


@router.post("/account/name")
async def rename(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Change the name of the account."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        identity.rename(context, session, _body(NameBody, form))
        return redirect_saying("/account", "name", session)

    return await session_form(request, visitor, act, _shown_again(context, request, "name"), FIELDS)


def _body(model: type[Body], form: TypedForm) -> Body:
    return read(TypeAdapter(model), {name: form.fields[name] for name in model.model_fields if name in form.fields})


def _shown_again(context: Context, request: Request, form_name: str) -> Again:
    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return _view(context, request, session, form_name, form.fields, wrong)

    return again


@router.post("/account/address/code")
async def ask_address(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Have a code mailed to the new address."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        identity.ask_address(context, session, _body(AddressBody, form))
        return redirect_saying("/account/address", "address_code", session)

    return await session_form(request, visitor, act, _shown_again(context, request, "address"), FIELDS)


@router.get("/account/address")
def address_page(context: AppContext, request: Request, visitor: SessionRequired, code: str = "") -> Response:
    """Show the form of the code that was mailed to the new address; the link in the mail fills it in."""
    return _view(context, request, visitor, "code", {"code": code[:100]}, {})


@router.post("/account/address")
async def confirm_address(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Give the account its new address."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        identity.confirm_address(context, session, _body(AddressCodeBody, form))
        return redirect_saying("/account", "address", session)

    return await session_form(request, visitor, act, _shown_again(context, request, "code"), FIELDS)

"""Pages of one-time codes and passkeys; a script creates passkeys through the API."""

from typing import Final

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from models.bodies.account import ConfirmedBody, OneTimeBody
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext
from starter.http.request_body import read
from starter.pages.components.rendering import SCRIPTED_HEADERS, page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.said import redirect_saying
from starter.pages.components.session_forms import session_act, session_form
from starter.pages.components.visitor import SessionOptional, visitor_fields
from starter.pages.employer.account import INVALID, shown_again
from starter.services import passkeys, second_factors
from starter.services.second_factors import NewSecret, RecoveryCodes

router = APIRouter(include_in_schema=False)

PASSWORD_FIELDS: Final = {"/password": "totp"}
CODE_FIELDS: Final = {"/code": "code"}


@router.post("/account/totp")
async def begin(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Create the secret of one-time codes, like `POST /api/v1/account/totp`, and show it."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        body = read(TypeAdapter(ConfirmedBody), form.fields)
        secret = second_factors.begin_codes(context, session, body.password)
        return _show_secret(request, session, secret, {})

    return await session_form(request, visitor, act, shown_again(context, request), PASSWORD_FIELDS)


def _show_secret(request: Request, visitor: PresentedCredential, secret: NewSecret, wrong: dict[str, str]) -> Response:
    content = visitor_fields(secret.account, visitor) | {"new": secret, "wrong": wrong}
    return page(request, "totp", content, INVALID if wrong else 200, SCRIPTED_HEADERS)


@router.post("/account/totp/confirmation")
async def confirm(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Require codes from now on; after a wrong code, show the secret again."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        body = read(TypeAdapter(OneTimeBody), form.fields)
        return _show_recovery(request, session, second_factors.confirm_codes(context, session, body.code))

    def again(_: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return _show_secret(request, session, second_factors.read_secret(context, session), wrong)

    return await session_form(request, visitor, act, again, CODE_FIELDS)


def _show_recovery(request: Request, visitor: PresentedCredential, made: RecoveryCodes) -> Response:
    """Show recovery codes, this once."""
    return page(request, "recovery_codes", visitor_fields(made.account, visitor) | {"codes": made.codes})


@router.post("/account/totp/recovery-codes")
async def renew_recovery(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Replace the recovery codes, and show the new ones."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        body = read(TypeAdapter(ConfirmedBody), form.fields)
        return _show_recovery(request, session, second_factors.renew_recovery(context, session, body.password))

    return await session_form(request, visitor, act, shown_again(context, request), {"/password": "recovery"})


@router.post("/account/totp/removal")
async def drop(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Stop requiring codes."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        body = read(TypeAdapter(ConfirmedBody), form.fields)
        second_factors.drop_codes(context, session, body.password)
        return redirect_saying("/account", "no_codes", session)

    return await session_form(request, visitor, act, shown_again(context, request), PASSWORD_FIELDS)


@router.post("/account/passkeys/removal")
async def drop_passkey(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Remove a passkey, like `DELETE /api/v1/account/passkeys/{id}`."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        passkeys.drop(context, session, form.fields.get("id", ""))
        return redirect_saying("/account", "passkey", session)

    return await session_act(request, visitor, act)

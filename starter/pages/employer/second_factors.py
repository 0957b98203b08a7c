"""Pages of one-time codes and passkeys; a script creates passkeys through the API."""

from typing import Final

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.bodies.account import ConfirmedBody, OneTimeBody
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext
from starter.http.problems import InvalidRequest
from starter.http.request_body import read
from starter.pages.components.forms import beside
from starter.pages.components.rendering import SCRIPTED_HEADERS, page
from starter.pages.components.visitor import SessionRequired, redirect, session_form, visitor_fields
from starter.pages.employer.account import INVALID, account_view
from starter.services import passkeys, second_factors
from starter.services.second_factors import NewSecret

router = APIRouter(include_in_schema=False)

PASSWORD_FIELDS: Final = {"/password": "totp"}
CODE_FIELDS: Final = {"/code": "code"}


@router.post("/account/totp")
async def begin(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Create the secret of one-time codes, like `POST /api/v1/account/totp`, and show it."""
    fields = await session_form(request, visitor)
    try:
        body = read(TypeAdapter(ConfirmedBody), fields)
        secret = await run_in_threadpool(second_factors.begin_codes, context, visitor, body.password)
    except InvalidRequest as wrong:
        return await run_in_threadpool(
            account_view, context, request, visitor, wrong=beside(wrong.faults, PASSWORD_FIELDS)
        )
    return _show_secret(request, visitor, secret, {})


def _show_secret(request: Request, visitor: PresentedCredential, secret: NewSecret, wrong: dict[str, str]) -> Response:
    content = visitor_fields(secret.account, visitor) | {"new": secret, "wrong": wrong}
    return page(request, "totp", content, INVALID if wrong else 200, SCRIPTED_HEADERS)


@router.post("/account/totp/confirmation")
async def confirm(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Require codes from now on; after a wrong code, show the secret again."""
    fields = await session_form(request, visitor)
    try:
        body = read(TypeAdapter(OneTimeBody), fields)
        await run_in_threadpool(second_factors.confirm_codes, context, visitor, body.code)
    except InvalidRequest as wrong:
        secret = await run_in_threadpool(second_factors.read_secret, context, visitor)
        return _show_secret(request, visitor, secret, beside(wrong.faults, CODE_FIELDS))
    return redirect("/account")


@router.post("/account/totp/removal")
async def drop(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Stop requiring codes."""
    fields = await session_form(request, visitor)
    try:
        body = read(TypeAdapter(ConfirmedBody), fields)
        await run_in_threadpool(second_factors.drop_codes, context, visitor, body.password)
    except InvalidRequest as wrong:
        return await run_in_threadpool(
            account_view, context, request, visitor, wrong=beside(wrong.faults, PASSWORD_FIELDS)
        )
    return redirect("/account")


@router.post("/account/passkeys/removal")
async def drop_passkey(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Remove a passkey, like `DELETE /api/v1/account/passkeys/{id}`."""
    fields = await session_form(request, visitor)
    await run_in_threadpool(passkeys.drop, context, visitor, fields.get("id", ""))
    return redirect("/account")

"""Pages of the account: password, one-time codes, passkeys, API tokens, establishments."""

from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from webauthn.helpers import bytes_to_base64url

from law.calendar import local
from law.directory import PARIS
from law.texts import in_french, instant_in_french
from models.bodies.account import PasswordChangeBody, TokenBody
from models.labels import Belonging
from models.store.people.passkeys import PasskeyRecord
from models.store.people.tokens import TokenRecord
from starter.auth import cookies, passwords
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest
from starter.http.request_body import read
from starter.pages.components.forms import beside, form_submission
from starter.pages.components.rendering import SCRIPTED_HEADERS, page
from starter.pages.components.visitor import SessionRequired, redirect, session_form, visitor_fields
from starter.services import account, password_reset, tokens
from starter.services.account import AccountDetails

router = APIRouter(include_in_schema=False)

TOKEN_FIELDS: Final = ("label", "scope")
FIELDS: Final = {f"/{name}": name for name in ("current", "password", "label", "code")}
INVALID: Final = TITLES["invalid-input"][0]


@router.get("/account")
def account_page(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Show the account."""
    return account_view(context, request, visitor)


def account_view(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    *,
    wrong: dict[str, str] | None = None,
    secret: str = "",
) -> Response:
    """Show the account, with what was wrong, or with the token just issued."""
    details = account.read_details(context, visitor)
    fields = visitor_fields(details.overview.account, visitor) | _fields(details)
    fields |= {"wrong": wrong or {}, "secret": secret, "least": passwords.MIN_LENGTH}
    return page(request, "account", fields, INVALID if wrong else 200, SCRIPTED_HEADERS)


def _fields(details: AccountDetails) -> dict[str, object]:
    return {
        "account": details.overview.account,
        "establishments": [
            (each, part.label, part is not Belonging.MANDATE) for each, part in details.overview.establishments
        ],
        "coded": details.one_time_codes,
        "passkeys": [_passkey(each) for each in details.passkeys],
        "tokens": [_token(each) for each in details.tokens],
    }


def _passkey(passkey: PasskeyRecord) -> dict[str, object]:
    return {
        "id": bytes_to_base64url(passkey.credential),
        "label": passkey.label,
        "created": _day(passkey.created_at),
        "used": _instant(passkey.used_at),
    }


def _token(token: TokenRecord) -> dict[str, object]:
    return {
        "id": token.id,
        "label": token.label or "Sans nom",
        "scope": token.scope.label,
        "created": _day(token.created_at),
        "expires": _day(token.expires_at),
        "used": _instant(token.used_at),
    }


@router.post("/account/password")
async def change_password(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Change the password, like `POST /api/v1/account/password`; all sessions end, this one too."""
    fields = await session_form(request, visitor)
    submission = form_submission(PasswordChangeBody, fields)
    try:
        await run_in_threadpool(password_reset.change, context, visitor, submission)
    except InvalidRequest as wrong:
        return await run_in_threadpool(account_view, context, request, visitor, wrong=beside(wrong.faults, FIELDS))
    answer = page(request, "password_chosen")
    cookies.erase(answer, context.settings.site)
    return answer


@router.post("/account/tokens")
async def issue_token(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Issue a token, like `POST /api/v1/tokens`, and show it this once."""
    fields = await session_form(request, visitor)
    token_fields = {name: value for name, value in fields.items() if name in TOKEN_FIELDS}
    try:
        body = read(TypeAdapter(TokenBody), token_fields)
        issued = await run_in_threadpool(tokens.issue_token, context, visitor, body)
    except InvalidRequest as wrong:
        return await run_in_threadpool(account_view, context, request, visitor, wrong=beside(wrong.faults, FIELDS))
    return await run_in_threadpool(account_view, context, request, visitor, secret=issued.secret)


@router.post("/account/tokens/revocation")
async def revoke_token(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Revoke a token, like `DELETE /api/v1/tokens/{id}`."""
    fields = await session_form(request, visitor)
    await run_in_threadpool(tokens.revoke_token, context, visitor, fields.get("id", ""))
    return redirect("/account")


def _day(at: datetime | None) -> str | None:
    return in_french(local(at, PARIS).date()) if at else None


def _instant(at: datetime | None) -> str | None:
    return instant_in_french(local(at, PARIS)) if at else None

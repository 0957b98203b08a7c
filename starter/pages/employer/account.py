"""Pages of one's account: password, one-time codes, API tokens, members and mandates of one's establishments."""

from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from webauthn.helpers import bytes_to_base64url

from law.calendar import local
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
from starter.pages.components.rendering import SCRIPTED, page
from starter.pages.components.visitor import SessionRequired, me, posted, see
from starter.services import account, password_reset, tokens
from starter.services.account import AccountDetails

router = APIRouter(include_in_schema=False)

TOKEN: Final = ("label", "scope")
CAPITAL: Final = "75"
"""Département whose legal time is used for instants that belong to no case."""
FIELDS: Final = {f"/{name}": name for name in ("current", "password", "label", "code")}
INVALID: Final = TITLES["invalid-input"][0]


@router.get("/account")
def account_page(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Show one's account."""
    return account_view(context, request, visitor)


def account_view(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    *,
    wrong: dict[str, str] | None = None,
    secret: str = "",
) -> Response:
    """Show the account, with what was wrong, or with the token that was just issued."""
    details = account.read_details(context, visitor)
    fields = me(details.overview.account, visitor) | _fields(details)
    fields |= {"wrong": wrong or {}, "secret": secret, "least": passwords.MIN_LENGTH}
    return page(request, "account", fields, INVALID if wrong else 200, SCRIPTED)


def _fields(details: AccountDetails) -> dict[str, object]:
    return {
        "account": details.overview.account,
        "establishments": [
            (each, part.label, part is not Belonging.MANDATE)
            for each, part in details.overview.establishments
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
    """Change one's password, as `POST /api/v1/account/password` does; one signs in again."""
    fields = await posted(request, visitor)
    submission = form_submission(PasswordChangeBody, fields)
    try:
        await run_in_threadpool(password_reset.change, context, visitor, submission)
    except InvalidRequest as wrong:
        return await run_in_threadpool(
            account_view, context, request, visitor, wrong=beside(wrong.faults, FIELDS)
        )
    answer = page(request, "password_chosen")
    cookies.erase(answer, context.settings.site)
    return answer


@router.post("/account/tokens")
async def issue_token(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Make a token, as `POST /api/v1/tokens` does, and show it this once."""
    fields = await posted(request, visitor)
    stated = {name: value for name, value in fields.items() if name in TOKEN}
    try:
        body = read(TypeAdapter(TokenBody), stated)
        issued = await run_in_threadpool(tokens.issue_token, context, visitor, body)
    except InvalidRequest as wrong:
        return await run_in_threadpool(
            account_view, context, request, visitor, wrong=beside(wrong.faults, FIELDS)
        )
    return await run_in_threadpool(account_view, context, request, visitor, secret=issued.secret)


@router.post("/account/tokens/revocation")
async def revoke_token(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Revoke a token, as `DELETE /api/v1/tokens/{id}` does."""
    fields = await posted(request, visitor)
    await run_in_threadpool(tokens.revoke_token, context, visitor, fields.get("id", ""))
    return see("/account")


def _day(at: datetime | None) -> str | None:
    return in_french(local(at, CAPITAL).date()) if at else None


def _instant(at: datetime | None) -> str | None:
    return instant_in_french(local(at, CAPITAL)) if at else None

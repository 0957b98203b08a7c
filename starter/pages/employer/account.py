"""Pages of one's account: password, one-time codes, API tokens, members and mandates of one's establishments."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from webauthn.helpers import bytes_to_base64url

from law.calendar import local
from law.texts import in_french, instant_in_french
from models.bodies.account import PasswordChangeBody, TokenBody
from models.labels import Belonging
from models.store.people import members, passkeys, tokens
from starter.auth import cookies, passwords, totp
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest
from starter.http.request_body import read
from starter.pages.components.forms import beside
from starter.pages.components.rendering import SCRIPTED, page
from starter.pages.components.visitor import SessionRequired, me, posted, see
from starter.services import membership, password_reset

router = APIRouter(include_in_schema=False)

Body = TypeVar("Body", bound=BaseModel)
Done = TypeVar("Done")
TOKEN: Final = ("label", "scope")
CAPITAL: Final = "75"
"""Whose time instants are told in that belong to no case."""
FIELDS: Final = {f"/{name}": name for name in ("current", "password", "label", "code")}
INVALID: Final = TITLES["invalid-input"][0]


@router.get("/account")
def account_page(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Show one's account."""
    return shown(context, request, visitor)


def shown(
    context: Context,
    request: Request,
    visitor: PresentedCredential,
    *,
    wrong: dict[str, str] | None = None,
    secret: str = "",
) -> Response:
    """Show the account, what was wrong beside it, or the token that was just made."""
    with context.admit(visitor, Verb.READ_ACCOUNT) as caller:
        told = (
            me(caller.account, visitor)
            | _of(caller)
            | {"wrong": wrong or {}, "secret": secret, "least": passwords.MIN_LENGTH}
        )
    return page(request, "account", told, INVALID if wrong else 200, SCRIPTED)


def _of(caller: Caller) -> dict[str, object]:
    db, account = caller.connection, caller.account
    parts = members.parts(db, account.id)
    return {
        "account": account,
        "establishments": [
            (each, parts.get(each.siret, Belonging.MANDATE).label, each.siret in parts)
            for each in caller.establishments()
        ],
        "coded": totp.asked(db, account.id),
        "passkeys": [
            {
                "id": bytes_to_base64url(each.credential),
                "label": each.label,
                "created": _day(each.created_at),
                "used": _instant(each.used_at),
            }
            for each in passkeys.list_of(db, account.id)
        ],
        "tokens": [
            {
                "id": each.id,
                "label": each.label or "Sans nom",
                "scope": each.scope.label,
                "created": _day(each.created_at),
                "expires": _day(each.expires_at),
                "used": _instant(each.used_at),
            }
            for each in tokens.list_of(db, account.id)
        ],
    }


@router.post("/account/password")
async def change_password(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Change one's password, as `POST /api/v1/account/password` does; one signs in again."""
    fields = await posted(request, visitor)

    def change(context: Context, credential: PresentedCredential, body: PasswordChangeBody) -> None:
        with context.admit(credential, Verb.PROTECT_ACCOUNT) as caller:
            account = caller.account
        password_reset.change(context, account, body)

    try:
        await _do(context, visitor, PasswordChangeBody, fields, change)
    except InvalidRequest as wrong:
        return await run_in_threadpool(shown, context, request, visitor, wrong=beside(wrong.faults, FIELDS))
    answer = page(request, "password_chosen")
    cookies.erase(answer, context.settings.site)
    return answer


@router.post("/account/tokens")
async def issue_token(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Make a token, as `POST /api/v1/tokens` does, and show it this once."""
    fields = await posted(request, visitor)
    stated = {name: value for name, value in fields.items() if name in TOKEN}
    try:
        secret, _ = await _do(context, visitor, TokenBody, stated, membership.issue_token)
    except InvalidRequest as wrong:
        return await run_in_threadpool(shown, context, request, visitor, wrong=beside(wrong.faults, FIELDS))
    return await run_in_threadpool(shown, context, request, visitor, secret=secret)


@router.post("/account/tokens/revocation")
async def revoke_token(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Revoke a token, as `DELETE /api/v1/tokens/{id}` does."""
    fields = await posted(request, visitor)
    await run_in_threadpool(membership.revoke_token, context, visitor, as_uuid(fields.get("id", "")))
    return see("/account")


async def _do(
    context: Context,
    visitor: PresentedCredential,
    model: type[Body],
    stated: dict[str, str],
    do: Callable[[Context, PresentedCredential, Body], Done],
) -> Done:
    """Read what was stated, and do it in a thread."""
    return await run_in_threadpool(do, context, visitor, read(TypeAdapter(model), stated))


def _day(at: datetime | None) -> str | None:
    return in_french(local(at, CAPITAL).date()) if at else None


def _instant(at: datetime | None) -> str | None:
    return instant_in_french(local(at, CAPITAL)) if at else None

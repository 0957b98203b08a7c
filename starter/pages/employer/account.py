"""Pages of the account: password, one-time codes, passkeys, API tokens, establishments."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.responses import Response
from webauthn.helpers import bytes_to_base64url

from law.calendar import local, midnight
from law.directory import PARIS
from law.texts import in_french, instant_in_french
from models.bodies.account import PasswordChangeBody, TokenBody
from models.labels import Belonging
from models.store.people.passkeys import PasskeyRecord
from models.store.people.tokens import TokenRecord
from starter.auth import cookies, passwords
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES, fault
from starter.http.request_body import read
from starter.pages.components.form_keys import key_of, new_key
from starter.pages.components.forms import form_submission, french_days
from starter.pages.components.page_links import list_part
from starter.pages.components.rendering import NOBODY, SCRIPTED_HEADERS, page
from starter.pages.components.resumption import TypedForm
from starter.pages.components.said import redirect_saying, said
from starter.pages.components.session_forms import Again, session_act, session_form
from starter.pages.components.visitor import SessionOptional, SessionRequired, visitor_fields
from starter.services import account, daily_digest, password_reset, tokens
from starter.services.account import AccountDetails

router = APIRouter(include_in_schema=False)

TOKEN_FIELDS: Final = ("label", "scope")
TYPED: Final = (*TOKEN_FIELDS, "expires_on")
FIELDS: Final = {
    **{f"/{name}": name for name in ("current", "password", "label", "code")},
    "/expires_at": "expires_on",
}
SHOWN_ESTABLISHMENTS: Final = 40
SHOWN_TOKENS: Final = 20
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
    typed: dict[str, str] | None = None,
    key: str = "",
    digested: bool | None = None,
) -> Response:
    """Show the account, with what was wrong, or with the token just issued; `digested` is a choice not yet made."""
    details = account.read_details(context, visitor)
    fields = visitor_fields(details.overview.account, visitor) | _fields(details, request.query_params)
    fields |= {
        "typed": typed or {},
        "key": key or new_key(),
        "digested": details.daily_digest if digested is None else digested,
    }
    fields |= {"wrong": wrong or {}, "secret": secret, "least": passwords.MIN_LENGTH, "said": said(request, visitor)}
    return page(request, "account", fields, INVALID if wrong else 200, SCRIPTED_HEADERS)


def _fields(details: AccountDetails, stated: Mapping[str, str]) -> dict[str, object]:
    own = list_part(
        details.overview.establishments, "/account", stated, SHOWN_ESTABLISHMENTS, "establishments", ("tokens",)
    )
    issued = list_part(details.tokens, "/account", stated, SHOWN_TOKENS, "tokens", ("establishments",))
    return {
        "account": details.overview.account,
        "establishments": [
            (each, part.label, part is not Belonging.MANDATE, proven) for each, part, proven in own.rows
        ],
        "other_establishments": own.links,
        "coded": details.one_time_codes,
        "recovery": details.recovery_codes,
        "passkeys": [_passkey(each) for each in details.passkeys],
        "tokens": [_token(each) for each in issued.rows],
        "other_tokens": issued.links,
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
async def change_password(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Change the password, like `POST /api/v1/account/password`; all sessions end, this one too."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        password_reset.change(context, session, form_submission(PasswordChangeBody, form.fields))
        answer = page(request, "password_chosen", NOBODY)
        cookies.erase(answer, context.settings.site)
        return answer

    return await session_form(request, visitor, act, shown_again(context, request), FIELDS)


def shown_again(context: Context, request: Request) -> Again:
    """Return what shows the account again after a form of it, with what was wrong and what was typed."""

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        typed: dict[str, str] = {name: form.fields[name] for name in TYPED if name in form.fields}
        return account_view(context, request, session, wrong=wrong, typed=typed, key=key_of(form.fields))

    return again


@router.post("/account/tokens")
async def issue_token(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Issue a token, like `POST /api/v1/tokens`, and show it this once."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        issued = tokens.issue_token(context, session, _token_body(form.fields), key_of(form.fields))
        return account_view(context, request, session, secret=issued.secret)

    return await session_form(request, visitor, act, shown_again(context, request), FIELDS)


def _token_body(fields: dict[str, str]) -> TokenBody:
    """Read the form of a token, which is valid until the end of its last day; raises `InvalidRequest`."""
    days = french_days(fields, ["expires_on"])
    try:
        last = date.fromisoformat(days["expires_on"]) + timedelta(days=1) if "expires_on" in days else None
    except (ValueError, OverflowError) as wrong:
        raise fault("/expires_at", "wrong-form", "Ce jour n’existe pas : choisissez-le dans le calendrier.") from wrong
    stated: dict[str, object] = {name: value for name, value in fields.items() if name in TOKEN_FIELDS}
    ends = {"expires_at": midnight(last, PARIS).isoformat()} if last else {}
    return read(TypeAdapter(TokenBody), stated | ends)


@router.post("/account/tokens/revocation")
async def revoke_token(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Revoke a token, like `DELETE /api/v1/tokens/{id}`."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        tokens.revoke_token(context, session, form.fields.get("id", ""))
        return redirect_saying("/account", "token", session)

    return await session_act(request, visitor, act)


@router.post("/account/daily-digest")
async def ask_daily_digest(context: AppContext, request: Request, visitor: SessionOptional) -> Response:
    """Ask for one mail a day with what waits, or for none any more."""

    def act(form: TypedForm, session: PresentedCredential) -> Response:
        daily_digest.ask(context, session, wanted="wanted" in form.fields)
        return redirect_saying("/account", "digest", session)

    def again(form: TypedForm, session: PresentedCredential, wrong: dict[str, str]) -> Response:
        return account_view(context, request, session, wrong=wrong, digested="wanted" in form.fields)

    return await session_form(request, visitor, act, again)


def _day(at: datetime | None) -> str | None:
    return in_french(local(at, PARIS).date()) if at else None


def _instant(at: datetime | None) -> str | None:
    return instant_in_french(local(at, PARIS)) if at else None

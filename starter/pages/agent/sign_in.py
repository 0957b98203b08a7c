"""Agents sign in through the provider of identities, and out; a failure is told and opens no session."""

import secrets
from datetime import timedelta
from typing import Final

import structlog
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from models.store.journal.events import SYSTEM
from models.store.people import access_log, identities
from starter.auth import cookies, rate_limits
from starter.auth.oidc import SAID, Provider, SignInFailed
from starter.context import AppContext, Context
from starter.http.problems import problem, unknown
from starter.services import sign_in

log = structlog.get_logger()
router = APIRouter(include_in_schema=False)

SIGN_IN_LIFETIME: Final = timedelta(minutes=10)
"""How long somebody may take at the provider."""
HOME: Final = "/unit"


@router.get("/agents/sign-in")
async def begin(context: AppContext, request: Request) -> Response:
    """Send a browser to the provider, with what it must come back with; raises 429."""
    provider = _provider(context)
    await run_in_threadpool(rate_limits.counted, context.database, "provider", context.origin(request))
    state, nonce, verifier, browser = (secrets.token_urlsafe(32) for _ in range(4))
    address = await run_in_threadpool(provider.address, state, nonce, verifier)
    await run_in_threadpool(_begun, context, state, browser, nonce, verifier)
    answer = RedirectResponse(address, 303)
    _bind(answer, context, browser, int(SIGN_IN_LIFETIME.total_seconds()))
    return answer


@router.get("/agents/sign-in/return")
async def back(
    context: AppContext, request: Request, state: str = "", code: str = "", error: str = ""
) -> Response:
    """Let in whom the provider names, once, in the browser that began; raises the problem 403 or 503."""
    browser = request.cookies.get(_name(context), "")
    try:
        secret = await run_in_threadpool(_let_in, context, state, code, error, browser)
    except SignInFailed as failed:
        await run_in_threadpool(_refused, context, failed.reason, context.origin(request))
        raise problem("sign-in-failed", SAID[failed.reason]) from failed
    answer = RedirectResponse(HOME, 303)
    cookies.write(answer, context.settings.site, secret)
    _bind(answer, context, "", 0)
    return answer


def _bind(answer: Response, context: Context, browser: str, seconds: int) -> None:
    """Know the browser that began, until it is back; the same attributes make it forget."""
    secure = cookies.secure(context.settings.site)
    answer.set_cookie(
        _name(context), browser, seconds, path="/", secure=secure, httponly=True, samesite="lax"
    )


def _begun(context: Context, state: str, browser: str, nonce: str, verifier: str) -> None:
    with context.database.begin() as connection:
        identities.begin(connection, state, browser, nonce, verifier, SIGN_IN_LIFETIME)


def _let_in(context: Context, state: str, code: str, error: str, browser: str) -> str:
    provider = _provider(context)
    with context.database.begin() as connection:
        begun = identities.end(connection, state, browser)
    if begun is None:
        raise SignInFailed("state")
    if error or not code:
        raise SignInFailed("denied")
    return _opened(context, provider.subject(code, begun.nonce, begun.verifier))


def _refused(context: Context, reason: str, origin: bytes) -> None:
    """Keep that somebody did not get in; raises 429, and keeps nothing more, when an address goes on and on."""
    rate_limits.counted(context.database, "address", origin)
    with context.database.begin() as connection:
        access_log.write(connection, "sign_in_refused", SYSTEM, reason=reason)
    log.warning("sign_in_refused", reason=reason)


def _opened(context: Context, subject: str) -> str:
    with context.database.begin() as connection:
        account = identities.find_account(connection, context.settings.oidc_issuer, subject)
        if account is None:
            raise SignInFailed("unknown")
        return sign_in.open_session(connection, account.id, "oidc").secret


def _provider(context: Context) -> Provider:
    if not context.settings.oidc_issuer:
        raise unknown()
    return Provider(context.settings)


def _name(context: Context) -> str:
    return f"{cookies.name(context.settings.site)}-sign-in"

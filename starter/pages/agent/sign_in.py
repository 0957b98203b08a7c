"""Pages on which agents sign in through the identity provider."""

from typing import Final
from urllib.parse import quote, unquote

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from starter.auth import cookies
from starter.auth.oidc import FAILURE_SENTENCES, SignInFailed
from starter.context import AppContext, Context, Origin
from starter.http.heads import ActingRoute
from starter.http.problems import problem
from starter.pages.components.navigation import home_of
from starter.pages.components.visitor import redirect, safe_target
from starter.services import agent_sign_in
from starter.services.agent_sign_in import SIGN_IN_LIFETIME

router = APIRouter(include_in_schema=False, route_class=ActingRoute)

SEPARATOR: Final = "."
"""Between the secret of a sign-in and the page that it leads to, in its cookie."""


@router.get("/agents/sign-in")
async def begin(context: AppContext, origin: Origin, next: str = "") -> Response:
    """Redirect the browser to the provider; a cookie binds it to this sign-in and holds the wanted page. Raises 429."""
    start = await run_in_threadpool(agent_sign_in.begin, context, origin)
    answer = RedirectResponse(start.address, 303)
    bound = start.browser + SEPARATOR + quote(safe_target(next, ""), safe="")
    _bind(answer, context, bound, int(SIGN_IN_LIFETIME.total_seconds()))
    return answer


@router.get("/agents/sign-in/return")
async def complete(
    context: AppContext, request: Request, origin: Origin, state: str = "", code: str = "", error: str = ""
) -> Response:
    """Open the session of the person whom the provider names; raises 403 or 503."""
    browser, _, wanted = request.cookies.get(_cookie_name(context), "").partition(SEPARATOR)
    try:
        session = await run_in_threadpool(
            agent_sign_in.complete,
            context,
            state=state,
            code=code,
            error=error,
            browser=browser,
            origin=origin,
        )
    except SignInFailed as failed:
        raise problem("sign-in-failed", FAILURE_SENTENCES[failed.reason]) from failed
    answer = redirect(safe_target(unquote(wanted), home_of(session.account.role)))
    cookies.write(answer, context.settings.site, session.secret)
    _bind(answer, context, "", 0)
    return answer


def _bind(answer: Response, context: Context, browser: str, seconds: int) -> None:
    """Set the cookie that recognises the browser on return; with the same attributes and 0 seconds, clear it."""
    secure = cookies.is_secure(context.settings.site)
    answer.set_cookie(_cookie_name(context), browser, seconds, path="/", secure=secure, httponly=True, samesite="lax")


def _cookie_name(context: Context) -> str:
    return f"{cookies.name(context.settings.site)}-sign-in"

"""The session of a page's visitor; without one, pages that require it redirect to the sign-in page."""

from re import fullmatch
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse

from models.store.people.accounts import Account
from starter.auth import cookies
from starter.auth.credentials import PresentedCredential, is_known, unauthenticated
from starter.context import AppContext, Context, Origin, context_of
from starter.http.reception import is_long
from starter.services import sign_in

HOME: Final = "/requests"
AGENT_SIGN_IN: Final = "/agents/sign-in"
AGENT_SECTIONS: Final = ("desk", "claims", "unit", "operations", "audit")
TARGET: Final = r"/[A-Za-z0-9][A-Za-z0-9/_-]*(?:\?[A-Za-z0-9_.~%=&+-]{0,500})?"
"""A page of this site, with its filters."""
SEE_OTHER: Final = 303
"""After a form: the browser requests the next page by GET, and does not send the form again."""


async def _of_this_site(context: AppContext, request: Request) -> None:
    if request.method not in cookies.SAFE_METHODS:
        cookies.check_origin(request, context.settings.site)


OF_THIS_SITE: Final = Depends(_of_this_site)
"""Dependency of every page: a form is accepted from our own pages only, with a session or without; else 403."""


async def _optional(context: AppContext, request: Request, origin: Origin) -> PresentedCredential | None:
    secret = cookies.read(request, context.settings.site)
    if secret is None:
        return None
    visitor = PresentedCredential(None, secret, origin)
    if is_long(request.headers) and not await run_in_threadpool(is_known, context.database, visitor):
        return None
    return visitor


SessionOptional = Annotated[PresentedCredential | None, Depends(_optional)]
"""The visitor's session cookie, not yet verified; None without one, or if a long form comes with an unknown one."""


async def _required(session: SessionOptional) -> PresentedCredential:
    if session is None:
        raise unauthenticated()
    return session


SessionRequired = Annotated[PresentedCredential, Depends(_required)]
"""The same; without one, the visitor is redirected to the sign-in page."""


def visitor_fields(account: Account, visitor: PresentedCredential) -> dict[str, object]:
    """Return what every page shows and sends back for a signed-in account; its role decides the navigation."""
    return _shown(account, visitor.session or "")


def _shown(account: Account, session: str) -> dict[str, object]:
    return {"me": account.name, "visitor_role": account.role, "form_token": cookies.form_token(session)}


def has_session(request: Request, site: str) -> bool:
    """Whether a call carries a session cookie, valid or not."""
    return bool(request.cookies.get(cookies.name(site)))


def find_visitor_fields(context: Context, request: Request) -> dict[str, object]:
    """Return the same for any page, by the session cookie of a call, whatever page sent it; nobody if it has ended.

    What it shows goes to this browser alone, so a call that another site made shows it too.
    """
    secret = request.cookies.get(cookies.name(context.settings.site), "")
    account = sign_in.find_visitor(context, secret) if secret.isascii() else None
    return _shown(account, secret) if account else {"me": None, "visitor_role": None}


def safe_target(wanted: str | None, home: str = HOME) -> str:
    """Return the page requested before sign-in, if it is one of this site (no open redirect), else `home`."""
    return wanted if wanted and fullmatch(TARGET, wanted) else home


def to_sign_in(request: Request) -> RedirectResponse:
    """Redirect to the sign-in page, which leads back to the requested page."""
    path, query = request.url.path, request.url.query
    wanted = (f"{path}?{query}" if query else path) if request.method in cookies.SAFE_METHODS else None
    target = safe_target(wanted, safe_target(path, ""))
    form = sign_in_address(request)
    return RedirectResponse(f"{form}?next={quote(target)}" if target else form, SEE_OTHER)


def sign_in_address(request: Request) -> str:
    """Return where the visitor of a page signs in: agents at their provider, if there is one."""
    section = request.url.path.split("/")[1]
    for_agents = section in AGENT_SECTIONS and context_of(request).settings.oidc_issuer
    return AGENT_SIGN_IN if for_agents else "/sign-in"


def redirect(address: str) -> RedirectResponse:
    """Redirect to a page after a form."""
    return RedirectResponse(address, SEE_OTHER)

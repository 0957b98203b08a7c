"""The session of a page's visitor; without one, pages that require it redirect to the sign-in page."""

from re import fullmatch
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse

from models.store.people.accounts import Account
from starter.auth import cookies
from starter.auth.credentials import PresentedCredential, unauthenticated
from starter.context import AppContext, Origin
from starter.pages.components.forms import form_fields

HOME: Final = "/requests"
SEE_OTHER: Final = 303
"""After a form: the browser requests the next page by GET, and does not send the form again."""


async def _optional(context: AppContext, request: Request, origin: Origin) -> PresentedCredential | None:
    secret = cookies.read(request, context.settings.site)
    return None if secret is None else PresentedCredential(None, secret, origin)


SessionOptional = Annotated[PresentedCredential | None, Depends(_optional)]
"""The visitor's session cookie, not yet verified; None without one."""


async def _required(session: SessionOptional) -> PresentedCredential:
    if session is None:
        raise unauthenticated()
    return session


SessionRequired = Annotated[PresentedCredential, Depends(_required)]
"""The same; without one, the visitor is redirected to the sign-in page."""


async def session_form(request: Request, visitor: PresentedCredential) -> dict[str, str]:
    """Return the fields of a form; raises 403 without the form token of this session."""
    fields = await form_fields(request)
    cookies.check_form(visitor.session or "", fields.pop(cookies.FORM_FIELD, None))
    return fields


def visitor_fields(account: Account, visitor: PresentedCredential) -> dict[str, object]:
    """Return what every page shows and sends back for a signed-in account; agents get another menu (`at_work`)."""
    token = cookies.form_token(visitor.session or "")
    return {"me": account.name, "form_token": token, "at_work": account.role != "employer"}


def safe_target(wanted: str | None) -> str:
    """Return the page requested before sign-in, if it is one of this site (no open redirect), else `HOME`."""
    return wanted if wanted and fullmatch(r"/[A-Za-z0-9][A-Za-z0-9/_-]*", wanted) else HOME


def to_sign_in(request: Request) -> RedirectResponse:
    """Redirect to the sign-in page, which leads back to the requested page."""
    wanted = safe_target(request.url.path if request.method in cookies.SAFE_METHODS else None)
    return RedirectResponse(f"/sign-in?next={quote(wanted)}", SEE_OTHER)


def redirect(address: str) -> RedirectResponse:
    """Redirect to a page after a form."""
    return RedirectResponse(address, SEE_OTHER)

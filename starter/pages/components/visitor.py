"""The reader of a page: somebody signed in, by a session cookie; whoever is not is sent to the sign-in page."""

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
SEEN: Final = 303
"""After a form: the browser reads the next page, and does not send the form again."""


async def _optional(context: AppContext, request: Request, origin: Origin) -> PresentedCredential | None:
    secret = cookies.read(request, context.settings.site)
    return None if secret is None else PresentedCredential(None, secret, origin)


SessionOptional = Annotated[PresentedCredential | None, Depends(_optional)]
"""The session cookie of a page's reader, not yet verified; None without one."""


async def _required(session: SessionOptional) -> PresentedCredential:
    if session is None:
        raise unauthenticated()
    return session


SessionRequired = Annotated[PresentedCredential, Depends(_required)]
"""The same; without one the reader is form_fields to the sign-in page."""


async def posted(request: Request, visitor: PresentedCredential) -> dict[str, str]:
    """Return the fields of a form that a page of this session printed; raises 403."""
    fields = await form_fields(request)
    cookies.check_form(visitor.session or "", fields.pop(cookies.FORM_FIELD, None))
    return fields


def me(account: Account, visitor: PresentedCredential) -> dict[str, object]:
    """What every page of somebody signed in shows and sends back; an agent is at work, and files nothing."""
    token = cookies.form_token(visitor.session or "")
    return {"me": account.name, "form_token": token, "at_work": account.role != "employer"}


def onward(wanted: str | None) -> str:
    """Return the page of ours that somebody wanted before signing in; nothing leads elsewhere."""
    return wanted if wanted and fullmatch(r"/[A-Za-z0-9][A-Za-z0-9/_-]*", wanted) else HOME


def to_sign_in(request: Request) -> RedirectResponse:
    """Ask to sign in, and come back to where one was."""
    wanted = onward(request.url.path if request.method in cookies.SAFE_METHODS else None)
    return RedirectResponse(f"/sign-in?next={quote(wanted)}", SEEN)


def see(address: str) -> RedirectResponse:
    """Go on to a page."""
    return RedirectResponse(address, SEEN)

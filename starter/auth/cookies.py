"""The session cookie, and the protection against its use by other sites (CSRF).

A browser sends a cookie whichever site wrote the page. A call authenticated by a cookie must therefore come from our
own pages: `Sec-Fetch-Site` proves it in current browsers, `Origin` in older ones, and each form carries a token that
only a page of the same session can print. A form that needs no session must come from our own pages too: what it asks
is done in the name of whoever sent it. A bearer token needs none of this: browsers never send one on their own.
"""

from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from starter.http.problems import problem

SESSION_LIFETIME: Final = timedelta(hours=10)
"""Longest duration of a session: a working day."""
SESSION_IDLE_TIMEOUT: Final = timedelta(minutes=45)
"""Longest time between two calls of a session."""
BROWSER_LIFETIME: Final = timedelta(days=365)
"""How long a browser is recognised after its last sign-in."""
MAX_BROWSER_SECRET: Final = 100
FORM_FIELD: Final = "form_token"
"""Form field that carries the token."""
SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")


def name(site: str) -> str:
    """Return the cookie's name; over https, the prefix `__Host-` binds it to this exact host."""
    return "__Host-tacite" if is_secure(site) else "tacite"


def write(answer: Response, site: str, secret: str, lifetime: timedelta = SESSION_LIFETIME) -> None:
    """Set the cookie to a session's secret: scripts cannot read it, and only this site receives it."""
    seconds = int(lifetime.total_seconds())
    answer.set_cookie(
        name(site), secret, max_age=seconds, path="/", secure=is_secure(site), httponly=True, samesite="lax"
    )


def erase(answer: Response, site: str) -> None:
    """Delete the cookie."""
    answer.delete_cookie(name(site), path="/", secure=is_secure(site), httponly=True, samesite="lax")


def read(request: Request, site: str) -> str | None:
    """Return the session secret of a call, or None; raises 403 when another site made the call."""
    secret = request.cookies.get(name(site))
    if secret is None or not secret.isascii():
        return None
    if request.method not in SAFE_METHODS:
        check_origin(request, site)
    return secret


def check_origin(request: Request, site: str) -> None:
    """Accept a call from our own pages only; raises 403.

    `Sec-Fetch-Site` comes first; browsers that do not send it state the `Origin` of our own forms (`Referrer-Policy`).
    """
    fetched = request.headers.get("sec-fetch-site")
    own = fetched == "same-origin" if fetched else request.headers.get("origin") == site_origin(site)
    if not own:
        raise problem("forbidden", "Cet appel ne vient pas d’une page de ce site.")


def check_stated_origin(request: Request, site: str) -> None:
    """Refuse a call without a session if its headers name another site; raises 403."""
    if "sec-fetch-site" in request.headers or "origin" in request.headers:
        check_origin(request, site)


def browser_name(site: str) -> str:
    """Return the name of the cookie by which a browser is recognised; it opens nothing."""
    return f"{name(site)}-browser"


def write_browser(answer: Response, site: str, secret: str) -> None:
    """Let a browser be recognised when its user signs in again."""
    seconds = int(BROWSER_LIFETIME.total_seconds())
    secure = is_secure(site)
    answer.set_cookie(browser_name(site), secret, seconds, path="/", secure=secure, httponly=True, samesite="lax")


def read_browser(request: Request, site: str) -> str | None:
    """Return the secret of a browser that was recognised before, or None."""
    secret = request.cookies.get(browser_name(site))
    return secret if secret and secret.isascii() and len(secret) <= MAX_BROWSER_SECRET else None


def form_token(secret: str) -> str:
    """Return the form token of a session; the session's secret cannot be derived from it."""
    return hmac(secret.encode(), b"form", sha256).hexdigest()


def check_form(secret: str, sent: str | None) -> None:
    """Accept a form only with the token of this session; raises 403."""
    if not compare_digest(form_token(secret).encode(), (sent or "").encode()):
        raise problem("forbidden", "Ce formulaire n’est plus valable : rechargez la page.")


def is_secure(site: str) -> bool:
    """Whether this site is served over TLS."""
    return site.startswith("https://")


def site_origin(site: str) -> str:
    """Return the origin of this site, as browsers write it in `Origin`."""
    parts = urlsplit(site)
    return f"{parts.scheme}://{parts.netloc}"

"""The session cookie, and what keeps other sites from using it.

A cookie is sent by the browser whoever wrote the page that asks. So a call that a cookie lets in must come from our
own pages: `Sec-Fetch-Site` says so in every present browser, `Origin` in older ones; and a form bears the token
that only a page of this session can have printed. A bearer token needs none of it: no browser sends one by itself.
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
FIELD: Final = "form_token"
"""Member of a form that bears its token."""
SAFE: Final = ("GET", "HEAD", "OPTIONS")


def name(site: str) -> str:
    """Return the cookie's name: `__Host-` binds it to this very host, where https allows that."""
    return "__Host-tacite" if secure(site) else "tacite"


def write(answer: Response, site: str, secret: str, life: timedelta = SESSION_LIFETIME) -> None:
    """Give the browser a session's secret: unreadable by scripts, sent to this site only."""
    seconds = int(life.total_seconds())
    answer.set_cookie(
        name(site), secret, max_age=seconds, path="/", secure=secure(site), httponly=True, samesite="lax"
    )


def erase(answer: Response, site: str) -> None:
    """Have the browser forget it."""
    answer.delete_cookie(name(site), path="/", secure=secure(site), httponly=True, samesite="lax")


def read(request: Request, site: str) -> str | None:
    """Return the session secret of a call, None without one; raises 403 when another site made the call."""
    secret = request.cookies.get(name(site))
    if secret is None or not secret.isascii():
        return None
    if request.method not in SAFE:
        check_origin(request, site)
    return secret


def check_origin(request: Request, site: str) -> None:
    """Accept a call that our own pages made; raises 403.

    A page without referrer sends `Origin: null` even to itself: `Sec-Fetch-Site` is looked at first.
    """
    fetched = request.headers.get("sec-fetch-site")
    own = fetched == "same-origin" if fetched else request.headers.get("origin") == origin(site)
    if not own:
        raise problem("forbidden", "Cet appel ne vient pas d’une page de ce site.")


def check_stranger(request: Request, site: str) -> None:
    """Accept a call without a session, unless a browser says that another site made it; raises 403."""
    if "sec-fetch-site" in request.headers or "origin" in request.headers:
        check_origin(request, site)


def form_token(secret: str) -> str:
    """Return the token of a form of this session; it reveals nothing of the session's secret."""
    return hmac(secret.encode(), b"form", sha256).hexdigest()


def check_form(secret: str, sent: str | None) -> None:
    """Accept a form that a page of this session printed; raises 403."""
    if not compare_digest(form_token(secret).encode(), (sent or "").encode()):
        raise problem("forbidden", "Ce formulaire n’est plus valable : rechargez la page.")


def secure(site: str) -> bool:
    """Whether browsers speak to this site under TLS."""
    return site.startswith("https://")


def origin(site: str) -> str:
    """Return what browsers call this site."""
    parts = urlsplit(site)
    return f"{parts.scheme}://{parts.netloc}"

"""A page from its template, under a policy that lets in nothing but our own style, font and mark."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from law.texts import NO_BREAK_SPACE
from starter.context import context_of

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
SCRIPTED: Final = {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
        "img-src 'self'", "img-src 'self' data:"
    )
    + "; script-src 'self'; connect-src 'self'",
}
"""For the pages that offer passkeys, by a script of ours, or draw a secret."""
_UNBREAKABLE: Final = re.compile(r"(?<=«) | (?=[»:;?!])")
"""Spaces of French punctuation: no line ends there."""
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(
    request: Request,
    name: str,
    content: Mapping[str, object] | None = None,
    status: int = 200,
    headers: Mapping[str, str] = HEADERS,
) -> HTMLResponse:
    """Fill in a template of `templates/`; all content is text, and is escaped."""
    settings = context_of(request).settings
    site = settings.site.rstrip("/")
    text = _TEMPLATES.get_template(f"{name}.html").render(
        {"me": None, "at_work": False} | dict(content or {}),
        site=site,
        here=request.url.path,
        real=settings.profile == "production",
    )
    return HTMLResponse(_UNBREAKABLE.sub(NO_BREAK_SPACE, text), status, dict(headers))

"""Renders pages from templates; their content security policy allows only our own style, font and logo."""

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
SCRIPTED_HEADERS: Final = {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace("img-src 'self'", "img-src 'self' data:")
    + "; script-src 'self'; connect-src 'self'",
}
"""Headers of pages that offer passkeys, through our script, or show a QR code."""
_UNBREAKABLE: Final = re.compile(r"(?<=«) | (?=[»:;?!])")
"""Spaces of French punctuation, at which no line may break."""
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
    """Render a template of `templates/`; all content is escaped."""
    settings = context_of(request).settings
    site = settings.site.rstrip("/")
    text = _TEMPLATES.get_template(f"{name}.html").render(
        {"me": None, "at_work": False} | dict(content or {}),
        site=site,
        here=request.url.path,
        real=settings.profile == "production",
    )
    return HTMLResponse(_UNBREAKABLE.sub(NO_BREAK_SPACE, text), status, dict(headers))

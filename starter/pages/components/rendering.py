"""Renders pages from templates; their content security policy allows only our own style, font and logo.

The header of every page says who is signed in. A page that admitted its visitor says so in its content
(`visitor_fields`); any other page that comes with a session cookie looks the session up while it is sent.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from law.texts import number_in_french
from models.publisher import CONFORMITY_LABELS, publisher
from starter.context import context_of
from starter.pages.components import assets, typography
from starter.pages.components.navigation import FOOTER, navigation
from starter.pages.components.visitor import find_visitor_fields, has_session

BRAND: Final = "tacite"
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
SCRIPTED_HEADERS: Final = {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace("img-src 'self'", "img-src 'self' data:")
    + "; script-src 'self'; connect-src 'self'",
}
"""Headers of pages that offer passkeys, through our script, or show a QR code."""
INTERACTIVE_HEADERS: Final = {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"] + "; script-src 'self'; connect-src 'self'",
}
"""Headers of pages that load htmx and `forms.js`, which save a reload; they work without."""
FORM_HEADERS: Final = {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"] + "; script-src 'self'",
}
"""Headers of pages that load `forms.js` alone: it counts characters, and sends no form twice."""
NOBODY: Final[Mapping[str, object]] = {"me": None, "visitor_role": None}
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_TEMPLATES.globals |= {"asset": assets.address, "zip": zip}
_TEMPLATES.filters |= {"siret": typography.siret_in_groups, "number": number_in_french, "coded": typography.coded}


class _LatePage(HTMLResponse):
    """A page whose visitor is looked up when it is sent, so that neither a handler nor the loop waits for it."""

    def __init__(
        self, request: Request, name: str, content: Mapping[str, object], status: int, headers: Mapping[str, str]
    ) -> None:
        super().__init__(b"", status, dict(headers))
        self._rendered = (request, name, content)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Render and send."""
        self.body = await run_in_threadpool(self._render)
        self.headers["content-length"] = str(len(self.body))
        await super().__call__(scope, receive, send)

    def _render(self) -> bytes:
        request, name, content = self._rendered
        return _render(request, name, {**content, **find_visitor_fields(context_of(request), request)}).encode()


def page(
    request: Request,
    name: str,
    content: Mapping[str, object] | None = None,
    status: int = 200,
    headers: Mapping[str, str] = HEADERS,
) -> HTMLResponse:
    """Render a template of `templates/`; all content is escaped."""
    interactive = headers is INTERACTIVE_HEADERS
    stated = {"interactive": interactive, "scripted": interactive or headers is FORM_HEADERS, **(content or {})}
    if "me" not in stated and has_session(request, context_of(request).settings.site):
        return _LatePage(request, name, stated, status, headers)
    return HTMLResponse(_render(request, name, {**NOBODY, **stated}), status, dict(headers))


def _render(request: Request, name: str, content: Mapping[str, object]) -> str:
    return typography.bound(_TEMPLATES.get_template(f"{name}.html").render({**_frame(request, content), **content}))


def _frame(request: Request, content: Mapping[str, object]) -> dict[str, object]:
    """Return what the layout shows around every page."""
    settings = context_of(request).settings
    theme = assets.theme(settings.theme)
    conformity = CONFORMITY_LABELS[publisher(settings.publisher).accessibility.state]
    return {
        "brand": BRAND,
        "site": settings.site.rstrip("/"),
        "here": request.url.path,
        "real": settings.profile == "production",
        "navigation": navigation(content["visitor_role"]),
        "footer": ((f"Accessibilité : {conformity}", "/accessibility"), *FOOTER),
        "theme_css": theme.address(assets.THEME_STYLE),
        "theme_logo": theme.address(assets.THEME_LOGO),
    }

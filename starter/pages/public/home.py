"""Static pages: the home page, how to read a case, what a problem means."""

from pathlib import Path
from re import fullmatch
from typing import Final

import fontpkg_public_sans
from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from models.errors import Unknown
from models.identifiers import REFERENCE
from starter.auth.caller import as_uuid
from starter.context import AppContext
from starter.http.problems import TITLES, unknown
from starter.pages.components.rendering import page
from starter.pages.public.problem_advice import ADVICE

router = APIRouter(include_in_schema=False)

STATIC: Final = Path(__file__).parent.parent / "static"
FILES: Final = {
    "tacite.css": (STATIC / "tacite.css", "text/css"),
    "passkey.js": (STATIC / "passkey.js", "text/javascript"),
    "tacite.svg": (STATIC / "tacite.svg", "image/svg+xml"),
    "public-sans.ttf": (fontpkg_public_sans.ROOT / "files" / "PublicSans[wght].ttf", "font/ttf"),
}
"""Every file that is served, by name, and its media type."""
CACHED: Final = {"Cache-Control": "public, max-age=3600"}


@router.get("/")
async def home(context: AppContext, request: Request) -> Response:
    """Present the service, and link to the description of its API."""
    agents = bool(context.settings.oidc_issuer)
    return page(request, "home", {"version": request.app.version, "agents": agents})


@router.get("/static/{name}")
async def static(name: str) -> Response:
    """Serve the style, script, font and logo of the pages."""
    if name not in FILES:
        raise unknown()
    path, kind = FILES[name]
    return FileResponse(path, media_type=kind, headers=CACHED)


@router.get("/desk/requests/{reference}")
async def desk_page(request: Request, reference: str) -> Response:
    """Explain how an agent reads a case, whether or not it exists."""
    return page(request, "case", {"what": "desk", "named": _reference(reference)})


@router.get("/drafts/{draft_id}")
async def draft_page(request: Request, draft_id: str) -> Response:
    """Explain how to read a draft, whether or not it exists."""
    return page(request, "case", {"what": "draft", "named": as_uuid(draft_id)})


@router.get("/problems")
async def problem_pages(request: Request) -> Response:
    """List every kind of problem."""
    return page(request, "problems", {"titles": TITLES})


@router.get("/problems/{slug}")
async def problem_page(request: Request, slug: str) -> Response:
    """Explain a problem, and what to do about it."""
    if not fullmatch(r"[a-z-]+", slug) or slug not in ADVICE:
        raise unknown()
    status, title = TITLES[slug]
    content = {"slug": slug, "status": status, "title": title, "advice": ADVICE[slug]}
    return page(request, "problem", content)


def _reference(written: str) -> str:
    """Return a well-formed reference as it is printed; raises `Unknown` for anything else."""
    if not REFERENCE.fullmatch(written.upper()):
        raise Unknown(written)
    return written.upper()[:9]

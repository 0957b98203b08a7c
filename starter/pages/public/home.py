"""Pages that only say something: what this is, how a case is read, what a problem means."""

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
"""All that a page needs, by name; nothing else of the folders is served."""
CACHED: Final = {"Cache-Control": "public, max-age=3600"}


@router.get("/")
async def home(context: AppContext, request: Request) -> Response:
    """Say what this service is and where its calls are described."""
    agents = bool(context.settings.oidc_issuer)
    return page(request, "home", {"version": request.app.version, "agents": agents})


@router.get("/static/{name}")
async def static(name: str) -> Response:
    """Serve the style, the font and the mark of the pages."""
    if name not in FILES:
        raise unknown()
    path, kind = FILES[name]
    return FileResponse(path, media_type=kind, headers=CACHED)


@router.get("/desk/requests/{reference}")
async def desk_page(request: Request, reference: str) -> Response:
    """Say how a case is read by an agent: the same for a known and an unknown one."""
    return page(request, "case", {"what": "desk", "named": _reference(reference)})


@router.get("/drafts/{draft_id}")
async def draft_page(request: Request, draft_id: str) -> Response:
    """Say how a draft is read: the same for a known and an unknown one."""
    return page(request, "case", {"what": "draft", "named": as_uuid(draft_id)})


@router.get("/problems")
async def problem_pages(request: Request) -> Response:
    """List every problem that there is."""
    return page(request, "problems", {"titles": TITLES})


@router.get("/problems/{slug}")
async def problem_page(request: Request, slug: str) -> Response:
    """Say what a problem means and what to do about it."""
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

"""Files of the site: what pages load, and what browsers, search engines and security researchers look for."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from models.claim_files import canonical
from models.publisher import publisher
from starter.context import AppContext
from starter.http.problems import unknown
from starter.pages.components.assets import Asset, assets, theme

router = APIRouter(include_in_schema=False)

FOREVER: Final = "public, max-age=31536000, immutable"
FOR_A_DAY: Final = "public, max-age=86400"
NOT_KEPT: Final = "no-cache"
"""For the address of another release: what it asked for, as it is now."""
SECURITY_TXT_LIFETIME: Final = timedelta(days=180)
PRIVATE_PATHS: Final = (
    "/api/",
    "/requests",
    "/drafts",
    "/account",
    "/establishments",
    "/desk",
    "/unit",
    "/operations",
    "/audit",
)
"""Where search engines have nothing to look for."""


@router.get("/static/{digest}/{name}")
async def static(request: Request, digest: str, name: str) -> Response:
    """Serve one of our own files; a browser keeps it for ever when the digest is its own."""
    own = assets().get(name)
    return _send(request, assets(), name, same=own is not None and own.digest == digest)


@router.get("/theme/{digest}/{name}")
async def theme_file(context: AppContext, request: Request, digest: str, name: str) -> Response:
    """Serve a file of the deployment's theme."""
    own = theme(context.settings.theme)
    return _send(request, own.files, name, same=own.digest == digest)


@router.get("/favicon.ico")
async def favicon(request: Request) -> Response:
    """Serve the icon at the address where browsers look for one."""
    answer = _send(request, assets(), "favicon.ico", same=True)
    answer.headers["Cache-Control"] = FOR_A_DAY
    return answer


@router.get("/claim-file.csv")
async def claim_file() -> Response:
    """Serve the model of the file of a claim: the columns of the canonical CSV, without a line."""
    headers = {"Content-Disposition": 'attachment; filename="indemnisation.csv"', "Cache-Control": FOR_A_DAY}
    return Response("".join(canonical.write([])), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/robots.txt")
async def robots(context: AppContext) -> Response:
    """Tell search engines what they may read: the public pages of a real installation."""
    real = context.settings.profile == "production"
    closed = PRIVATE_PATHS if real else ("/",)
    return PlainTextResponse("".join(["User-agent: *\n", *(f"Disallow: {path}\n" for path in closed)]))


@router.get("/.well-known/security.txt")
async def security_txt(context: AppContext) -> Response:
    """Tell researchers where to report a vulnerability (RFC 9116)."""
    site = context.settings.site.rstrip("/")
    contact = publisher(context.settings.publisher).security or f"{site}/contact"
    expires = (datetime.now(UTC) + SECURITY_TXT_LIFETIME).strftime("%Y-%m-%dT00:00:00Z")
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires}",
        "Preferred-Languages: fr, en",
        f"Canonical: {site}/.well-known/security.txt",
    )
    return PlainTextResponse("\n".join(lines) + "\n")


def _send(request: Request, files: Mapping[str, Asset], name: str, *, same: bool) -> Response:
    asset = files.get(name)
    if asset is None:
        raise unknown()
    headers = {"Cache-Control": FOREVER if same else NOT_KEPT}
    content = asset.content
    if asset.compressed is not None:
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            content = asset.compressed
            headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=asset.media_type, headers=headers)

"""What the code printed on a document tells whoever scans or types it: kind, number and date, nothing nominal."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from law.calendar import local
from law.texts import in_french
from models.labels import DocumentKind
from models.mailed_codes import canonical
from starter.context import AppContext, Origin
from starter.http.heads import ActingRoute
from starter.pages.components.rendering import page
from starter.services.documents import find_printed

router = APIRouter(include_in_schema=False, route_class=ActingRoute)
MAX_TYPED = 100
"""Characters of a code that somebody types."""


@router.get("/verification/code")
async def typed(code: str = "") -> Response:
    """Lead from the form to the page of the code, which has an address that can be kept."""
    plain = canonical(code[:MAX_TYPED])
    return RedirectResponse(f"/verification/{plain}" if plain else "/verification", 303)


@router.get("/verification/{code}")
async def show(context: AppContext, origin: Origin, request: Request, code: str) -> Response:
    """Say which document bears a code; 404 for any code that none bears."""
    found = await run_in_threadpool(find_printed, context, origin, code[:MAX_TYPED])
    if found is None:
        return page(request, "document_code", {"kind": None}, 404)
    signed_on = local(found.signed_at, found.department).date()
    content = {
        "kind": DocumentKind.of(found.kind).label,
        "number": found.number,
        "signed_on": in_french(signed_on),
    }
    return page(request, "document_code", content)

"""Static pages: the home page, how to read a case, what a problem means."""

from datetime import UTC, datetime
from re import fullmatch

from fastapi import APIRouter, Request
from starlette.responses import Response

from starter.auth.caller import as_uuid
from starter.context import AppContext
from starter.http.problems import TITLES, unknown
from starter.pages.components.rendering import page
from starter.pages.components.visitor import has_session, redirect
from starter.pages.public.problem_advice import ADVICE
from starter.services import calculators

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(context: AppContext, request: Request) -> Response:
    """Answer what an employer asks first: whether he is concerned, what to prepare, how long it takes."""
    rule, grounds = calculators.first_answers(datetime.now(UTC).date())
    agents = bool(context.settings.oidc_issuer)
    return page(request, "home", {"agents": agents, "rule": rule, "grounds": grounds})


@router.get("/drafts/{draft_id}")
async def draft_page(context: AppContext, request: Request, draft_id: str) -> Response:
    """Lead to a draft whoever has a session; else explain how to read it, whether or not it exists."""
    named = as_uuid(draft_id)
    if has_session(request, context.settings.site):
        return redirect(f"/requests/new/{named}")
    return page(request, "case", {"what": "draft", "named": named})


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

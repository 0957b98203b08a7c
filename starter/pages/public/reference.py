"""The reference of the API in pages: a five-minute start, and a page for each group of calls."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from starter.http.problems import unknown
from starter.http.reference import GROUPS, Call, calls_of
from starter.pages.components.rendering import page

router = APIRouter(include_in_schema=False)

PROGRAMS: Final = Path(__file__).parent.parent / "templates" / "reference"
SHELL: Final = PROGRAMS / "first-request.sh.txt"
PYTHON: Final = PROGRAMS / "first-request.py.txt"
"""Programs of the five-minute start, which a test runs."""


@router.get("/reference")
def reference(request: Request) -> Response:
    """Show the five-minute start, and where each group of calls is."""
    described = _described(request.app)
    groups = [(slug, tag, said, len(described[slug])) for slug, tag, said in GROUPS]
    programs = {"shell": SHELL.read_text("utf-8"), "python": PYTHON.read_text("utf-8")}
    return page(request, "reference/start", {"groups": groups, **programs})


@router.get("/reference/{group}")
def reference_group(request: Request, group: str) -> Response:
    """Show the calls of a group."""
    calls = _described(request.app).get(group)
    if calls is None:
        raise unknown()
    label, said = next((tag, said) for slug, tag, said in GROUPS if slug == group)
    tabs = [(tag, f"/reference/{slug}", None) for slug, tag, _ in GROUPS]
    content = {"calls": calls, "label": label, "said": said, "tabs": tabs, "group": group}
    return page(request, "reference/group", content)


@cache
def _described(app: FastAPI) -> Mapping[str, list[Call]]:
    """Return the calls of each group, drawn once from the document that the application serves."""
    document = app.openapi()
    return {slug: calls_of(document, tag) for slug, tag, _ in GROUPS}

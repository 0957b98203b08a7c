"""The page of auditors: who read a case, what an account did, over some days; and whether the chain is whole."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from law.calendar import local
from law.directory import PARIS
from models.roles import LABELS
from starter.context import AppContext
from starter.http.problems import TITLES, InvalidRequest
from starter.http.request_body import read
from starter.pages.components.forms import beside, french_days
from starter.pages.components.page_links import page_links
from starter.pages.components.rendering import page
from starter.pages.components.visitor import SessionRequired
from starter.pages.operator import words
from starter.services import access_log
from starter.services.access_log import AccessSearch

router = APIRouter(include_in_schema=False)

NAMES: Final = ("from_on", "to_on", "account", "about", "after")
FIELDS: Final = {f"/{name}": name for name in NAMES}
SEARCH: Final[TypeAdapter[AccessSearch]] = TypeAdapter(AccessSearch)
PAGE_ROWS: Final = 80
INVALID: Final = TITLES["invalid-input"][0]
A_WEEK_BEFORE: Final = 6 * timedelta(days=1)
"""Days shown at first besides today."""


@router.get("/audit")
def audit(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Show the last verdict, and the accesses that a search finds; at first those of the last week."""
    verdict = access_log.find_verdict(context, visitor)
    fields = _fields(request, local(datetime.now(UTC), PARIS).date())
    wrong: dict[str, str] = {}
    found = None
    try:
        found = access_log.search(context, visitor, read(SEARCH, _typed(fields)), PAGE_ROWS)
    except InvalidRequest as refused:
        wrong = beside(refused.faults, FIELDS)
    kept = {name: value for name, value in fields.items() if name != "after"}
    content = {
        "verdict": verdict,
        "fields": fields,
        "found": found,
        "wrong": wrong,
        "links": page_links("/audit", kept, request.query_params, found.next if found else None, "after"),
        "words": words,
        "labels": LABELS,
    }
    return page(request, "operator/audit", content, INVALID if wrong else 200)


def _fields(request: Request, today: date) -> dict[str, str]:
    """Return what the address asks for; the days of the last week where it says nothing."""
    usual = {"from_on": (today - A_WEEK_BEFORE).isoformat(), "to_on": today.isoformat()}
    stated = {name: value.strip() for name in NAMES if (value := request.query_params.get(name, "")).strip()}
    chosen = stated if any(name in request.query_params for name in ("from_on", "to_on")) else usual | stated
    return french_days(chosen, ("from_on", "to_on"))


def _typed(fields: dict[str, str]) -> dict[str, object]:
    after = fields.get("after", "0")
    return {**fields, "after": int(after) if after.isdecimal() and after.isascii() else 0}

"""axe looked at every page of the site, and at every form with something wrong in it: else, the reason is written here.

Runs after all other tests of this folder, and only when all of them run.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from re import Pattern
from typing import Final

import pytest
from fastapi import APIRouter
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

from starter.app import PAGES
from starter.pages.agent.unit_acts import QUESTIONS
from starter.pages.agent.unit_forms import FORMS as UNIT_FORMS
from starter.pages.employer.filing_steps import FORMS as STEPS
from tests.browser.screens import Screens

CALENDAR: Final = "a calendar file"
BYTES: Final = "a file, which the browser downloads or another page shows"
LEADS: Final = "shows nothing of its own: it leads to another address"
NO_PAGE: Final[Mapping[str, str]] = {
    "/.well-known/security.txt": BYTES,
    "/agents/sign-in": LEADS,
    "/agents/sign-in/return": LEADS,
    "/claim-file.csv": BYTES,
    "/deadlines/calendar.ics": CALENDAR,
    "/desk/batch/preview": LEADS,
    "/desk/requests/{reference}/files/{file_id}/pages/{number}.png": BYTES,
    "/establishments/{siret}/authority/provider": LEADS,
    "/establishments/{siret}/receipt": "a document in PDF/UA",
    "/favicon.ico": BYTES,
    "/files/{file_id}": BYTES,
    "/filing-windows/calendar.ics": CALENDAR,
    "/proofs/return": LEADS,
    "/requests.csv": BYTES,
    "/requests/new/{draft_id}/filing": LEADS,
    "/requests/{reference}/calendar.ics": CALENDAR,
    "/requests/{reference}/claims/{month}/file": BYTES,
    "/requests/{reference}/claims/{month}/uploads/{upload_id}/errors.csv": BYTES,
    "/requests/{reference}/documents/{document_id}": "a document in PDF/UA",
    "/robots.txt": BYTES,
    "/static/{digest}/{name}": BYTES,
    "/theme/{digest}/{name}": BYTES,
    "/verification/code": LEADS,
}
"""GET routes of the pages at whose answers axe need not look, and why."""
ONE_BUTTON: Final = "one button: nothing is typed that could be wrong"
CHECKED: Final = "sends what the form before it has shown to be right; what is wrong by then is shown in that form"
NEVER_WRONG: Final[Mapping[str, str]] = {
    "/account/daily-digest": "one box, which is right ticked or not",
    "/account/passkeys/removal": ONE_BUTTON,
    "/account/tokens/revocation": ONE_BUTTON,
    "/claims/instructions/{instruction_id}/revocation": ONE_BUTTON,
    "/claims/quota-exceptions/registration": CHECKED,
    "/claims/{claim_id}/refusal/preview": CHECKED,
    "/claims/{claim_id}/refusal/registration": CHECKED,
    "/claims/{claim_id}/visa": ONE_BUTTON,
    "/desk/batch/preview": "one button; what stands in the way is shown as by the form of the batch",
    "/desk/requests/{reference}/assignment": ONE_BUTTON,
    "/desk/requests/{reference}/checklist": "boxes, which are right ticked or not",
    "/desk/requests/{reference}/decision": CHECKED,
    "/desk/requests/{reference}/decision/preview": CHECKED,
    "/desk/requests/{reference}/pieces/preview": CHECKED,
    "/desk/requests/{reference}/pieces/request": CHECKED,
    "/desk/requests/{reference}/pieces/{completion_id}/cancellation": ONE_BUTTON,
    "/establishments/{siret}/authority/letter": ONE_BUTTON,
    "/establishments/{siret}/mandates/invitation": ONE_BUTTON,
    "/establishments/{siret}/mandates/revocation": ONE_BUTTON,
    "/establishments/{siret}/members/invitation": ONE_BUTTON,
    "/establishments/{siret}/members/role": ONE_BUTTON,
    "/operations/accounts/{account_id}/revocation": ONE_BUTTON,
    "/operations/acts/{act_id}": ONE_BUTTON,
    "/requests/new/{draft_id}/deletion": ONE_BUTTON,
    "/requests/{reference}/claims/{month}/cancellation": ONE_BUTTON,
    "/requests/{reference}/claims/{month}/uploads/{upload_id}/grid": ONE_BUTTON,
    "/requests/{reference}/desistment": ONE_BUTTON,
    "/sign-out": ONE_BUTTON,
    "/unit/agents/{agent_id}/closing": ONE_BUTTON,
    "/unit/agents/{agent_id}/reopening": ONE_BUTTON,
    "/unit/agents/{agent_id}/tools": ONE_BUTTON,
    "/unit/agents/{agent_id}/tools-end": ONE_BUTTON,
    "/unit/delegations/{delegation_id}/end": ONE_BUTTON,
    "/unit/leaves/{leave_id}/cancellation": ONE_BUTTON,
    "/unit/tools/{token_id}/revocation": ONE_BUTTON,
}
"""Forms that never say that what was typed is wrong, and why."""
OF_MANY: Final[Mapping[str, tuple[str, ...]]] = {
    "/requests/new/{draft_id}/{step}": tuple(STEPS),
    "/unit/agents/{agent_id}/{act}": (*UNIT_FORMS, *QUESTIONS),
}
"""Routes of several pages, and what the last part of their addresses may be."""
FILES: Final = frozenset(Path(__file__).parent.glob("test_*.py"))


@cache
def routes(method: str) -> tuple[tuple[str, Pattern[str]], ...]:
    """Every path of the pages that answers a method, with the addresses that are its own, in the order of the site."""
    return tuple((path, compile_path(path)[0]) for path in _paths(method))


def _paths(method: str) -> Iterator[str]:
    whole = APIRouter()
    for each in PAGES:
        whole.include_router(each)
    for route in iter_route_contexts(whole.routes):
        if route.path and method in (route.methods or ()):
            start = route.path.rpartition("/")[0]
            yield from (f"{start}/{last}" for last in OF_MANY.get(route.path, ()))
            if route.path not in OF_MANY:
                yield route.path


def route_of(method: str, path: str) -> str:
    """The route of the pages that answers an address; none for one that does not exist."""
    return next((route for route, own in routes(method) if own.match(path)), "")


@pytest.fixture(autouse=True)
def whole(request: pytest.FixtureRequest) -> None:
    """Skip unless every test of the folder runs."""
    config = request.config
    chosen = config.getoption("keyword") or any("::" in each for each in config.args)
    if chosen or not {item.path for item in request.session.items} >= FILES:
        pytest.skip("only some pages were examined")


def test_axe_looked_at_every_page(screens: Screens) -> None:
    pages = {route for route, _ in routes("GET")}
    seen = {route_of(each.method, each.path) for each in screens.seen if each.method == "GET"}
    assert pages - seen == NO_PAGE.keys() - seen
    assert pages >= NO_PAGE.keys()


def test_axe_looked_at_every_form_that_says_what_is_wrong(screens: Screens) -> None:
    forms = {route for route, _ in routes("POST")}
    seen = {route_of("POST", each.path) for each in screens.seen if each.method == "POST" and each.erroneous}
    assert forms - seen == NEVER_WRONG.keys() - seen
    assert forms >= NEVER_WRONG.keys()


def test_no_picture_takes_the_place_of_another(screens: Screens) -> None:
    names = [each.name for each in screens.seen]
    assert [each for each in set(names) if names.count(each) > 1] == []

"""The desk of claims: those that wait for a visa by day of payment, filtered by the address, ticked across pages."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.datastructures import QueryParams
from starlette.responses import Response

from law.calendar import local
from law.directory import department
from law.texts import count_in_french, in_french
from models.claim_labels import ClaimState, claimed_month
from models.identifiers import find_uuid
from models.store.claims.lists import ListedClaim
from starter.auth.permissions import Verb
from starter.context import AppContext
from starter.http.problems import TITLES, InvalidRequest
from starter.http.request_body import read
from starter.pages.components import claim_words
from starter.pages.components.forms import beside
from starter.pages.components.page_links import TRAIL, page_links
from starter.pages.components.rendering import INTERACTIVE_HEADERS, page
from starter.pages.components.typography import siret_in_groups
from starter.pages.components.visitor import SessionRequired, visitor_fields
from starter.services import claim_desk
from starter.services.claim_desk import ClaimDeskReading, ClaimFilter

router = APIRouter(include_in_schema=False)


class Row(NamedTuple):
    """A claim as the table shows it."""

    id: str
    reference: str
    named: str
    name: str
    siret: str
    figures: str
    allowance: str
    due: str
    received: str
    late: str
    """« en retard de 3 jours » once its last day of payment is over."""
    signals: tuple[str, ...]
    """Sentences."""
    signal_count: str
    seen: str
    """What tells these signals from those that come later."""
    label: str
    tone: str
    waits: bool


PATH: Final = "/claims"
PAGE_ROWS: Final = 20
"""Claims shown at once at most."""
MAX_TICKED: Final = 45
"""Claims of one batch that is ticked by hand: what somebody can look at (practice); the API takes `visa_batch`."""
MOVE: Final = "to"
"""Buttons of the form of ticked claims that lead to another page of the list: the value is the query of that page."""
FIELDS: Final = ("q", "state", "department", "signals")
ADMITTED: Final = frozenset(ClaimFilter.model_fields)
SIGNALS: Final = (("true", "Avec un signal"), ("false", "Sans signal"))
STATES: Final = [(each.value, each.label) for each in ClaimState if each is not ClaimState.CHECKED]
TABS: Final = (
    ("Demandes d’indemnisation", PATH, None),
    ("Instructions permanentes", f"{PATH}/instructions", None),
    ("Contingent d’heures", f"{PATH}/quota-exceptions", None),
)
ADAPTER: Final = TypeAdapter(ClaimFilter)


@router.get(PATH)
def claims_page(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """List claims of the agent's départements; with a wrong filter, say so and list those that wait for a visa."""
    address = _parameters(request.query_params)
    stated = {name: value for name, value in address.items() if name in ADMITTED and value}
    wrong: dict[str, str] = {}
    try:
        wanted = read(ADAPTER, {"limit": PAGE_ROWS} | stated)
        wanted = wanted.model_copy(update={"limit": min(wanted.limit, PAGE_ROWS)})
    except InvalidRequest as refused:
        wanted, wrong = ClaimFilter(limit=PAGE_ROWS), beside(refused.faults, {f"/{name}": name for name in FIELDS})
    reading = claim_desk.read_desk(context, visitor, wanted)
    kept = {name: value for name, value in stated.items() if name != "cursor"}
    content = visitor_fields(reading.reader, visitor) | _content(reading, wanted, kept) | {"wrong": wrong}
    content |= {"fields": {"state": wanted.state.value} | stated, "later": "cursor" in stated}
    content["links"] = page_links(PATH, kept, {} if wrong else address, reading.page.next)
    content |= _choice(request.query_params, reading) | {"unticked": _address(address)}
    return page(request, "claims", content, TITLES["invalid-input"][0] if wrong else 200, INTERACTIVE_HEADERS)


def ticked_ids(query: QueryParams) -> list[str]:
    """Return the claims that were ticked, once each."""
    return list(dict.fromkeys(found for each in query.getlist("claim") if (found := find_uuid(each))))


def _parameters(query: QueryParams) -> dict[str, str]:
    """Return the filters and cursors of an address, or those of the page to which a button of the form leads."""
    stated = dict(parse_qsl(query[MOVE])) if MOVE in query else dict(query)
    return {name: value for name, value in stated.items() if name in ADMITTED or name == TRAIL}


def _choice(query: QueryParams, reading: ClaimDeskReading) -> dict[str, object]:
    ticked = ticked_ids(query)
    kept, shown = ticked[:MAX_TICKED], {each.id for each in reading.page.rows}
    elsewhere = [each for each in kept if each not in shown]
    return {"ticked": kept, "elsewhere": elsewhere, "lost": len(ticked) - len(kept), "most": MAX_TICKED}


def _content(reading: ClaimDeskReading, wanted: ClaimFilter, kept: Mapping[str, str]) -> dict[str, object]:
    return {
        "rows": [row(each) for each in reading.page.rows],
        "agrees": Verb.AGREE_CLAIM.rule.scope(reading.reader.role) is not None,
        "move": MOVE,
        "filtered": bool(kept),
        "tabs": TABS,
        "current": PATH,
        "states": STATES,
        "state_label": wanted.state.label,
        "signal_choices": SIGNALS,
        "departments": [(code, f"{code} · {department(code).name}") for code in reading.reader.departments],
    }


def _address(parameters: Mapping[str, str]) -> str:
    return f"{PATH}?{urlencode(parameters)}" if parameters else PATH


def row(item: ListedClaim) -> Row:
    """Return a claim as tables of the desk show it."""
    count = len(item.signals)
    label, tone = claim_words.tag(item.state)
    return Row(
        id=item.id,
        reference=item.reference,
        named=claimed_month(item.month, item.part, item.version),
        name=item.name,
        siret=siret_in_groups(item.siret),
        figures=claim_words.people(item),
        allowance=claim_words.euros(item.allowance_cents),
        due=in_french(item.due_on),
        received=in_french(local(item.received_at, item.department).date()),
        late=f"en retard de {count_in_french(item.days_late, 'jour')}" if item.days_late else "",
        signals=tuple(each.label for each in item.signals),
        signal_count=f"{count} signaux" if count > 1 else "1 signal",
        seen=item.signals_digest,
        label=label,
        tone=tone,
        waits=item.state is ClaimState.UNDER_REVIEW,
    )

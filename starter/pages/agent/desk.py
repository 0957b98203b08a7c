"""The desk of an agent: requests by deadline, filtered by the address, and what each colleague has in charge."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.datastructures import QueryParams
from starlette.responses import Response

from law.calendar import local
from law.directory import department
from law.grounds import Ground
from law.texts import count_in_french, end_in_french, in_french
from models.identifiers import find_reference, is_amendment
from models.labels import Status
from models.store.cases.lists import ListedRequest
from models.store.cases.workload import Workload
from starter.auth.permissions import Verb
from starter.context import AppContext
from starter.http.problems import TITLES, InvalidRequest
from starter.http.request_body import read
from starter.pages.agent.deadlines import Deadline, deadline
from starter.pages.components.forms import beside
from starter.pages.components.page_links import TRAIL, list_part, page_links
from starter.pages.components.rendering import INTERACTIVE_HEADERS, page
from starter.pages.components.tones import tag
from starter.pages.components.typography import siret_in_groups
from starter.pages.components.visitor import SessionRequired, visitor_fields
from starter.services import batches, desk
from starter.services.case_schemas import here
from starter.services.desk import DeskFilter, DeskReading

router = APIRouter(include_in_schema=False)


class Row(NamedTuple):
    """A request as the table shows it."""

    reference: str
    name: str
    siret: str
    deadline: Deadline
    legal_time: str
    ground: str
    detail: str
    label: str
    tone: str
    signals: str
    assigned_name: str
    is_open: bool


PATH: Final = "/desk"
PAGE_ROWS: Final = 20
"""Requests shown at once at most: below 100 KiB with those ticked elsewhere. The address may state a lower `limit`."""
MOVE: Final = "to"
"""Buttons of the form of ticked cases that lead to another page of the list: the value is the query of that page."""
SHOWN_COLLEAGUES: Final = 100
UNASSIGNED: Final = "nobody"
"""The choice of the form for requests that nobody has in charge, which is a parameter of its own in the API."""
FIELDS: Final = ("q", "status", "department", "ground", "until_on", "assigned_to")
"""Filters that the form shows; the address may have the others of the API, too."""
ADMITTED: Final = frozenset(DeskFilter.model_fields)
TABS: Final = (
    ("Tous les dossiers", PATH),
    ("Mes dossiers", f"{PATH}?assigned_to=me"),
    ("Non attribués", f"{PATH}?assigned_to={UNASSIGNED}"),
    ("Charge des collègues", f"{PATH}/load"),
)
STATUSES: Final = Status.labels()
GROUNDS: Final = {each.value: each.label for each in Ground}
ADAPTER: Final = TypeAdapter(DeskFilter)


@router.get(PATH)
def desk_page(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """List the requests of the agent's départements; with a wrong filter, say so and list them all."""
    address = _parameters(request.query_params)
    stated = {name: value for name, value in address.items() if name in ADMITTED and value}
    wrong: dict[str, str] = {}
    try:
        wanted = _wanted(stated)
    except InvalidRequest as refused:
        wanted, wrong = DeskFilter(limit=PAGE_ROWS), beside(refused.faults, {f"/{name}": name for name in FIELDS})
    reading = desk.read(context, visitor, wanted)
    content = visitor_fields(reading.reader, visitor) | _content(reading, stated) | {"wrong": wrong}
    content["links"] = page_links(PATH, _kept(stated), {} if wrong else address, reading.page.next)
    content |= _choice(request.query_params, reading) | {"unticked": _address(address)}
    return page(request, "desk", content, TITLES["invalid-input"][0] if wrong else 200, INTERACTIVE_HEADERS)


def _parameters(query: QueryParams) -> dict[str, str]:
    """Return the filters and cursors of an address, or those of the page to which a button of the form leads."""
    stated = dict(parse_qsl(query[MOVE])) if MOVE in query else dict(query)
    return {name: value for name, value in stated.items() if name in ADMITTED or name == TRAIL}


def _choice(query: QueryParams, reading: DeskReading) -> dict[str, object]:
    """Return the cases that were ticked, which go from page to page in the form, as many as a batch takes."""
    ticked = list(dict.fromkeys(found for each in query.getlist("reference") if (found := find_reference(each))))
    kept, here_shown = ticked[: batches.MAX_CASES], {each.reference for each in reading.page.rows}
    elsewhere = [each for each in kept if each not in here_shown]
    return {"ticked": kept, "elsewhere": elsewhere, "lost": len(ticked) - len(kept), "most": batches.MAX_CASES}


def _wanted(stated: Mapping[str, str]) -> DeskFilter:
    """Return the filters of an address; raises `InvalidRequest`."""
    wanted = read(ADAPTER, {"limit": PAGE_ROWS} | _members(stated))
    return wanted.model_copy(update={"limit": min(wanted.limit, PAGE_ROWS)})


def _members(stated: Mapping[str, str]) -> dict[str, str]:
    if stated.get("assigned_to") != UNASSIGNED:
        return dict(stated)
    return {name: value for name, value in stated.items() if name != "assigned_to"} | {"unassigned": "true"}


def _kept(stated: Mapping[str, str]) -> dict[str, str]:
    """Return the filters of an address, which every page of the list keeps."""
    return {name: value for name, value in stated.items() if name != "cursor"}


def _content(reading: DeskReading, stated: Mapping[str, str]) -> dict[str, object]:
    kept = _kept(stated)
    return {
        "rows": [_row(each) for each in reading.page.rows],
        "assigns": Verb.ASSIGN.rule.scope(reading.reader.role) is not None,
        "move": MOVE,
        "decides": Verb.DECIDE.rule.scope(reading.reader.role) is not None,
        "fields": stated,
        "filtered": bool(kept),
        "later": "cursor" in stated,
        "tabs": [(label, href, None) for label, href in TABS],
        "current": _address(kept),
        "statuses": list(STATUSES.items()),
        "grounds": list(GROUNDS.items()),
        "departments": [(code, f"{code} · {department(code).name}") for code in reading.reader.departments],
        "colleagues": _colleagues(reading),
    }


def _address(parameters: Mapping[str, str]) -> str:
    return f"{PATH}?{urlencode(parameters)}" if parameters else PATH


def _colleagues(reading: DeskReading) -> list[tuple[str, str]]:
    others = [(each.id, each.name) for each in reading.colleagues if each.id != reading.reader.id]
    return [("me", "Moi et ceux que je remplace"), (UNASSIGNED, "Personne"), *others]


def _row(item: ListedRequest) -> Row:
    until = deadline(here(item.tacit_acceptance_at, item.department), item.seconds_left, item.outcome)
    label, tone = tag(Status.of(item.status))
    received = in_french(local(item.received_at, item.department).date())
    count, people = len(item.signals), count_in_french(item.employees, "salarié")
    return Row(
        reference=item.reference,
        name=item.name,
        siret=siret_in_groups(item.siret),
        deadline=until,
        legal_time=department(item.department).legal_time,
        ground=GROUNDS[item.ground],
        detail=f"{'avenant, ' if is_amendment(item.reference) else ''}{people}, reçue le {received}",
        label=label,
        tone=tone,
        signals=count_in_french(count, "signalement") if count else "",
        assigned_name=item.assigned_name or "personne",
        is_open=item.outcome is None,
    )


@router.get(f"{PATH}/load")
def load_page(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Show how many open requests each colleague has in charge, and the nearest deadline among them."""
    reader, load, unassigned = desk.read_load(context, visitor)
    part = list_part(load, f"{PATH}/load", request.query_params, SHOWN_COLLEAGUES, "from")
    content: dict[str, object] = {
        "tabs": [(label, href, None) for label, href in TABS],
        "load": [_load(each) for each in part.rows],
        "links": part.links,
        "unassigned": unassigned,
    }
    return page(request, "desk_load", visitor_fields(reader, visitor) | content)


def _load(each: Workload) -> dict[str, object]:
    at = each.deadline_at and each.department and local(each.deadline_at, each.department)
    return {
        "name": each.name,
        "open": each.open_requests,
        "nearest": end_in_french(at) if at else "aucune",
        "href": _address({"assigned_to": each.account_id}),
    }

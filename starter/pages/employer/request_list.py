"""The list of an employer’s requests: what waits for them first, then all, searched and filtered in the address."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from law.grounds import Ground
from law.texts import end_in_french, in_french
from models.labels import Status
from models.store.cases.to_do import MAX_ROWS as MAX_LISTED
from models.store.cases.to_do import ToDo
from models.store.claims.claimable import ClaimableMonth
from starter.auth.credentials import PresentedCredential
from starter.context import AppContext, Context
from starter.http.problems import TITLES, InvalidRequest
from starter.http.request_body import read
from starter.pages.components.forms import beside
from starter.pages.components.page_links import list_part, page_links
from starter.pages.components.rendering import INTERACTIVE_HEADERS, page
from starter.pages.components.said import said
from starter.pages.components.tones import TONES
from starter.pages.components.visitor import SessionRequired, visitor_fields
from starter.pages.employer.claim_month import of_month
from starter.pages.employer.draft_list import MAX_DRAFTS, list_drafts
from starter.services import request_export, requests, to_do
from starter.services.requests import DraftItem, Listing, RequestItem

router = APIRouter(include_in_schema=False)

FILTERS: Final = ("q", "siret", "status")
POINTERS: Final = {f"/{name}": name for name in FILTERS}
STATUSES: Final = (
    *((each.value, each.label) for each in Status),
    ("draft", "Brouillon"),
    ("lapsed", "Brouillon caduc"),
)
ACTS: Final = {
    "pieces": ("Fournir des pièces", "pieces"),
    "opinion": ("Envoyer l’avis du CSE", "works-council-opinion"),
    "message": ("Lire un message du service", "messages"),
}
"""What is to be done, and the page of the case where it is done."""
PAGE_SIZE: Final = 25
MAX_TO_DO: Final = 20
"""Things to do that are shown at once, the nearest last day first."""
TO_DO_FROM: Final = "to_do_from"
"""Parameter of an address: the first thing to do that is shown."""
INVALID: Final = TITLES["invalid-input"][0]


@router.get("/requests")
def requests_page(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """List what waits for the account, then the requests of its establishments, open ones first."""
    wrong: dict[str, str] = {}
    try:
        listing = _listing(request.query_params)
    except InvalidRequest as refused:
        listing, wrong = Listing(), beside(refused.faults, POINTERS)
    return _view(context, request, visitor, listing, wrong)


def _listing(stated: Mapping[str, str]) -> Listing:
    """Read the filters of an address; raises `InvalidRequest`."""
    named = {name: stated[name] for name in (*FILTERS, "cursor") if name in stated}
    return read(TypeAdapter(Listing), named | {"limit": PAGE_SIZE})


def _view(
    context: Context, request: Request, visitor: PresentedCredential, listing: Listing, wrong: dict[str, str]
) -> Response:
    reader, listed = requests.list_requests(context, visitor, listing)
    first = listing.cursor is None
    waits = to_do.read(context, visitor) if first else None
    chosen = {name: value for name in FILTERS if (value := request.query_params.get(name, "").strip())}
    items = waits.items if waits else ()
    part = list_part(items, "/requests", request.query_params, MAX_TO_DO, TO_DO_FROM, () if wrong else FILTERS)
    content = {
        "to_do": [_to_do(each) for each in part.rows],
        "other_to_do": part.links,
        "to_do_count": len(items),
        "to_do_cut": len(items) >= MAX_LISTED,
        "mandates": waits.mandates if waits else 0,
        "rows": [_row(each) for each in listed.items],
        "chosen": chosen,
        "wrong": wrong,
        "statuses": STATUSES,
        "first": first,
        "export": _address("/requests.csv", {} if wrong else chosen),
        "links": page_links("/requests", chosen, {} if wrong else request.query_params, listed.next),
        "said": said(request, visitor),
        "drafts": list_drafts(context, visitor) if first and not chosen else [],
        "max_drafts": MAX_DRAFTS,
    }
    status = INVALID if wrong else 200
    return page(request, "requests", visitor_fields(reader, visitor) | content, status, INTERACTIVE_HEADERS)


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _to_do(each: ToDo | ClaimableMonth) -> dict[str, str]:
    label, path = _claim(each) if isinstance(each, ClaimableMonth) else ACTS[each.kind]
    return {
        "label": label,
        "href": f"/requests/{each.reference}/{path}",
        "reference": each.reference,
        "name": each.name,
        "siret": each.siret,
        "until": _until(each.due_on),
    }


def _claim(each: ClaimableMonth) -> tuple[str, str]:
    what, part = "Demander" if each.last_state is None else "Demander de nouveau", ""
    if each.part > 1:
        part = f", partie {each.part}"
    return f"{what} l’indemnisation {of_month(each.month)}{part}", f"claims/{each.month:%Y-%m}" + (
        f"?part={each.part}" if part else ""
    )


def _until(day: date | None) -> str:
    return f"Au plus tard le {in_french(day)}" if day else ""


def _row(item: RequestItem | DraftItem) -> dict[str, object]:
    common: dict[str, object] = {"siret": item.siret, "ground": Ground.of(item.ground).label}
    if isinstance(item, DraftItem):
        own = {"href": f"/drafts/{item.id}", "title": "Brouillon", "label": "Brouillon", "tone": "", "name": ""}
        return common | own | {"detail": f"À déposer au plus tard le {end_in_french(item.accepted_until)}."}
    return common | {
        "href": f"/requests/{item.reference}",
        "title": item.reference,
        "label": item.label,
        "tone": "doubt" if item.partial else TONES[Status.of(item.status)],
        "name": item.name,
        "detail": _detail(item),
    }


def _detail(item: RequestItem) -> str:
    received = f"Reçue le {in_french(item.received_at.date())}."
    silence = item.tacit_acceptance_at
    if item.outcome is None and silence:
        return f"{received} Acceptation implicite si rien n’est notifié au plus tard le {end_in_french(silence)}."
    if item.outcome is None:
        return f"{received} Le délai est arrêté jusqu’à la réception des pièces demandées."
    if item.outcome == "tacit" and silence:
        return f"{received} Acquise, faute de décision notifiée au plus tard le {end_in_french(silence)}."
    return received


@router.get("/requests.csv")
def requests_table(context: AppContext, request: Request, visitor: SessionRequired) -> Response:
    """Return the same list as a table for spreadsheets; raises `InvalidRequest` for wrong filters."""
    listing = _listing(request.query_params)
    written = request_export.table(context, visitor, listing, context.settings.site)
    headers = {"Content-Disposition": 'attachment; filename="demandes.csv"', "X-Content-Type-Options": "nosniff"}
    return Response(written.encode(), media_type="text/csv; charset=utf-8", headers=headers)

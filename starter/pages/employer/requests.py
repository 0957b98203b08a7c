"""Pages of requests: the list, and one case with its deadline and documents. The links in mails lead here."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from law.directory import department
from law.grounds import Ground
from law.texts import in_french, instant_in_french, number_in_french
from models.errors import Unknown
from models.identifiers import REFERENCE
from models.labels import CaseEvent, DocumentKind, Status
from models.store.cases.records import RequestRecord
from models.store.paging import Cursor
from starter.context import AppContext
from starter.http.responses import pdf
from starter.pages.components.rendering import page
from starter.pages.components.visitor import SessionOptional, SessionRequired, visitor_fields
from starter.services import documents, requests
from starter.services.case_schemas import CaseView
from starter.services.requests import Listing, RequestItem

router = APIRouter(include_in_schema=False)

GROUNDS: Final = {each.value: each.label for each in Ground}
DOCUMENTS: Final = DocumentKind.labels()
EVENTS: Final = CaseEvent.labels()


@router.get("/requests")
def requests_page(
    context: AppContext,
    request: Request,
    visitor: SessionRequired,
    cursor: Annotated[Cursor | None, Query()] = None,
) -> Response:
    """List the requests of the account's establishments, open ones first."""
    reader, listed = requests.list_requests(context, visitor, Listing(cursor=cursor))
    rows = [_row(each) for each in listed.items if isinstance(each, RequestItem)]
    return page(request, "requests", visitor_fields(reader, visitor) | {"rows": rows, "next": listed.next})


def _row(item: RequestItem) -> dict[str, object]:
    return {
        "reference": item.reference,
        "name": item.name,
        "siret": item.siret,
        "status": (item.outcome or Status.of(item.status)).label,
        "outcome": item.outcome,
        "ground": GROUNDS[item.ground],
        "received_at": in_french(item.received_at.date()),
        "until": _instant(item.tacit_acceptance_at),
    }


@router.get("/requests/{reference}")
def request_page(context: AppContext, request: Request, reference: str, visitor: SessionOptional) -> Response:
    """Show a case to its employer; without a session, explain how to read it, whether or not it exists."""
    if not REFERENCE.fullmatch(reference.upper()):
        raise Unknown(reference)
    if visitor is None:
        return page(request, "case", {"what": "request", "named": reference.upper()[:9]})
    reader, record, view = requests.read_request(context, visitor, reference)
    return page(request, "request", visitor_fields(reader, visitor) | _case(view, record))


@router.get("/requests/{reference}/documents/{document_id}")
def document_page(context: AppContext, reference: str, document_id: str, visitor: SessionRequired) -> Response:
    """Return a document of a case, like the API."""
    document = documents.read_document(context, visitor, reference, document_id)
    return pdf(document.content, document.file_name, document.record.sha256)


def _case(view: CaseView, record: RequestRecord) -> dict[str, object]:
    return {
        "case": view,
        "ground": record.ground.label,
        "hours": number_in_french(view.hours),
        "status": (view.outcome or Status.of(view.status)).label,
        "received_at": _instant(view.received_at),
        "until": _instant(view.clock.tacit_acceptance_at),
        "effect_at": _instant(view.effect_at),
        "notified_at": _instant(view.notified_at),
        "starts_on": in_french(view.period.start_on),
        "ends_on": in_french(view.period.end_on),
        "opinion_due_on": view.opinion_due_on and in_french(view.opinion_due_on),
        "due_on": view.pending_completion and in_french(view.pending_completion.due_on),
        "legal_time": department(record.department).legal_time,
        "documents": [
            (
                each,
                DOCUMENTS[each.kind],
                _instant(each.signed_at),
                _instant(each.first_read_at),
            )
            for each in view.documents
        ],
        "events": [(EVENTS[each.type], _instant(each.at), each.mandate) for each in view.events if each.type in EVENTS],
        "mandates": {
            each.id: f"{each.name}, mandat du {in_french(each.starts_on)} au {in_french(each.ends_on)}"
            for each in view.mandates
        },
    }


def _instant(at: datetime | None) -> str | None:
    return instant_in_french(at) if at else None

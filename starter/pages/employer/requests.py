"""Pages of one case: its deadline, files, documents and agenda. The links in mails lead here."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from models.errors import Unknown
from models.identifiers import find_reference
from starter.context import AppContext
from starter.http.calendar_file import calendar
from starter.http.responses import attachment, pdf
from starter.pages.components.rendering import page
from starter.pages.components.said import said
from starter.pages.components.visitor import SessionOptional, SessionRequired, visitor_fields
from starter.pages.employer import case_page, claim_list
from starter.services import case_calendar, claim_months, documents, files, requests

router = APIRouter(include_in_schema=False)


@router.get("/requests/{reference}")
def request_page(context: AppContext, request: Request, reference: str, visitor: SessionOptional) -> Response:
    """Show a case to its employer; without a session, explain how to read it, whether or not it exists."""
    named = find_reference(reference)
    if named is None:
        raise Unknown(reference)
    if visitor is None:
        return page(request, "case", {"what": "request", "named": named})
    reading = requests.read_request(context, visitor, reference)
    authorizes = reading.case.outcome is not None and reading.request.amends is None
    months = claim_months.find_months(context, visitor, reference) if authorizes else None
    content = case_page.content(reading) | claim_list.content(months) | {"said": said(request, visitor)}
    return page(request, "request", visitor_fields(reading.reader, visitor) | content)


@router.get("/requests/{reference}/calendar.ics")
def calendar_page(context: AppContext, reference: str, visitor: SessionRequired) -> Response:
    """Return what falls due in a case, like the API, as a file that a browser opens in an agenda."""
    events = case_calendar.list_events(context, visitor, reference)
    headers = {"Content-Disposition": f'attachment; filename="{find_reference(reference) or ""}.ics"'}
    return Response(calendar(events, datetime.now(UTC)), media_type="text/calendar; charset=utf-8", headers=headers)


@router.get("/requests/{reference}/documents/{document_id}")
def document_page(context: AppContext, reference: str, document_id: str, visitor: SessionRequired) -> Response:
    """Return a document of a case, like the API."""
    document = documents.read_document(context, visitor, reference, document_id)
    return pdf(document.content, document.file_name, document.record.sha256)


@router.get("/files/{file_id}")
def file_page(context: AppContext, file_id: str, visitor: SessionRequired) -> Response:
    """Return a file that was sent or that a readable case cites, to be saved, like the API."""
    file = files.read(context, visitor, file_id)
    record = file.record
    return attachment(file.parts, record.media_type, file.file_name, record.sha256, record.size)

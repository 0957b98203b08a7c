"""The first page of a space, after an activation, and the receipt of the enrolment."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from models.identifiers import NamedSiret
from starter.context import AppContext
from starter.http.responses import pdf
from starter.pages.components.rendering import page
from starter.pages.components.visitor import SessionRequired, visitor_fields
from starter.services import authority, enrolment

router = APIRouter(include_in_schema=False)


@router.get("/establishments/{siret}/welcome")
def welcome_page(context: AppContext, request: Request, visitor: SessionRequired, siret: NamedSiret) -> Response:
    """Say that an enrolment is activated, and what can be done now."""
    reading = authority.read(context, visitor, siret)
    content = {"establishment": reading.establishment, "proven": reading.proven}
    return page(request, "activated", visitor_fields(reading.reader, visitor) | content)


@router.get("/establishments/{siret}/receipt")
def receipt_page(context: AppContext, visitor: SessionRequired, siret: NamedSiret) -> Response:
    """Return the receipt of an enrolment, like `GET /api/v1/enrolments/{siret}/receipt`."""
    return pdf(enrolment.read_receipt(context, visitor, siret), f"{siret}-enrolment_receipt.pdf")

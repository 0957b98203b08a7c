"""The people of a claim, named for their employer alone, and why each is paid what they are."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from law.amounts import euros_in_french
from law.texts import in_french
from starter.context import AppContext
from starter.pages.components import claim_words
from starter.pages.components.page_links import page_links
from starter.pages.components.rendering import page
from starter.pages.components.visitor import SessionRequired, visitor_fields
from starter.pages.employer import claim_month
from starter.pages.employer.claim_month import MonthAddress, address_of
from starter.services import claim_months, claim_views
from starter.services.claim_schemas import PersonView

router = APIRouter(include_in_schema=False)

PATH: Final = f"{claim_month.PATH}/people"
PAGE_PEOPLE: Final = 50
Line = Annotated[int, Path(ge=1, le=10**9)]


@router.get(PATH)
def people_page(
    context: AppContext,
    request: Request,
    visitor: SessionRequired,
    to: MonthAddress,
    cursor: Annotated[int | None, Query(ge=1, le=10**9)] = None,
) -> Response:
    """List the people of the last version, in the order of their lines."""
    reading = claim_months.read_month(context, visitor, to)
    listed = claim_views.list_lines(context, visitor, to, cursor or 0, PAGE_PEOPLE)
    kept = {"part": str(to.part)} if to.part > 1 else {}
    at = address_of(to, "people").partition("?")[0]
    content = claim_month.heading(reading, to) | {
        "version": listed.version,
        "erased": listed.erased,
        "rows": [(_named(each), address_of(to, "people", str(each.line)), *_sums(each)) for each in listed.items],
        "links": page_links(at, kept, request.query_params, listed.next),
    }
    return page(request, "claim_people", visitor_fields(reading.reader, visitor) | content)


@router.get(f"{PATH}/{{line}}")
def person_page(
    context: AppContext, request: Request, visitor: SessionRequired, to: MonthAddress, line: Line
) -> Response:
    """Explain what the person of a line is paid, to the article applied."""
    reading = claim_months.read_month(context, visitor, to)
    person = claim_views.list_lines(context, visitor, to, line - 1, 1).items
    explained = claim_views.explain_line(context, visitor, to, line)
    content = claim_month.heading(reading, to) | {
        "name": _named(person[0]),
        "people": address_of(to, "people"),
        "answer": explained,
        "figures": [
            ("Heures indemnisables", claim_words.hours(explained.payable)),
            ("Allocation", euros_in_french(explained.allowance)),
            ("Indemnité à verser", euros_in_french(explained.indemnity)),
        ],
        "weeks": [
            (f"Semaine du {in_french(each.week)}", *map(claim_words.hours, (each.worked, each.idle, each.payable)))
            for each in person[0].weeks
        ],
    }
    return page(request, "claim_person", visitor_fields(reading.reader, visitor) | content)


def _named(person: PersonView) -> str:
    names = (person.first_name, person.usage_name or person.family_name)
    return " ".join(each for each in names if each) or f"Ligne {person.line}"


def _sums(person: PersonView) -> tuple[str, str, str, str]:
    hours = claim_words.hours(person.payable)
    return person.category.label, hours, euros_in_french(person.allowance), euros_in_french(person.indemnity)

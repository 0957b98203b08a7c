"""Files attached to a case, page by page beside what was filed: drawn for reading, the original only as a download."""

from itertools import accumulate
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from models.examination.drawings import MAX_PAGES, TableDrawing
from starter.context import AppContext
from starter.http.responses import image
from starter.pages.agent import case_facts
from starter.pages.components.rendering import page
from starter.pages.components.typography import written_bytes
from starter.pages.components.visitor import SessionRequired, visitor_fields
from starter.services import case_review, file_drawings, files
from starter.services.case_review import CaseReading
from starter.services.files import CitedFile

router = APIRouter(include_in_schema=False)

PATH: Final = "/desk/requests/{reference}/files/{file_id}"
MAX_TABLE_BYTES: Final = 30 * 1024
"""Weight of the rows that are shown: a page stays below 100 KiB."""
CELL_BYTES: Final = len("<td></td>")


@router.get(PATH)
async def file_page(
    context: AppContext,
    request: Request,
    visitor: SessionRequired,
    reference: str,
    file_id: str,
    number: Annotated[int, Query(alias="page", ge=1, le=MAX_PAGES)] = 1,
) -> Response:
    """Show one page of a file, or a table, beside the facts of its case."""
    reading = await run_in_threadpool(case_review.open_case, context, visitor, reference)
    file = await run_in_threadpool(files.open_cited, context, visitor, reference, file_id)
    if file.is_table:
        table = await context.slow_calls.draw(file.reader_id, file_drawings.read_table, context, file)
        shown = _table(table)
    else:
        pages = await context.slow_calls.draw(file.reader_id, file_drawings.count_pages, context, file)
        shown = _pages(file, pages, min(number, pages))
    content = visitor_fields(reading.reader, visitor) | case_facts.content(reading) | shown | _about(reading, file)
    return page(request, "desk_file", content)


@router.get(PATH + "/pages/{number}.png")
async def page_image(
    context: AppContext,
    visitor: SessionRequired,
    reference: str,
    file_id: str,
    number: Annotated[int, Path(ge=1, le=MAX_PAGES)],
) -> Response:
    """Return one page of a file as an image."""
    file = await run_in_threadpool(files.open_cited, context, visitor, reference, file_id)
    return image(await context.slow_calls.draw(file.reader_id, file_drawings.draw_page, context, file, number))


def _about(reading: CaseReading, file: CitedFile) -> dict[str, object]:
    names = {each["id"]: each["name"] for each in case_facts.attached_files(reading.case, reading.record.law_day)}
    return {"file": file.record, "name": names.get(file.record.id, "Fichier joint à un message")}


def _pages(file: CitedFile, pages: int, number: int) -> dict[str, object]:
    here = PATH.format(reference=file.reference, file_id=file.record.id)
    return {
        "table": None,
        "pages": pages,
        "number": number,
        "image": f"{here}/pages/{number}.png",
        "previous": f"{here}?page={number - 1}" if number > 1 else "",
        "next": f"{here}?page={number + 1}" if number < pages else "",
    }


def _table(table: TableDrawing) -> dict[str, object]:
    weights = accumulate(sum(written_bytes(cell) + CELL_BYTES for cell in row) for row in table.rows)
    rows = [row for row, weight in zip(table.rows, weights, strict=True) if weight <= MAX_TABLE_BYTES]
    return {"table": rows, "whole": table.whole and len(rows) == len(table.rows), "pages": 0, "number": 0}

"""Attached files as pages for an agent to read: drawn by the program `examining`, which alone parses them."""

from typing import Final

from models.errors import Unknown
from models.examination.drawings import PAGE, TABLE, NotAnImage, PageDrawing, TableDrawing, png
from starter.context import Context
from starter.services.files import CitedFile

COUNT_ONLY: Final = 0
"""The page to ask for when pages are only counted."""


def count_pages(context: Context, file: CitedFile) -> int:
    """Return how many pages can be drawn: 0 for a file that cannot be; raises `ExaminerUnavailable`."""
    return _draw(context, file, COUNT_ONLY).pages


def draw_page(context: Context, file: CitedFile, number: int) -> bytes:
    """Return one page as a PNG that is made here; raises `Unknown`, `ExaminerUnavailable`."""
    drawing = _draw(context, file, number)
    if not 1 <= number <= drawing.pages:
        raise Unknown(file.record.id)
    try:
        return png(drawing)
    except NotAnImage as wrong:
        raise Unknown(file.record.id) from wrong


def read_table(context: Context, file: CitedFile) -> TableDrawing:
    """Return the first rows of a table; raises `ExaminerUnavailable`."""
    return context.examiner.examine(TABLE, b"".join(file.parts))


def _draw(context: Context, file: CitedFile, number: int) -> PageDrawing:
    return context.examiner.examine(PAGE, b"".join(file.parts), {"page": number})

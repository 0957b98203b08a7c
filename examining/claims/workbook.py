"""The first sheet of an XLSX workbook that has a header; its values only, never a formula, a macro or a link."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from examining.claims import header_rows, workbook_parts
from examining.claims.columns import MAX_HEADER_ROW, MIN_RECOGNISED, Reader
from examining.claims.refused import FileRefused
from examining.claims.rows import Row
from models.claim_files.refusals import RefusalCode

Cell = int | float | str | bool | time | date | datetime | timedelta


def table(content: bytes, reader: Reader) -> tuple[Row, Iterator[Row]]:
    """Return the header of the first sheet that has one, and the rows below it; raises `FileRefused`."""
    parts = workbook_parts.checked(content)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        for sheet in _sheets(workbook):
            if header := _header(sheet, reader):
                parts.refuse_formulas(sheet.name)
                return header, _rows(sheet, header[0])
    except CalamineError as broken:
        raise FileRefused(RefusalCode.WORKBOOK_BROKEN) from broken
    raise FileRefused(RefusalCode.NO_HEADER)


def _sheets(workbook: CalamineWorkbook) -> Iterator[CalamineSheet]:
    """Iterate over the sheets that are seen."""
    for each in workbook.sheets_metadata:
        if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible:
            yield workbook.get_sheet_by_name(each.name)


def _header(sheet: CalamineSheet, reader: Reader) -> Row | None:
    score, row = header_rows.best(islice(_rows(sheet), MAX_HEADER_ROW), reader)
    return row if score >= MIN_RECOGNISED else None


def _rows(sheet: CalamineSheet, after: int = 0) -> Iterator[Row]:
    """Iterate over the rows below a line, from 1, as a person sees them numbered."""
    for line, cells in enumerate(sheet.iter_rows(), 1):
        if line > after:
            yield line, [_text(cell) for cell in cells]


def _text(cell: Cell) -> str:
    """Return a cell as a table in text would write it; a number has the 15 figures that a workbook shows."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int | float):
        return f"{cell:.15g}".replace(".", ",")
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return _clock(round(cell.total_seconds() / 60))
    return _clock(cell.hour * 60 + cell.minute)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"

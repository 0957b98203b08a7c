"""Workbooks of any sheets and cells, hostile ones included, written by hand: no library writes those."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES: Final = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="164"/></cellXfs>'
    "</styleSheet>"
)
"""Styles: 0 general, 1 a date, 2 a time of day, 3 hours beyond a day."""


@dataclass(frozen=True)
class Cell:
    """A cell; `number` as the file states it."""

    text: str = ""
    number: str = ""
    style: int = 0
    formula: str = ""
    boolean: bool = False


def a_workbook(sheets: Mapping[str, Sequence[Sequence[str | Cell]]], hidden: str = "") -> bytes:
    """Return a workbook of these sheets."""
    return zipped(parts(sheets, hidden))


def parts(sheets: Mapping[str, Sequence[Sequence[str | Cell]]], hidden: str = "") -> dict[str, str]:
    """Return the parts of a workbook by name."""
    state = ("visible", "hidden")
    listed = [
        f'<sheet name="{escape(name)}" state="{state[name == hidden]}" sheetId="{at}" r:id="r{at}"/>'
        for at, name in enumerate(sheets, 1)
    ]
    relations = [
        f'<Relationship Id="r{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    ]
    styles = f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>'
    return {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{"".join(listed)}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{"".join(relations)}{styles}</Relationships>',
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{at}.xml": _sheet(rows) for at, rows in enumerate(sheets.values(), 1)},
    }


def zipped(contents: Mapping[str, str | bytes]) -> bytes:
    """Return an archive of these parts."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return written.getvalue()


def _sheet(rows: Sequence[Sequence[str | Cell]]) -> str:
    lines = [
        f'<row r="{line}">{"".join(_cell(cell, f"{_letters(at)}{line}") for at, cell in enumerate(row))}</row>'
        for line, row in enumerate(rows, 1)
    ]
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _letters(at: int) -> str:
    return (_letters(at // 26 - 1) if at >= 26 else "") + chr(65 + at % 26)


def _cell(cell: str | Cell, place: str) -> str:
    stated = Cell(text=cell) if isinstance(cell, str) else cell
    if stated.text:
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(stated.text)}</t></is></c>'
    if stated.boolean:
        return f'<c r="{place}" t="b"><v>1</v></c>'
    formula = f"<f>{stated.formula}</f>" if stated.formula else ""
    return f'<c r="{place}" s="{stated.style}">{formula}<v>{stated.number}</v></c>' if stated.number else ""

"""The parts of an XLSX workbook, looked at before a library opens it: sizes, entities, cells far away, formulas."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from examining.claims.refused import FileRefused
from models.claim_files.refusals import RefusalCode

MAX_PARTS: Final = 2_000
MAX_INFLATED_BYTES: Final = 256 * 1024 * 1024
"""All parts together: 100,000 lines take about 60 MB."""
MAX_SMALL_PART_BYTES: Final = 4 * 1024 * 1024
"""Parts that name the sheets."""
WORKBOOK: Final = "xl/workbook.xml"
CHUNK_BYTES: Final = 1024 * 1024
_OVERLAP: Final = 256
"""Bytes of a chunk that are looked at again with the next one."""
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_ENTITIES: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FAR: Final = re.compile(rb"\sr\s*=\s*[\"'](?:[A-Za-z]{3,}\d|[A-Za-z]{0,2}(?:[3-9]\d{5}|[1-9]\d{6,})[\"'])")
"""A cell beyond column ZZ, or beyond line 299,999: a library would make room for all that stands before it."""
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CELL: Final = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,3}\d{1,7})[\"']")
_NAMED_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_RELATION: Final = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE: Final = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


@dataclass(frozen=True, slots=True)
class Parts:
    """What was found in the parts of a workbook."""

    formulas: dict[str, str]
    """Part of a sheet, in lower case → its first cell that holds a formula."""
    part_of: dict[str, str]
    """Name of a sheet → its part."""

    def refuse_formulas(self, sheet: str) -> None:
        """Raise `FileRefused` if the sheet holds a formula; if any does when the part of the sheet is not known.

        A sheet whose part does not stand among those of sheets is refused too.
        """
        part = self.part_of.get(sheet)
        if part is not None and not _SHEET.fullmatch(part):  # it was not looked at
            raise FileRefused(RefusalCode.WORKBOOK_BROKEN)
        cell = next(iter(self.formulas.values()), None) if part is None else self.formulas.get(part.lower())
        if cell is not None:
            raise FileRefused(RefusalCode.WORKBOOK_FORMULAS, int(re.sub(r"\D", "", cell) or 0), [cell])


def checked(content: bytes) -> Parts:
    """Return the parts of a workbook; raises `FileRefused` for one that is broken, too large, or states entities."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(each.file_size for each in parts) > MAX_INFLATED_BYTES:
                raise FileRefused(RefusalCode.WORKBOOK_TOO_LARGE)
            if WORKBOOK not in archive.namelist():
                raise FileRefused(RefusalCode.TYPE)
            if any(each.flag_bits & 1 for each in parts):
                raise FileRefused(RefusalCode.OLD_WORKBOOK)
            formulas = {each.filename.lower(): cell for each in parts if (cell := _looked_at(archive, each))}
            return Parts(formulas, _named(archive))
    except (BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, KeyError) as broken:
        raise FileRefused(RefusalCode.WORKBOOK_BROKEN) from broken


def _looked_at(archive: ZipFile, part: ZipInfo) -> str:
    """Look at the bytes of a part; return the first cell of a sheet that holds a formula, or nothing."""
    if not part.filename.lower().endswith((".xml", ".rels")):
        return ""
    is_sheet, formula = _SHEET.fullmatch(part.filename) is not None, ""
    for chunk in _chunks(archive, part):
        if b"<!" in chunk and _ENTITIES.search(chunk):
            raise FileRefused(RefusalCode.WORKBOOK_ENTITIES)
        if is_sheet and _FAR.search(chunk):
            raise FileRefused(RefusalCode.WORKBOOK_TOO_LARGE)
        if is_sheet and not formula and (found := _FORMULA.search(chunk)):
            formula = _last_cell(chunk[: found.start()])
    return formula


def _chunks(archive: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    """Iterate over the bytes of a part, each chunk with the end of the one before; UTF-16 is no workbook's."""
    end = b""
    with archive.open(part) as opened:
        while chunk := opened.read(CHUNK_BYTES):
            if not end and (chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:64]):
                raise FileRefused(RefusalCode.WORKBOOK_BROKEN)
            yield end + chunk
            end = chunk[-_OVERLAP:]


def _last_cell(before: bytes) -> str:
    """Return the cell that begins last, or « ? » when it does not say where it is."""
    cells = _CELL.findall(before[-4 * _OVERLAP :])
    return cells[-1].decode("ascii").upper() if cells else "?"


def _named(archive: ZipFile) -> dict[str, str]:
    """Return the part of each sheet, by its name; nothing for what is written in an unusual way."""
    relations = {
        each.get("Id", ""): each.get("Target", "").lstrip("/")
        for each in _elements(_RELATION, _small(archive, "xl/_rels/workbook.xml.rels"))
    }
    sheets = _elements(_NAMED_SHEET, _small(archive, WORKBOOK))
    targets = {each.get("name", ""): relations.get(each.get("r:id", ""), "") for each in sheets}
    return {
        unescape(name): target if target.startswith("xl/") else f"xl/{target}"
        for name, target in targets.items()
        if target
    }


def _small(archive: ZipFile, name: str) -> str:
    with archive.open(name) as opened:
        return opened.read(MAX_SMALL_PART_BYTES).decode("utf-8", "replace")


def _elements(form: re.Pattern[str], text: str) -> list[dict[str, str]]:
    return [{name: one or two for name, one, two in _ATTRIBUTE.findall(element)} for element in form.findall(text)]

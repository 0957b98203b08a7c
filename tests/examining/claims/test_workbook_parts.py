"""Hostile workbooks are refused before a library opens them."""

import pytest

from examining.claims import workbook_parts
from examining.claims.refused import FileRefused
from examining.claims.workbook_parts import CHUNK_BYTES, MAX_PARTS, checked
from models.claim_files.refusals import RefusalCode
from tests.examining.claims.workbooks import MAIN, Cell, a_workbook, parts, zipped

SHEET = "xl/worksheets/sheet1.xml"
PLAIN = parts({"A": [["nir", "nom"]]})


def refusal(content: bytes) -> RefusalCode:
    with pytest.raises(FileRefused) as refused:
        checked(content)
    return refused.value.code


def test_a_plain_workbook_passes_and_its_sheets_are_known_by_name() -> None:
    found = checked(a_workbook({"A & B": [["x"]], "C": [[Cell(number="1", formula="1")]]}))
    assert found.part_of == {"A & B": SHEET, "C": "xl/worksheets/sheet2.xml"}
    assert found.formulas == {"xl/worksheets/sheet2.xml": "A1"}


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"])
def test_entities_are_refused_in_every_part(part: str) -> None:
    stated = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + PLAIN.get(part, "<sst>&b;</sst>")
    assert refusal(zipped(PLAIN | {part: stated})) is RefusalCode.WORKBOOK_ENTITIES


def test_entities_across_two_chunks_are_found() -> None:
    padded = " " * (CHUNK_BYTES - 4) + "<!DOCTYPE a>"
    assert refusal(zipped(PLAIN | {SHEET: padded})) is RefusalCode.WORKBOOK_ENTITIES


@pytest.mark.parametrize("content", ["\ufeff<worksheet/>".encode("utf-16"), "<worksheet/>".encode("utf-16-le")])
def test_parts_in_another_encoding_are_refused(content: bytes) -> None:
    assert refusal(zipped({**PLAIN, SHEET: content})) is RefusalCode.WORKBOOK_BROKEN


def test_a_bomb_is_refused_by_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_parts, "MAX_INFLATED_BYTES", 100_000)
    assert refusal(zipped({**PLAIN, SHEET: " " * 100_000})) is RefusalCode.WORKBOOK_TOO_LARGE
    many = {f"x/{at}": "" for at in range(MAX_PARTS)}
    assert refusal(zipped(PLAIN | many)) is RefusalCode.WORKBOOK_TOO_LARGE


@pytest.mark.parametrize("place", ["XFD1", "AAA1", "A1048576", "ZZ300000"])
def test_a_cell_far_away_is_refused(place: str) -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row><c r="{place}"><v>1</v></c></row></sheetData></worksheet>'
    assert refusal(zipped(PLAIN | {SHEET: sheet})) is RefusalCode.WORKBOOK_TOO_LARGE


@pytest.mark.parametrize("place", ["ZZ1", "A299999"])
def test_a_cell_within_what_is_read_passes(place: str) -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row><c r="{place}"><v>1</v></c></row></sheetData></worksheet>'
    assert checked(zipped(PLAIN | {SHEET: sheet})).formulas == {}


def test_archives_that_are_no_workbook_are_refused() -> None:
    assert refusal(zipped({"a.txt": "a"})) is RefusalCode.TYPE
    whole = zipped(PLAIN)
    assert refusal(whole[: len(whole) // 2]) is RefusalCode.WORKBOOK_BROKEN
    assert refusal(whole.replace(b"styles", b"stylos", 1)) is RefusalCode.WORKBOOK_BROKEN

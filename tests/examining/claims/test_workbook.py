"""Workbooks: the values of the first sheet that has a header; a cell is read as a table in text would write it."""

from collections.abc import Sequence
from datetime import date

import pytest

from examining.claims.columns import Reader
from examining.claims.refused import FileRefused
from examining.claims.workbook import table
from models.claim_files.refusals import RefusalCode
from tests.examining.claims.files import HEADER, ROWS, sheet
from tests.examining.claims.workbooks import Cell, a_workbook, parts, zipped

READER = Reader(date(2021, 6, 1), frozenset())
HEAD = [list(HEADER)]
SHEET = "xl/worksheets/sheet1.xml"


def read(content: bytes) -> tuple[int, list[tuple[int, Sequence[str]]]]:
    header, below = table(content, READER)
    return header[0], list(below)


def refusal(content: bytes) -> tuple[RefusalCode, int, tuple[str, ...]]:
    with pytest.raises(FileRefused) as refused:
        read(content)
    return refused.value.code, refused.value.line, refused.value.at


def test_text_is_read_as_it_stands() -> None:
    assert read(sheet()) == (1, [(2, list(ROWS[0])), (3, list(ROWS[1])), (4, list(ROWS[2]))])


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Cell(number="295109912611193"), "295109912611193"),
        (Cell(number="7.5"), "7,5"),
        (Cell(number="0.30000000000000004"), "0,3"),
        (Cell(number="35"), "35"),
        (Cell(number="7.123"), "7,123"),
        (Cell(number="44375", style=1), "2021-06-28"),
        (Cell(number="0.3125", style=2), "7:30"),
        (Cell(number="1.3125", style=3), "31:30"),
        (Cell(text="=1+1"), "=1+1"),
        (Cell(boolean=True), "1"),
        (Cell(), ""),
    ],
)
def test_each_kind_of_cell_is_the_text_that_a_person_sees(cell: Cell, text: str) -> None:
    content = a_workbook({"A": [*HEAD, [cell, *[""] * 11, "end"]]})
    assert read(content)[1][0][1][0] == text


def test_the_first_sheet_with_a_header_is_read_at_its_own_lines() -> None:
    content = a_workbook(
        {"Notice": [["Bonjour"]], "Cachée": HEAD, "Juin": [[""], ["Titre"], *HEAD, list(ROWS[0])]}, hidden="Cachée"
    )
    assert read(content) == (3, [(4, list(ROWS[0]))])


def test_a_sheet_with_a_formula_is_refused_at_its_cell() -> None:
    formula = a_workbook({"A": [*HEAD, ["x", Cell(number="2", formula="1+1")]]})
    assert refusal(formula) == (RefusalCode.WORKBOOK_FORMULAS, 2, ("B2",))


@pytest.mark.parametrize("part", ["foo/sheet1.xml", "worksheets/sheet1.dat", "worksheets/x/sheet1.xml"])
def test_a_sheet_that_stands_where_no_formula_is_looked_for_is_refused(part: str) -> None:
    stated = parts({"A": [*HEAD, ["x", Cell(number="2", formula="1+1")]]})
    relations = "xl/_rels/workbook.xml.rels"
    moved = stated | {f"xl/{part}": stated[SHEET], relations: stated[relations].replace("worksheets/sheet1.xml", part)}
    del moved[SHEET]
    assert refusal(zipped(moved))[0] is RefusalCode.WORKBOOK_BROKEN


def test_the_part_of_a_sheet_is_found_in_any_case() -> None:
    stated = parts({"A": [*HEAD, ["x", Cell(number="2", formula="1+1")]]})
    moved = stated | {SHEET.title(): stated[SHEET]}
    del moved[SHEET]
    assert refusal(zipped(moved)) == (RefusalCode.WORKBOOK_FORMULAS, 2, ("B2",))


def test_a_formula_of_another_sheet_is_not_looked_at() -> None:
    content = a_workbook({"Juin & co": [*HEAD, list(ROWS[0])], "B": [[Cell(number="2", formula="1+1")]]})
    assert read(content)[1] == [(2, list(ROWS[0]))]


def test_a_workbook_without_a_header_is_refused() -> None:
    assert refusal(a_workbook({"A": [["Bonjour"]]}))[0] is RefusalCode.NO_HEADER

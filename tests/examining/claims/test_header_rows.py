"""A header in two rows: weeks stand above the columns of their hours, once for both, as merged cells are written."""

from collections.abc import Sequence
from datetime import date

import pytest

from examining.claims.columns import Reader
from examining.claims.header_rows import best
from examining.claims.refused import FileRefused
from examining.claims.rows import Row
from models.claim_files.refusals import RefusalCode
from tests.examining.claims.files import HEADER, ROWS, TWO_HEADER_ROWS, WIDE_HEADER, WIDE_ROWS

READER = Reader(date(2021, 6, 1), frozenset())
NAMES = HEADER[:7]
HOURS = ("Travaillées", "Chômées") * 2


def header(*rows: Sequence[str]) -> Row:
    return best(enumerate(rows, 1), READER)[1]


def test_the_week_above_two_columns_is_that_of_both() -> None:
    line, cells = header(*TWO_HEADER_ROWS, *WIDE_ROWS)
    assert line == 2
    assert cells[6:] == [
        *(NAMES[6], "Travaillées Semaine 25", "Chômées Semaine 25", "Travaillées Semaine 26", "Chômées Semaine 26"),
        *HEADER[10:],
    ]


@pytest.mark.parametrize(
    "above",
    ["S26", "26", "2021-W26", "28/06/2021", "2021-06-28", "du 28/06/2021 au 04/07/2021", "Semaine 26 du 28/06/2021"],
)
def test_the_week_stands_there_in_any_form(above: str) -> None:
    _, cells = header((*[""] * 7, above, ""), (*NAMES, "heures travaillées", "heures chômées"), ("x",) * 9)
    assert [each.week for each in READER.columns(cells, 2).weeks] == [date(2021, 6, 28)]


def test_names_may_stand_in_the_upper_row_and_titles_above_it() -> None:
    rows = [("Activité partielle, juin 2021",), (*NAMES, "S25", "", "S26", ""), (*[""] * 7, *HOURS), ("x",) * 11]
    line, cells = header(*rows)
    assert (line, cells[:7]) == (3, [*NAMES])
    assert len(READER.columns(cells, line).weeks) == 2


DAYS = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi")


@pytest.mark.parametrize(
    "rows",
    [
        ((*[""] * 7, "Semaine 25", *[""] * 4, "Semaine 26", *[""] * 4), (*NAMES, *DAYS * 2)),
        ((*NAMES, "Semaine 25", *[""] * 4, "Semaine 26", *[""] * 4), (*[""] * 7, *DAYS * 2)),
    ],
)
def test_days_below_their_weeks_are_refused_with_what_to_write(rows: tuple[Sequence[str], ...]) -> None:
    with pytest.raises(FileRefused) as refused:
        READER.columns(header(*rows, ("x",) * 17)[1], 2)
    assert (refused.value.code, refused.value.at) == (RefusalCode.HOURS_BY_DAY, DAYS * 2)


@pytest.mark.parametrize("title", [("Mois", "06/2021"), ("Édité le", "28/06/2021"), ("Établissement", "12")])
def test_a_title_is_no_week_of_the_hours_below_it(title: tuple[str, str]) -> None:
    without_week = tuple(each for each in HEADER if each != "semaine")
    with pytest.raises(FileRefused) as refused:
        READER.columns(header((*title, *[""] * 9), without_week, ("x",) * 11)[1], 2)
    assert (refused.value.code, refused.value.at) == (RefusalCode.COLUMNS_MISSING, ("semaine",))


def test_a_merged_week_ends_where_another_cell_stands() -> None:
    _, cells = header((*[""] * 7, "S25", "", "Cumul", "", ""), (*NAMES, *HOURS[:2], "Total", *HOURS[:2]), ("x",) * 12)
    assert cells[7:] == ["Travaillées S25", "Chômées S25", "Total", "Travaillées", "Chômées"]


@pytest.mark.parametrize(
    "rows",
    [
        (("Semaine 26", *[""] * 11), HEADER, ROWS[0]),
        (("Semaines 25 à 26",), HEADER, ROWS[0]),
        ((*[""] * 7, "Semaine 26", ""), WIDE_HEADER, WIDE_ROWS[0]),
        (HEADER, ROWS[0], ROWS[1]),
        (HEADER, (*ROWS[0][:8], "14", "21", *ROWS[0][10:])),
        (WIDE_HEADER, WIDE_ROWS[0], WIDE_ROWS[1]),
        (HEADER,),
    ],
)
def test_one_row_that_says_all_is_read_alone(rows: tuple[Sequence[str], ...]) -> None:
    _, cells = header(*rows)
    assert cells in (HEADER, WIDE_HEADER)


def test_there_may_be_no_row() -> None:
    assert best([], READER) == (0, (0, []))

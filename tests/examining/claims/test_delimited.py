"""Tables in text: separator and header are found by what is recognised, among the first rows."""

from datetime import date

import pytest

from examining.claims.columns import MAX_HEADER_ROW, Reader
from examining.claims.delimited import SEPARATORS, find, rows
from examining.claims.refused import FileRefused
from models.claim_files.refusals import RefusalCode
from tests.examining.claims.files import HEADER, table

READER = Reader(date(2021, 6, 1), frozenset())


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("before", [0, 1, MAX_HEADER_ROW - 1])
def test_the_header_is_found_below_titles_by_each_separator(separator: str, before: int) -> None:
    titles = "Activité partielle, juin; établissement de Lyon\n" * before
    found, (line, header) = find(titles + table(separator=separator), READER)
    assert (found, line, tuple(header)) == (separator, before + 1, HEADER)


@pytest.mark.parametrize("text", ["nir;nom\n1;2\n", "Madame,\n\nJe vous écris.\n", "\n" * MAX_HEADER_ROW + table()])
def test_what_has_no_header_is_refused(text: str) -> None:
    with pytest.raises(FileRefused) as refused:
        find(text, READER)
    assert refused.value.code is RefusalCode.NO_HEADER


def test_rows_have_the_number_of_their_first_line() -> None:
    text = 'a;b\n"c\nd";e\r\n\nf;g'
    assert [(line, cells) for line, cells in rows(text, ";") if cells] == [
        (1, ["a", "b"]),
        (2, ["c\nd", "e"]),
        (5, ["f", "g"]),
    ]


def test_a_quotation_mark_that_stays_open_refuses_the_file_at_its_line() -> None:
    with pytest.raises(FileRefused) as refused:
        list(rows('a;b\nc;"d\n' + "e;f\n" * 40_000, ";"))
    assert (refused.value.code, refused.value.line) == (RefusalCode.QUOTES, 2)

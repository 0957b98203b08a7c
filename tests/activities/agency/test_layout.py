"""The agency's file: its name, its caps, the same bytes for the same rows."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from activities.agency.authorization_lines import AUTHORIZATION_LINES
from activities.agency.layout import RowTooLarge, lay_out, name
from models.store.agency.rows import Row
from tests.activities.agency.test_authorization_lines import PLENTY, a_row


def rows(count: int) -> list[Row]:
    return [a_row(key=sha256(str(number).encode()).hexdigest()) for number in range(count)]


def test_the_same_rows_give_the_same_bytes() -> None:
    assert lay_out(AUTHORIZATION_LINES, rows(3), 700, PLENTY) == lay_out(AUTHORIZATION_LINES, rows(3), 700, PLENTY)


@pytest.mark.parametrize(("offered", "held"), [(1, 1), (700, 700), (701, 700)])
def test_a_file_holds_no_more_rows_than_the_agency_takes(offered: int, held: int) -> None:
    content, count = lay_out(AUTHORIZATION_LINES, rows(offered), 700, PLENTY)
    lines = json.loads(content)["lignesTelechargement"]
    assert count == held
    assert [line["numLigne"] for line in lines] == list(range(1, held + 1))


def test_a_file_holds_no_more_bytes_than_the_agency_takes() -> None:
    whole = len(lay_out(AUTHORIZATION_LINES, rows(10), 700, PLENTY).content)
    assert lay_out(AUTHORIZATION_LINES, rows(10), 700, whole).rows == 10
    cut = lay_out(AUTHORIZATION_LINES, rows(10), 700, whole - 1)
    assert cut.rows == 9
    assert len(cut.content) < whole
    assert len(json.loads(cut.content)["empreintes"]) == 9


def test_a_row_larger_than_a_file_is_an_error() -> None:
    with pytest.raises(RowTooLarge):
        lay_out(AUTHORIZATION_LINES, rows(2), 700, 500)


def test_a_file_is_named_by_its_second() -> None:
    assert name("TACITE_DA_", datetime(2021, 5, 12, 10, 27, 43, tzinfo=UTC)) == "TACITE_DA_20210512102743.json"

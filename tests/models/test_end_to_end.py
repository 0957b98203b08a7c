"""The identifier of a payment says what it pays, fits what the bank takes, and nothing else is read as one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.end_to_end import MAX_LENGTH, EndToEnd

APRIL = date(2021, 4, 1)
EXAMPLE = EndToEnd("034AQHV02", APRIL, 1, 2, 12, 1)
IDENTIFIERS = st.builds(
    EndToEnd,
    st.just("02AQHVB99"),
    st.dates(date(2013, 7, 1), date(2199, 12, 1)).map(lambda day: day.replace(day=1)),
    st.integers(1, 999),
    st.integers(1, 99),
    st.integers(0, 100_000),
    st.integers(1, 9),
)


def test_it_says_reference_month_part_version_person_and_attempt() -> None:
    assert str(EXAMPLE) == "034AQHV02-202104-01-02-00012-1"


@given(IDENTIFIERS)
def test_it_is_read_as_it_was_made_and_never_too_long(stated: EndToEnd) -> None:
    assert EndToEnd.parse(str(stated)) == stated
    assert len(str(stated)) <= MAX_LENGTH


def test_one_that_the_bank_would_not_take_is_never_made() -> None:
    with pytest.raises(ValueError, match="034AQHV02"):
        str(EXAMPLE._replace(part=32_767, version=32_767))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NOTPROVIDED",
        "034AQHV02-202113-01-02-00012-1",
        "034AQHV02-202104-1-02-00012-1",
        "034AQHV02-202104-001-02-00012-1",
        "034AQHV02-202104-01-02-00012-1 ",
        "034AQHV02-202104-01-02-00012",
        "034AQHV02-000004-01-02-00012-1",
    ],
)
def test_any_other_text_is_none_of_ours(text: str) -> None:
    assert EndToEnd.parse(text) is None

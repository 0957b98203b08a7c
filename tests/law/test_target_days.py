"""Days on which transfers in euro are settled: the published calendar of TARGET."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.dated import BeforeFirstText
from law.target_days import (
    is_settlement_day,
    settlement_day_from,
    settlement_day_until,
    settlement_days_after,
)

DAYS = st.dates(date(2013, 7, 1), date(2040, 12, 31))

# European Central Bank, closing days of TARGET published for these years.
CLOSED = [
    "2020-01-01",
    "2020-04-10",
    "2020-04-13",
    "2020-05-01",
    "2020-12-25",
    "2026-04-03",
    "2026-04-06",
    "2027-03-26",
]
# Public holidays of France on which the euro is settled all the same.
OPEN = ["2020-05-21", "2020-06-01", "2020-07-14", "2026-11-11", "2027-05-06"]


@pytest.mark.parametrize("day", CLOSED)
def test_target_is_closed_on_the_days_that_the_bank_published(day: str) -> None:
    assert not is_settlement_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", OPEN)
def test_a_holiday_of_one_country_closes_nothing(day: str) -> None:
    assert is_settlement_day(date.fromisoformat(day))


def test_a_year_has_the_settlement_days_that_its_calendar_leaves() -> None:
    # 2020: 262 weekdays less 1 January, Good Friday, Easter Monday, 1 May, 25 December (26 is a Saturday).
    year = [date(2020, 1, 1) + timedelta(days=n) for n in range(366)]
    assert sum(map(is_settlement_day, year)) == 257


def test_what_is_due_at_easter_is_ordered_on_thursday() -> None:
    assert settlement_day_until(date(2020, 4, 13)) == date(2020, 4, 9)
    assert settlement_day_from(date(2020, 4, 10)) == date(2020, 4, 14)


def test_two_settlement_days_after_a_thursday_before_easter_is_the_wednesday() -> None:
    assert settlement_days_after(date(2020, 4, 9), 2) == date(2020, 4, 15)


@given(DAYS)
def test_the_days_before_and_after_are_the_nearest(day: date) -> None:
    before, after = settlement_day_until(day), settlement_day_from(day)
    assert before <= day <= after
    assert is_settlement_day(before)
    assert is_settlement_day(after)
    between = [before + timedelta(days=n) for n in range(1, (after - before).days)]
    assert not any(map(is_settlement_day, between))


def test_nothing_is_known_before_the_calendar() -> None:
    with pytest.raises(BeforeFirstText, match="TARGET"):
        is_settlement_day(date(2001, 12, 31))

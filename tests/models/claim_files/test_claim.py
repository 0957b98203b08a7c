"""Which days of a week a claim covers, and which month a file is of when nobody says."""

from datetime import date, timedelta

import pytest

from models.claim_files.claim import Days, days_of_month, days_of_period, own_month, sunday, usual_month
from models.identifiers import Period

MARCH, APRIL = date(2021, 3, 1), date(2021, 4, 1)
LAST_OF_MARCH = date(2021, 3, 29)
"""Monday to Wednesday are of March."""


def mondays(first: date, count: int) -> list[date]:
    return [first + number * timedelta(weeks=1) for number in range(count)]


def test_a_week_across_two_months_has_days_in_both() -> None:
    assert days_of_month(LAST_OF_MARCH, MARCH) == Days(LAST_OF_MARCH, date(2021, 3, 31))
    assert days_of_month(LAST_OF_MARCH, APRIL) == Days(APRIL, sunday(LAST_OF_MARCH))
    assert days_of_month(MARCH, APRIL) is None
    assert [days_of_month(LAST_OF_MARCH, month).number for month in (MARCH, APRIL)] == [3, 4]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("first", "last", "working"),
    [(29, 31, 3), (22, 28, 5), (22, 26, 5), (27, 28, 0), (26, 28, 1), (28, 28, 0), (24, 24, 1)],
)
def test_working_days_are_from_monday_to_friday(first: int, last: int, working: int) -> None:
    assert Days(MARCH.replace(day=first), MARCH.replace(day=last)).working == working


def test_days_outside_the_period_are_not_claimed() -> None:
    week = Days(date(2021, 3, 8), date(2021, 3, 14))
    period = Period(start_on=date(2021, 3, 10), end_on=date(2021, 3, 12))
    assert days_of_period(week, period) == Days(period.start_on, period.end_on)
    assert days_of_period(week, Period(start_on=date(2021, 3, 15), end_on=date(2021, 3, 20))) is None


def test_the_month_of_a_week_is_that_of_most_of_its_working_days() -> None:
    assert own_month(LAST_OF_MARCH) == MARCH
    assert own_month(date(2021, 4, 26)) == APRIL
    assert own_month(date(2021, 6, 28)) == date(2021, 6, 1)
    assert own_month(date(2020, 3, 30)) == date(2020, 4, 1)


@pytest.mark.parametrize(
    ("weeks", "month"),
    [
        (mondays(MARCH, 5), MARCH),
        (mondays(LAST_OF_MARCH, 5), APRIL),
        ([LAST_OF_MARCH], MARCH),
        ([*mondays(MARCH, 4), date(2020, 3, 2)], MARCH),  # one week of another year
        (mondays(MARCH, 13), None),  # a quarter
        ([], None),
    ],
)
def test_a_file_is_of_the_month_that_most_of_its_weeks_have_days_in(weeks: list[date], month: date | None) -> None:
    assert usual_month(weeks) == month

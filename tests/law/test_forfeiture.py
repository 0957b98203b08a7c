"""Until when claims are made: from the term of the period, and six months more to put them right."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.dated import BeforeFirstText
from law.forfeiture import forfeiture

DAYS = st.dates(date(2013, 7, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("ended", "filed", "last", "forfeited"),
    [
        ("2018-06-30", "2018-09-23", "2022-06-30", "2022-07-01"),
        ("2018-12-31", "2018-09-23", "2022-12-31", "2023-01-01"),
        ("2018-12-31", "2018-09-24", "2019-12-31", "2020-01-01"),
        ("2018-09-20", "2018-10-01", "2019-09-20", "2019-09-21"),
        ("2020-05-31", "2020-04-01", "2021-05-31", "2021-06-01"),
        ("2020-06-30", "2020-06-01", "2021-06-30", "2021-07-01"),
        ("2020-07-01", "2020-06-01", "2021-06-30", "2021-07-01"),
        ("2020-12-31", "2020-12-01", "2021-06-30", "2021-07-01"),
        ("2021-01-01", "2020-12-01", "2021-07-01", "2021-07-02"),
        # fédération du bâtiment: 1 February to 30 April 2021, claims before 1 November
        ("2021-04-30", "2021-02-01", "2021-10-31", "2021-11-01"),
        ("2024-02-29", "2024-01-10", "2024-08-31", "2024-09-01"),
        ("2025-06-15", "2025-05-01", "2025-12-15", "2025-12-16"),
        ("2026-08-30", "2026-07-01", "2027-02-27", "2027-02-28"),
        ("2026-08-31", "2026-07-01", "2027-02-28", "2027-03-01"),
    ],
)
def test_claims_run_from_the_term_of_the_period(ended: str, filed: str, last: str, forfeited: str) -> None:
    found = forfeiture(date.fromisoformat(ended), date.fromisoformat(filed))
    assert (found.last_day_on, found.forfeited_on) == (date.fromisoformat(last), date.fromisoformat(forfeited))
    assert found.regularise_until is None


@pytest.mark.parametrize(
    ("ended", "months", "until"),
    [
        ("2021-04-30", 12, "2022-04-30"),
        ("2025-06-15", 7, "2026-06-15"),
        ("2025-06-15", 6, None),
        ("2020-12-31", 12, None),
    ],
)
def test_a_long_arrangement_is_put_right_later(ended: str, months: int, until: str | None) -> None:
    found = forfeiture(date.fromisoformat(ended), date(2019, 6, 1), months)
    assert found.regularise_until == (date.fromisoformat(until) if until else None)


def test_a_period_that_ended_before_the_first_text_is_forfeited_like_any_other() -> None:
    # A disaster of June 2013 could still be filed in July, so its case must be able to end.
    assert forfeiture(date(2013, 6, 25), filed_on=date(2013, 7, 5)).forfeited_on == date(2017, 6, 26)


def test_nothing_is_said_before_the_first_text() -> None:
    with pytest.raises(BeforeFirstText):
        forfeiture(date(2013, 6, 1), date(2013, 6, 30))


@given(DAYS, DAYS, st.none() | st.integers(1, 24))
def test_the_last_day_is_the_eve_of_forfeiture(ended: date, filed: date, months: int | None) -> None:
    found = forfeiture(ended, filed, months)
    assert ended < found.last_day_on == date.fromordinal(found.forfeited_on.toordinal() - 1)
    assert found.regularise_until is None or found.regularise_until > found.last_day_on

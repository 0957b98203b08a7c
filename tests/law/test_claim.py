"""The forfeiture of claims."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.claim import claims_forfeited_on

DAYS = st.dates(date(2013, 7, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("ended", "filed", "forfeited"),
    [
        ("2018-06-30", "2018-09-23", "2022-07-01"),
        ("2018-12-31", "2018-09-23", "2023-01-01"),
        ("2018-12-31", "2018-09-24", "2020-01-01"),
        ("2018-09-20", "2018-10-01", "2019-09-21"),
        ("2020-06-30", "2020-06-01", "2021-07-01"),
        ("2020-07-01", "2020-06-01", "2021-07-01"),
        ("2020-12-31", "2020-12-01", "2021-07-01"),
        ("2021-01-01", "2020-12-01", "2021-07-02"),
        ("2026-02-28", "2026-01-01", "2026-08-29"),
        ("2026-08-31", "2026-07-01", "2027-03-01"),
    ],
)
def test_claims_are_forfeited_by_the_end_of_the_period(ended: str, filed: str, forfeited: str) -> None:
    found = claims_forfeited_on(date.fromisoformat(ended), date.fromisoformat(filed))
    assert found.forfeited_on == date.fromisoformat(forfeited)
    assert found.why


def test_a_period_that_ended_before_the_first_text_is_forfeited_like_any_other() -> None:
    # A disaster of June 2013 could still be filed in July, so its case must be able to end.
    found = claims_forfeited_on(date(2013, 6, 25), filed_on=date(2013, 7, 5))
    assert found.forfeited_on == date(2017, 6, 26)


@given(DAYS, DAYS)
def test_forfeiture_comes_after_the_period(ended: date, filed: date) -> None:
    assert claims_forfeited_on(ended, filed).forfeited_on > ended

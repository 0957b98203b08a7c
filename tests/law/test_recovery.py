"""Grounds and terms of recovery by day, and the limit of withdrawal."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.recovery import (
    RecoveryGround,
    earliest_term,
    earliest_withdrawal,
    instalments,
    recovery_terms,
    withdrawal_limit,
)


@pytest.mark.parametrize(
    ("on", "grounds", "term"),
    [
        ("2020-06-28", {RecoveryGround.COMMITMENTS}, "2020-06-28"),
        ("2020-06-29", {RecoveryGround.COMMITMENTS, RecoveryGround.OVERPAYMENT}, "2020-07-29"),
        ("2022-12-28", {RecoveryGround.COMMITMENTS, RecoveryGround.OVERPAYMENT}, "2023-01-27"),
        ("2022-12-29", set(RecoveryGround), "2023-01-28"),
    ],
)
def test_an_order_rests_on_the_grounds_of_its_day(on: str, grounds: set[RecoveryGround], term: str) -> None:
    assert recovery_terms(date.fromisoformat(on)).value.grounds == grounds
    assert earliest_term(date.fromisoformat(on)) == date.fromisoformat(term)


@pytest.mark.parametrize(
    ("born_on", "tacit", "last", "text"),
    [
        ("2016-05-31", False, "2016-09-30", "Ternon"),
        ("2016-05-31", True, "2016-07-31", "loi n° 2000-321, art. 23"),
        ("2016-06-01", False, "2016-10-01", "CRPA, art. L. 242-1"),
        ("2016-06-01", True, "2016-10-01", "CRPA, art. L. 242-1"),
    ],
)
def test_a_tacit_authorization_was_withdrawn_within_two_months_before_the_code(
    born_on: str, tacit: bool, last: str, text: str
) -> None:
    found = withdrawal_limit(date.fromisoformat(born_on), tacit=tacit)
    assert found.last_day_on == date.fromisoformat(last)
    assert text in found.why[0].source


def test_an_authorization_is_withdrawn_within_four_months_but_for_fraud() -> None:
    # The tacit authorisation of 28 January 2021 could be withdrawn to 28 May; it was in August.
    assert withdrawal_limit(date(2021, 1, 28), tacit=True).last_day_on == date(2021, 5, 28)
    assert withdrawal_limit(date(2021, 10, 31)).last_day_on == date(2022, 2, 28)
    assert withdrawal_limit(date(2021, 1, 28), fraud=True).last_day_on is None


def test_an_employer_is_heard_for_fifteen_days_before_a_withdrawal() -> None:
    assert earliest_withdrawal(date(2021, 1, 28)) == date(2021, 2, 12)
    assert earliest_withdrawal(date(2015, 12, 31)) == date(2016, 1, 15)


def test_instalments_fall_on_the_same_day_of_each_month() -> None:
    parts = instalments(100_001, 3, date(2021, 1, 31))
    assert [(each.due_on.isoformat(), each.cents) for each in parts] == [
        ("2021-01-31", 33_334),
        ("2021-02-28", 33_334),
        ("2021-03-31", 33_333),
    ]


@given(st.integers(1, 10**12), st.integers(1, 60))
def test_instalments_make_up_the_whole(cents: int, count: int) -> None:
    if count > cents:
        with pytest.raises(ValueError, match="more instalments than cents"):
            instalments(cents, count, date(2021, 1, 31))
        return
    parts = [each.cents for each in instalments(cents, count, date(2021, 1, 31))]
    assert sum(parts) == cents
    assert max(parts) - min(parts) <= 1

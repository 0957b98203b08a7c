"""What a claim is worth: one product a person, month and rate, the same cents as the calculator."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.allowance import HeadcountNeeded
from law.calendar import add_months
from law.claimed_worth import ClaimedWorth, HourlyRates, MonthAndRate, add, product
from law.pay import Circumstances, Pay
from law.rates import RateUnknown, Sector
from law.worth import worth

PARIS = Circumstances("75", headcount=20)


def total(rates: HourlyRates, parts: list[tuple[date, date, str]], pay: Pay) -> ClaimedWorth:
    hours: dict[MonthAndRate, Decimal] = {}
    for first, last, claimed in parts:
        for rate, share in rates.split(first, last, Decimal(claimed), pay):
            hours[rate] = hours.get(rate, Decimal(0)) + share
    return add(product(rate, claimed) for (_, rate), claimed in hours.items())


def test_the_month_counts_not_the_line() -> None:
    # Three weeks of 3.33 h at 8.57 are 85.62 by line (law.worth).
    weeks = [(date(2026, 3, day), date(2026, 3, day + 6), "3.33") for day in (2, 9, 16)]
    found = total(HourlyRates(PARIS), weeks, Pay(Decimal("12.02")))
    assert (found.hours, found.allowance) == (Decimal("9.99"), Decimal("85.61"))


def test_a_row_that_begins_within_a_week_splits_it() -> None:
    # Apprentices from 27 March 2020: Thursday 26 at the common rate, Friday 27 at their own pay.
    apprentice = Pay(Decimal("5.00"), apprentice=True)
    found = total(HourlyRates(PARIS), [(date(2020, 3, 26), date(2020, 3, 29), "14")], apprentice)
    assert found.allowance == Decimal("24.50") + Decimal("35.00")


@pytest.mark.parametrize(
    "where", [PARIS, Circumstances("976", headcount=300), Circumstances("75", 20, sector=Sector.VULNERABLE)]
)
@given(
    on=st.dates(date(2013, 7, 1), date(2026, 12, 31)),
    hours=st.decimals("0", "168", places=2),
    hourly=st.sampled_from(("4.00", "10.15", "12.31", "20.00", "80.00")),
    apprentice=st.booleans(),
)
def test_a_week_within_one_month_is_worth_what_the_calculator_says(
    where: Circumstances, on: date, hours: Decimal, hourly: str, apprentice: bool
) -> None:
    last = min(on + timedelta(days=6 - on.weekday()), add_months(on.replace(day=1), 1) - timedelta(days=1))
    pay, rates = Pay(Decimal(hourly), apprentice=apprentice), HourlyRates(where)
    try:
        expected = worth(on, last, hours, pay, where)
    except RateUnknown:
        with pytest.raises(RateUnknown):
            list(rates.split(on, last, hours, pay))
        return
    for _ in range(2):  # calculated, then remembered
        parts = list(rates.split(on, last, hours, pay))
        assert sum(share for _, share in parts) == hours
    of_rows = add(product(rate, share) for (_, rate), share in parts)
    assert (of_rows.allowance, of_rows.indemnity) == (expected.allowance, expected.indemnity)


def test_flat_amounts_need_the_headcount() -> None:
    with pytest.raises(HeadcountNeeded):
        list(HourlyRates(Circumstances("75")).split(date(2019, 3, 4), date(2019, 3, 10), Decimal(7), Pay(Decimal(15))))

"""What hours are worth over a period: by month and row, exactly the hours stated."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law.pay import Circumstances, Pay
from law.worth import foresight, worth
from tests.law.test_allowance import circumstances
from tests.law.worth_examples import TOTALS, Total

PARIS = Circumstances("75", headcount=20)
DAYS = st.dates(date(2013, 7, 1), date(2026, 12, 31))


def test_the_month_counts_not_the_line() -> None:
    # Three weeks of 3.33 h at 8.57 are 85.62 by line.
    found = worth(date(2026, 3, 1), date(2026, 3, 1), Decimal("9.99"), Pay(Decimal("12.02")), PARIS)
    assert found.allowance == Decimal("85.61")


@pytest.mark.parametrize("total", TOTALS, ids=lambda each: f"{each.on} {each.hours} h")
def test_a_published_total_is_found_to_the_cent(total: Total) -> None:
    days = date.fromisoformat(total.on), date.fromisoformat(total.to)
    found = worth(*days, Decimal(total.hours), Pay(Decimal(total.gross)), circumstances(**total.said))
    assert total.allowance is None or found.allowance == Decimal(total.allowance), total.source
    assert total.indemnity is None or found.indemnity == Decimal(total.indemnity), total.source


@pytest.mark.parametrize(("last", "is_told"), [(date(2026, 3, 2), False), (date(2026, 3, 3), True)])
def test_figures_of_days_to_come_are_those_known_today(last: date, is_told: bool) -> None:
    told = foresight(last, date(2026, 3, 2), "976")
    assert [each.value for each in told] == ["SMIC de 9,33\xa0€ depuis le 1er janvier 2026"][: int(is_told)]


def test_each_month_has_its_own_rate() -> None:
    found = worth(date(2021, 5, 31), date(2021, 7, 1), Decimal(168), Pay(Decimal("20.00")), PARIS)
    assert [each.month.month for each in found.months] == [5, 6, 7]
    assert [each.hours for each in found.months] == [Decimal("7.00"), Decimal("154.00"), Decimal("7.00")]
    assert [each.allowance for each in found.months] == [Decimal("84.00"), Decimal("1601.60"), Decimal("51.10")]


def test_a_row_that_begins_within_a_month_splits_it() -> None:
    apprentice = Pay(Decimal("5.00"), apprentice=True)
    found = worth(date(2020, 3, 26), date(2020, 3, 27), Decimal(14), apprentice, PARIS)
    assert found.allowance == Decimal("24.50") + Decimal("35.00")
    assert len(found.months) == 1


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="période"):
        worth(date(2026, 3, 2), date(2026, 3, 1), Decimal(7), Pay(Decimal(15)), PARIS)


@settings(deadline=None)  # a year of days, on a machine that may be busy
@given(DAYS, st.integers(0, 400), st.decimals("0", "2000", places=4))
def test_no_hour_is_lost_or_made(on: date, days: int, hours: Decimal) -> None:
    found = worth(on, date.fromordinal(on.toordinal() + days), hours, Pay(Decimal("15.00")), PARIS)
    assert sum(each.hours for each in found.months) == hours
    assert found.allowance == sum(each.allowance for each in found.months)


@settings(deadline=None)  # a year of days, on a machine that may be busy
@given(DAYS, st.integers(0, 400), st.decimals("0", "2000", places=2), st.decimals("0", "2000", places=2))
def test_more_hours_are_never_worth_less(on: date, days: int, one: Decimal, other: Decimal) -> None:
    to = date.fromordinal(on.toordinal() + days)
    less, more = (worth(on, to, hours, Pay(Decimal("15.00")), PARIS) for hours in sorted((one, other)))
    assert less.allowance <= more.allowance
    assert less.indemnity <= more.indemnity

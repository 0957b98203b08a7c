"""Hourly pay of a claim: needed since shares of pay, at least the SMIC but for apprentices, and plausible."""

from datetime import date
from decimal import Decimal

import pytest

from law.claimed_pay import PayFault, pay_fault
from law.pay import Circumstances
from law.rates import RateUnknown

PARIS = Circumstances("75")
MARCH_2021, FEBRUARY_2020 = date(2021, 3, 1), date(2020, 2, 3)


@pytest.mark.parametrize(
    ("on", "hourly", "apprentice", "fault"),
    [
        (MARCH_2021, None, False, PayFault.MISSING),
        (FEBRUARY_2020, None, False, None),  # a flat amount by headcount
        (FEBRUARY_2020, None, True, PayFault.MISSING),  # never above the indemnity of an apprentice
        (MARCH_2021, "10.25", False, None),
        (MARCH_2021, "10.24", False, PayFault.BELOW_SMIC),
        (FEBRUARY_2020, "10.14", False, PayFault.BELOW_SMIC),
        (MARCH_2021, "5.00", True, None),
        (MARCH_2021, "2.50", True, PayFault.UNUSUAL),
        (MARCH_2021, "92.25", False, None),
        (MARCH_2021, "92.26", False, PayFault.UNUSUAL),
        (MARCH_2021, "102.50", False, PayFault.UNUSUAL),  # the SMIC without its comma
    ],
)
def test_pay_is_judged_by_the_day(on: date, hourly: str | None, apprentice: bool, fault: PayFault | None) -> None:
    pay = None if hourly is None else Decimal(hourly)
    assert pay_fault(on, pay, PARIS, apprentice=apprentice) is fault


def test_the_smic_of_mayotte_counts_there() -> None:
    assert pay_fault(date(2023, 6, 5), Decimal("8.70"), Circumstances("976"), apprentice=False) is None


def test_a_day_without_a_rate_is_no_guess() -> None:
    with pytest.raises(RateUnknown):
        pay_fault(date(2017, 3, 1), None, Circumstances("976"), apprentice=False)

"""Payment within 15, then 10 days; the shares of State and Unédic."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.payment import financing, payment_delay


@pytest.mark.parametrize(
    ("received", "due"),
    [("2020-03-28", "2020-04-12"), ("2020-03-29", "2020-04-08"), ("2026-12-31", "2027-01-10")],
)
def test_a_claim_is_paid_within_the_delay_of_its_day(received: str, due: str) -> None:
    assert payment_delay(date.fromisoformat(received)).due_on == date.fromisoformat(due)


@given(st.decimals("0", "1000000", places=2))
def test_both_shares_make_up_the_whole(allowance: Decimal) -> None:
    shares = financing(allowance, date(2026, 1, 1))
    assert shares.state + shares.unedic == allowance
    assert abs(shares.state - allowance * Decimal("0.67")) <= Decimal("0.005")

"""Payment within 15, then 10 days; the shares of State and Unédic."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.payment import financing, payment_delay, split_share


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


@given(st.lists(st.integers(0, 200_000), max_size=50), st.data())
def test_shares_of_the_parts_make_up_the_share_to_the_cent_and_none_exceeds_its_part(
    parts: list[int], data: st.DataObject
) -> None:
    share = data.draw(st.integers(0, sum(parts)))
    shares = split_share(share, parts)
    assert sum(shares) == share
    assert all(0 <= own <= part for own, part in zip(shares, parts, strict=True))


def test_one_cent_at_a_time_is_borne_in_turn_where_each_rounded_alone_would_all_be_the_state_s() -> None:
    assert split_share(67, [1] * 100).count(1) == 67
    assert split_share(2, [1, 1, 1]) == (1, 0, 1)
    assert split_share(0, []) == ()


@pytest.mark.parametrize(("share", "parts"), [(4, [1, 2]), (-1, [1]), (1, [2, -1])])
def test_there_is_no_share_of_less_than_nothing_nor_of_more_than_the_parts(share: int, parts: list[int]) -> None:
    with pytest.raises(ValueError, match="no share"):
        split_share(share, parts)

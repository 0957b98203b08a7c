"""What follows an authorization: claims, forfeiture (L. 5122-1, IV), refunds (R. 5122-10), controls."""

from datetime import date

import pytest

from law.grant_effects import grant_effects, last_day_to_claim


def test_claims_of_a_period_are_made_within_six_months() -> None:
    assert last_day_to_claim(date(2027, 2, 28), date(2026, 11, 15)) == date(2027, 8, 31)
    claims, last, _, controls = grant_effects(date(2027, 2, 28), date(2026, 11, 15), date(2026, 11, 22))
    assert "chaque mois" in claims
    assert "31 août 2027" in last
    assert "L. 5124-1" in controls


@pytest.mark.parametrize(
    ("on", "overpaid", "conditions"),
    [
        (date(2020, 6, 28), False, False),
        (date(2020, 6, 29), True, False),
        (date(2022, 12, 28), True, False),
        (date(2022, 12, 29), True, True),
    ],
)
def test_refunds_have_had_three_versions(on: date, overpaid: bool, conditions: bool) -> None:
    refund = grant_effects(date(2023, 3, 31), date(2020, 3, 1), on)[2]
    assert ("trop-perçu" in refund, "conditions de l’autorisation" in refund) == (overpaid, conditions)

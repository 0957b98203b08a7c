"""Accounts of the single euro payments area: dated, none of them refused, those outside France and Monaco looked at."""

from datetime import date

import pytest

from law.accounts import SEPA_SINCE, is_reachable, is_usual

MEMBERS = [
    *("FR", "MC", "DE", "LT", "BE", "LU", "NL", "ES", "IE", "SM", "GB", "CH", "VA", "AD", "AL", "ME", "MK", "MD", "RS"),
    *("IS", "LI", "NO", "GI", "HR", "BG"),
]


@pytest.mark.parametrize("country", MEMBERS)
def test_a_country_of_the_area_is_reachable(country: str) -> None:
    assert is_reachable(country)


@pytest.mark.parametrize("country", ["TR", "SA", "US", "UA", "TN", "MA", "FO", "GL", "BR"])
def test_another_country_is_not(country: str) -> None:
    assert not is_reachable(country)


def test_the_members_of_2025_and_2026_have_their_day() -> None:
    assert len(SEPA_SINCE) == 42
    assert SEPA_SINCE["AL"] == date(2025, 10, 5)
    assert SEPA_SINCE["RS"].year == 2026


def test_only_accounts_of_france_and_monaco_are_usual() -> None:
    assert [country for country in sorted(SEPA_SINCE) if is_usual(country)] == ["FR", "MC"]

"""The indemnity: its minimum, and what differs for apprentices in four periods."""

from decimal import Decimal

import pytest

from tests.law.test_allowance import amounts


@pytest.mark.parametrize(
    ("on", "minimum"),
    [
        ("2020-03-01", "8.03"),
        ("2021-01-01", "8.11"),
        ("2021-10-01", "8.30"),
        ("2022-01-01", "8.37"),
        ("2023-05-01", "9.12"),
        ("2024-11-01", "9.40"),
        ("2026-01-01", "9.52"),
    ],
)
def test_the_indemnity_is_at_least_the_net_smic(on: str, minimum: str) -> None:
    assert amounts(on, "11.00")[1] == Decimal(minimum)


def test_pay_below_the_net_smic_is_kept_whole() -> None:
    assert amounts("2024-11-05", "9.00")[1] == Decimal("9.00")


@pytest.mark.parametrize(
    ("on", "gross", "allowance", "indemnity"),
    [
        ("2020-03-26", "5.00", "3.50", "3.50"),
        ("2020-03-27", "5.00", "5.00", "5.00"),
        ("2020-06-15", "12.00", "8.03", "8.40"),
        ("2020-10-31", "12.00", "8.03", "8.40"),
        ("2020-11-01", "12.00", "8.40", "8.40"),
        ("2021-12-31", "12.00", "8.30", "8.30"),
        ("2022-01-01", "12.00", "7.53", "10.57"),
        ("2022-01-01", "5.00", "5.00", "5.00"),
        ("2026-03-01", "30.00", "10.80", "18.00"),
    ],
)
def test_apprentices_have_rules_of_their_own(on: str, gross: str, allowance: str, indemnity: str) -> None:
    assert amounts(on, gross, apprentice=True) == (Decimal(allowance), Decimal(indemnity))


@pytest.mark.parametrize(("gross", "paid"), [("5", "5.00"), ("5.1250", "5.13"), ("5.1249", "5.12")])
def test_own_pay_is_an_amount_to_the_cent(gross: str, paid: str) -> None:
    assert [f"{each}" for each in amounts("2024-11-05", gross, apprentice=True)] == [paid, paid]
    assert f"{amounts('2024-11-05', gross)[1]}" == paid

"""What a person’s weeks are worth is explained by the functions that price them."""

from datetime import date
from decimal import Decimal

from law.claim_explanation import ClaimedWeek, explain, products
from law.claimed_worth import HourlyRates
from law.pay import Circumstances, Pay
from law.work_time import Mode

MONDAYS = (date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 21))


def a_week(monday: date, hours: str, gross: str = "15", contract: str = "35") -> ClaimedWeek:
    last, pay = monday.replace(day=monday.day + 6), Pay(Decimal(gross))
    limit = min(Decimal(contract), Decimal(35))
    return ClaimedWeek(monday, monday, last, Decimal(0), Decimal(hours), limit, Decimal(contract), Mode.WEEKLY, pay)


def test_the_hours_of_a_month_at_one_rate_are_one_product() -> None:
    """3 × 3.33 h at 8.57 are 85.62 by line and 85.61 by month: the month counts."""
    found = products([a_week(each, "3.33") for each in MONDAYS], HourlyRates(Circumstances("34")))
    assert [(each.hours, each.allowance) for each in found] == [(Decimal("9.99"), Decimal("85.61"))]


def test_another_pay_is_another_product() -> None:
    weeks = [a_week(MONDAYS[0], "7"), a_week(MONDAYS[1], "7", gross="40")]
    found = products(weeks, HourlyRates(Circumstances("34")))
    assert [each.allowance for each in found] == [Decimal("59.99"), Decimal("100.80")]


def test_each_week_each_rate_and_each_product_is_told_once() -> None:
    weeks = [a_week(each, "3.33", contract="28") for each in MONDAYS]
    found = products(weeks, HourlyRates(Circumstances("34")))
    told = list(explain(weeks, found, structural=False))
    assert len(told) == len(set(told))
    assert [each.article for each in told].count("R. 5122-19") == len(MONDAYS)
    assert any("contrat" in each.text for each in told)
    assert told[-1].article == "R. 5122-14"

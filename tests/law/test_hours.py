"""Payable hours of a week, in the ten modes; public holidays; weeks across two months."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.dated import BeforeFirstText
from law.hours import Week, payable_hours, usual_holidays
from law.work_time import Mode
from tests.law.hours_examples import EXAMPLES, Example

MARCH, JUNE = "2020-03-30", "2026-06-08"
MONDAYS = st.dates(date(2013, 7, 1), date(2026, 12, 28)).map(lambda day: day - timedelta(days=day.weekday()))
HOURS = st.decimals("0", "48", places=2)


def hours(monday: str | date, contract: str | Decimal, worked: str | Decimal = "0", **said: Any) -> Decimal:
    day = date.fromisoformat(monday) if isinstance(monday, str) else monday
    if "collective" in said:
        said["collective_hours"] = Decimal(said.pop("collective"))
    return payable_hours(Week(day, Decimal(contract), Decimal(worked), **said)).hours


@pytest.mark.parametrize(
    ("monday", "contract", "worked", "said", "payable"),
    [
        (JUNE, "35", "14", {}, "21"),
        (JUNE, "39", "20", {}, "15"),
        (JUNE, "39", "20", {"structural": True}, "19"),
        ("2020-02-10", "39", "20", {"structural": True}, "15"),
        (JUNE, "35", "10", {"collective": "32"}, "22"),
        (JUNE, "28", "10", {"collective": "32"}, "18"),
        (JUNE, "35", "40", {}, "0"),
        (JUNE, "39", "20", {"mode": Mode.EQUIVALENCE}, "19"),
        ("2019-06-03", "39", "20", {"mode": Mode.EQUIVALENCE}, "15"),
        (JUNE, "35", "0", {"mode": Mode.CYCLE, "collective": "28"}, "28"),
        (JUNE, "28", "0", {"mode": Mode.MODULATION, "collective": "35"}, "35"),
        (JUNE, "35", "0", {"mode": Mode.ARRANGEMENT_2008, "collective": "42"}, "35"),
        (JUNE, "0", "0", {"mode": Mode.ANNUAL_DAYS, "days": 3, "half_days": 1}, "24.5"),
        (JUNE, "0", "0", {"mode": Mode.ANNUAL_DAYS, "days": 6}, "35"),
        (JUNE, "35", "21", {"mode": Mode.ANNUAL_HOURS}, "14"),
        (JUNE, "0", "0", {"mode": Mode.AIRCREW, "days": 3}, "26.25"),
        (JUNE, "35", "0", {"mode": Mode.WEEKLY_FLAT}, "35"),
        (JUNE, "35", "0", {"mode": Mode.MONTHLY_FLAT}, "35"),
    ],
)
def test_payable_hours_of_a_week(monday: str, contract: str, worked: str, said: dict[str, Any], payable: str) -> None:
    assert hours(monday, contract, worked, **said) == Decimal(payable)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.monday} {each.contract} {each.said}")
def test_a_published_example_is_found(example: Example) -> None:
    found = hours(example.monday, example.contract, example.worked, **example.said)
    assert found == Decimal(example.payable), example.source


@pytest.mark.parametrize(
    ("monday", "said", "payable"),
    [
        ("2026-05-11", {}, "28"),  # Ascension, 14 May
        ("2026-05-11", {"holidays_worked": True}, "35"),
        ("2020-04-27", {"holidays_worked": True}, "28"),  # 1 May is never payable
        ("2026-04-27", {}, "28"),
        ("2026-03-30", {"department": "67"}, "28"),  # Good Friday in Alsace-Moselle
        ("2026-03-30", {"department": "75"}, "35"),
        ("2021-12-20", {"department": "974"}, "28"),  # abolition of slavery, 20 December
        ("2021-12-20", {}, "35"),
    ],
)
def test_holidays_that_are_not_worked_are_not_payable(monday: str, said: dict[str, Any], payable: str) -> None:
    assert hours(monday, "35", **said) == Decimal(payable)


@pytest.mark.parametrize(
    ("days", "worked", "said", "payable"),
    [
        (5, "0", {}, "28"),  # 1 May 2020, a Friday
        (5, "0", {"holidays_worked": True}, "28"),
        (4, "0", {}, "28"),
        (2, "14", {}, "14"),
        (5, "7", {}, "21"),  # and a day of leave
        (1, "35", {}, "0"),
    ],
)
def test_leave_and_holidays_are_deducted_from_a_forfait_in_days(
    days: int, worked: str, said: dict[str, Any], payable: str
) -> None:
    week = Week(date(2020, 4, 27), Decimal(35), Decimal(worked), mode=Mode.ANNUAL_DAYS, days=days, **said)
    found = payable_hours(week)
    assert found.hours == Decimal(payable)
    assert found.by_month == {date(2020, 4, 1): Decimal(payable)}


@pytest.mark.parametrize(
    ("mode", "days", "worked", "payable", "said"),
    [
        (Mode.ANNUAL_DAYS, 2, "14", "14", ["pas déduites"]),
        (Mode.ANNUAL_DAYS, 2, "28", "7", ["Moins"]),
        (Mode.ANNUAL_DAYS, 2, "0", "14", []),
        (Mode.AIRCREW, 2, "28", "17.5", ["pas déduites"]),
        (Mode.AIRCREW, 2, "0", "17.5", []),
    ],
)
def test_where_days_are_counted_hours_worked_are_deducted_or_said_not_to_be(
    mode: Mode, days: int, worked: str, payable: str, said: list[str]
) -> None:
    found = payable_hours(Week(date.fromisoformat(JUNE), Decimal(35), Decimal(worked), mode=mode, days=days))
    assert found.hours == Decimal(payable)
    assert [word for each in found.why for word in ("pas déduites", "Moins") if word in each.text] == said


def test_a_week_across_two_months_is_split_by_its_working_days() -> None:
    found = payable_hours(Week(date.fromisoformat(MARCH), Decimal(35)))
    assert found.by_month == {date(2020, 3, 1): Decimal(14), date(2020, 4, 1): Decimal(21)}
    found = payable_hours(Week(date(2026, 4, 27), Decimal(35)))
    assert found.by_month == {date(2026, 4, 1): Decimal(28)}


def test_an_annual_forfait_was_payable_for_a_closure_only() -> None:
    before = payable_hours(Week(date(2020, 3, 16), Decimal(0), mode=Mode.ANNUAL_DAYS, days=2))
    after = payable_hours(Week(date(2020, 4, 6), Decimal(0), mode=Mode.ANNUAL_DAYS, days=2))
    assert before.hours == after.hours == Decimal(14)
    assert any("fermeture" in each.text for each in before.why)
    assert not any("fermeture" in each.text for each in after.why)


def test_a_week_begins_on_a_monday() -> None:
    with pytest.raises(ValueError, match="lundi"):
        hours("2026-06-09", "35")


def test_no_rule_is_known_before_the_first_text() -> None:
    with pytest.raises(BeforeFirstText):
        hours("2013-06-24", "35")


@given(MONDAYS, HOURS, HOURS, HOURS)
def test_more_work_never_gives_more_payable_hours(
    monday: date, contract: Decimal, one: Decimal, other: Decimal
) -> None:
    less, more = sorted((one, other))
    assert hours(monday, contract, more) <= hours(monday, contract, less) <= 35


@given(MONDAYS, HOURS, HOURS, st.sampled_from(Mode), st.booleans(), st.booleans())
def test_months_share_exactly_the_hours(
    monday: date, contract: Decimal, worked: Decimal, mode: Mode, structural: bool, holidays: bool
) -> None:
    if mode is Mode.AIRCREW and monday < date(2020, 3, 12):
        return
    week = Week(monday, contract, worked, mode=mode, days=2, structural=structural, holidays_worked=holidays)
    found = payable_hours(week)
    assert sum(found.by_month.values()) == found.hours
    assert found.why


def test_holidays_of_a_month_are_those_of_its_working_days_but_the_first_of_may() -> None:
    assert usual_holidays(date(2026, 12, 1), date(2026, 12, 31), "75") == (date(2026, 12, 25),)
    assert usual_holidays(date(2026, 5, 1), date(2026, 5, 31), "75") == (
        date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25),
    )  # fmt: skip
    assert usual_holidays(date(2026, 8, 10), date(2026, 8, 31), "75") == (), "15 August is a Saturday"

"""What hours of one employee and week exceed; an excess is found only where nothing could make the hours right."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.claimed_hours import Excess, WeekTerms, bounds, excess, is_possible_contract, payable, weekly_limit
from law.hours import Week, payable_hours
from law.work_time import IN_DAYS, PLANNED, Mode

JUNE = date(2021, 6, 7)
MAY_DAY = date(2020, 4, 27)
"""The week of Friday 1 May."""
ASCENSION = date(2021, 5, 10)
MONDAYS = st.dates(date(2013, 7, 1), date(2026, 12, 28)).map(lambda day: day - timedelta(days=day.weekday()))
HOURS = st.decimals("0", "48", places=2)


def found(contract: str, worked: str, idle: str, monday: date = JUNE, days: int = 7, **said: Any) -> Excess | None:
    terms = WeekTerms(monday, Decimal(contract), said.pop("mode", Mode.WEEKLY), "75", **said)
    return excess(bounds(terms), Decimal(worked), Decimal(idle), days)


@pytest.mark.parametrize(
    ("contract", "worked", "idle", "said", "exceeded"),
    [
        ("35", "0", "35", {}, None),
        ("35", "20", "15", {}, None),
        ("35", "45", "0", {}, None),
        ("35", "0", "35.01", {}, Excess.PAYABLE),
        ("28", "10", "18.01", {}, Excess.PAYABLE),
        ("39", "0", "39", {}, Excess.LEGAL_WEEK),
        ("39", "0", "39", {"structural": True}, None),
        ("39", "0", "39", {"mode": Mode.EQUIVALENCE}, None),
        ("39", "0", "39", {"mode": Mode.EQUIVALENCE, "monday": date(2019, 6, 3)}, Excess.LEGAL_WEEK),
        ("39", "0", "39.01", {}, Excess.PAYABLE),
        ("39", "0", "39.01", {"structural": True}, Excess.PAYABLE),
        ("35", "40", "8.01", {}, Excess.CALENDAR),
        ("35", "168.01", "0", {}, Excess.CALENDAR),
        ("35", "168", "0", {}, None),
        ("35", "0", "24.01", {"days": 1}, Excess.CALENDAR),
        # the contract says nothing of one week of a programme, nor of one in days
        ("30", "0", "35", {"mode": Mode.MODULATION}, None),
        ("39", "0", "36", {"mode": Mode.CYCLE}, Excess.PAYABLE),
        ("0", "7", "28", {"mode": Mode.ANNUAL_DAYS}, None),
    ],
)
def test_hours_exceed_what_can_be_paid(
    contract: str, worked: str, idle: str, said: dict[str, Any], exceeded: Excess | None
) -> None:
    assert found(contract, worked, idle, **said) is exceeded


@pytest.mark.parametrize(
    ("said", "exceeded"),
    [({}, Excess.HOLIDAY), ({"holidays_worked": True}, None), ({"holidays_worked": False}, Excess.PAYABLE)],
)
def test_a_public_holiday_is_a_signal_until_the_employer_says_what_is_usual(
    said: dict[str, bool], exceeded: Excess | None
) -> None:
    assert found("35", "0", "35", ASCENSION, **said) is exceeded
    assert found("35", "7", "28", ASCENSION, **said) is None


@pytest.mark.parametrize(
    ("contract", "worked", "idle", "working_days", "exceeded"),
    [
        ("35", "0", "14", 2, None),
        ("35", "0", "14.01", 2, Excess.PART_OF_WEEK),
        ("35", "7", "7", 2, None),
        ("35", "7", "7.01", 2, Excess.PART_OF_WEEK),
        ("17.24", "0", "6.90", 2, None),  # a fifth is rounded up
        ("35", "0", "0.01", 0, Excess.PART_OF_WEEK),
        ("35", "20", "0", 2, None),
        ("35", "0", "35.01", 2, Excess.PAYABLE),
    ],
)
def test_hours_beyond_the_share_of_a_part_of_a_week_are_a_signal(
    contract: str, worked: str, idle: str, working_days: int, exceeded: Excess | None
) -> None:
    limits = bounds(WeekTerms(JUNE, Decimal(contract), Mode.WEEKLY, "75"))
    assert excess(limits, Decimal(worked), Decimal(idle), max(working_days, 2), working_days) is exceeded


def test_the_first_of_may_is_never_payable() -> None:
    assert found("35", "0", "35", MAY_DAY, holidays_worked=True) is Excess.PAYABLE
    assert found("35", "7", "28", MAY_DAY) is None


@given(MONDAYS, HOURS, HOURS, st.sampled_from(sorted(set(Mode) - PLANNED - IN_DAYS)), st.booleans(), st.booleans())
def test_what_the_law_pays_is_never_an_excess(
    monday: date, contract: Decimal, worked: Decimal, mode: Mode, structural: bool, holidays_worked: bool
) -> None:
    said = {"mode": mode, "structural": structural, "holidays_worked": holidays_worked}
    paid = payable_hours(Week(monday, contract, worked, **said)).hours  # type: ignore[arg-type]
    limits = bounds(WeekTerms(monday, contract, mode, "75", holidays_worked, structural))
    assert excess(limits, worked, paid, 7) is None
    assert paid <= payable(limits, worked)
    if paid:
        above = limits.together - worked + Decimal("0.01")
        assert excess(limits, worked, above, 7) in (Excess.PAYABLE, Excess.LEGAL_WEEK, Excess.CALENDAR)


@pytest.mark.parametrize(("hours", "possible"), [("0", False), ("0.5", True), ("48", True), ("48.01", False)])
def test_a_contract_is_above_zero_and_within_the_longest_week(hours: str, possible: bool) -> None:
    assert is_possible_contract(Decimal(hours), JUNE) is possible


@pytest.mark.parametrize(
    ("contract", "mode", "structural", "monday", "hours"),
    [
        ("35", Mode.WEEKLY, False, JUNE, "35"),
        ("20", Mode.WEEKLY, False, JUNE, "20"),
        ("20", Mode.WEEKLY, True, JUNE, "20"),
        ("20", Mode.EQUIVALENCE, False, JUNE, "20"),
        ("20", Mode.CYCLE, False, JUNE, "35"),
        ("39", Mode.CYCLE, True, JUNE, "35"),
        ("39", Mode.WEEKLY, False, JUNE, "35"),
        ("39", Mode.WEEKLY, True, JUNE, "39"),
        ("43", Mode.EQUIVALENCE, False, JUNE, "43"),
        ("39", Mode.WEEKLY, True, date(2019, 6, 3), "35"),
        ("0", Mode.ANNUAL_DAYS, False, JUNE, "35"),
    ],
)
def test_all_claims_of_a_week_together_have_one_limit(
    contract: str, mode: Mode, structural: bool, monday: date, hours: str
) -> None:
    assert weekly_limit(monday, Decimal(contract), mode, structural=structural) == Decimal(hours)

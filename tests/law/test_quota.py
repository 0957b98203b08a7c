"""The annual quota of hours and the plausible maximum of a request."""

from datetime import date
from decimal import Decimal

import pytest

from law.grounds import Ground
from law.quota import annual_quota, plausible_hours

ECONOMIC, RESTRUCTURING = Ground.ECONOMIC_CONDITIONS, Ground.RESTRUCTURING


@pytest.mark.parametrize(
    ("ground", "day", "hours"),
    [
        (ECONOMIC, date(2013, 7, 1), 1000),
        (ECONOMIC, date(2019, 12, 31), 1000),
        (ECONOMIC, date(2020, 1, 1), 1607),
        (ECONOMIC, date(2021, 12, 31), 1607),
        (ECONOMIC, date(2022, 1, 1), 1000),
        (RESTRUCTURING, date(2020, 3, 25), 1607),
        (RESTRUCTURING, date(2020, 3, 26), 100),
        (RESTRUCTURING, date(2026, 11, 22), 100),
    ],
)
def test_the_annual_quota_by_date_of_the_idle_hours(ground: Ground, day: date, hours: int) -> None:
    assert annual_quota(ground, day).hours == hours


@pytest.mark.parametrize(
    ("ground", "start", "end", "employees", "hours"),
    [
        (ECONOMIC, "2026-11-02", "2026-11-08", 10, 350),
        (ECONOMIC, "2026-11-02", "2026-11-03", 10, 140),
        (ECONOMIC, "2026-11-06", "2026-11-09", 1, 28),
        (RESTRUCTURING, "2026-11-02", "2026-12-31", 2, 200),
        # each year has its own quota
        (RESTRUCTURING, "2026-11-02", "2027-01-31", 1, 200),
        (ECONOMIC, "2026-01-01", "2026-12-31", 1, 1000),
    ],
)
def test_plausible_hours(ground: Ground, start: str, end: str, employees: int, hours: int) -> None:
    found = plausible_hours(ground, date.fromisoformat(start), date.fromisoformat(end), employees)
    assert found.maximum == Decimal(hours)
    assert found.why

"""Legal time, midnights, working days and months."""

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.calendar import NaiveInstant, add_months, is_working_day, local, midnight, next_working_day
from law.directory import DEPARTMENTS

DAYS = st.dates(date(2013, 7, 1), date(2026, 12, 31))
CODES = st.sampled_from([each.code for each in DEPARTMENTS])


def test_the_same_instant_falls_on_another_day_on_the_other_side_of_midnight() -> None:
    instant = datetime(2026, 1, 15, 22, 30, tzinfo=UTC)
    days = {code: local(instant, code).date().day for code in ("75", "971", "973", "974", "975", "976")}
    assert days == {"75": 15, "971": 15, "973": 15, "974": 16, "975": 15, "976": 16}
    assert local(datetime(2026, 1, 16, 2, 0, tzinfo=UTC), "971").date() == date(2026, 1, 15)


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(NaiveInstant, match="décalage horaire"):
        local(datetime(2026, 1, 1), "75")  # noqa: DTZ001


@given(DAYS, CODES)
def test_midnight_is_the_first_instant_of_the_local_day(day: date, code: str) -> None:
    first = midnight(day, code)
    assert local(first.astimezone(UTC), code).date() == day
    assert local(first.astimezone(UTC) - timedelta(seconds=1), code).date() == day - timedelta(days=1)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_a_legal_day_has_23_24_or_25_hours(day: date, hours: int) -> None:
    start, end = midnight(day, "75"), midnight(day + timedelta(days=1), "75")
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "open_in", "closed_in"),
    [
        (date(2026, 4, 3), "75", "67"),  # Good Friday
        (date(2025, 12, 26), "54", "57"),  # second day of Christmas
        (date(2024, 12, 26), "75", "68"),
        (date(2026, 5, 27), "75", "971"),  # abolition of slavery
        (date(2026, 5, 22), "971", "972"),
        (date(2026, 6, 10), "974", "973"),
        (date(2024, 12, 20), "973", "974"),
        (date(2026, 4, 27), "972", "976"),
    ],
)
def test_public_holidays_are_those_of_the_departement(day: date, open_in: str, closed_in: str) -> None:
    assert is_working_day(day, open_in)
    assert not is_working_day(day, closed_in)


def test_a_closed_day_rolls_over_weekends_and_holidays() -> None:
    assert next_working_day(date(2026, 4, 4), "75") == date(2026, 4, 7)  # Easter
    assert next_working_day(date(2026, 4, 3), "67") == date(2026, 4, 7)
    assert next_working_day(date(2026, 4, 7), "75") == date(2026, 4, 7)
    assert next_working_day(date(2024, 12, 25), "67") == date(2024, 12, 27)


# `holidays` adds customary days for 971 and 972 (Good Friday) and lacks 67, 68, 975: compared elsewhere.
@pytest.mark.parametrize(
    ("code", "subdivision"),
    [("75", None), ("57", "57"), ("973", "973"), ("974", "974"), ("976", "976")],
)
def test_two_libraries_agree_on_public_holidays(code: str, subdivision: str | None) -> None:
    known = holidays.country_holidays("FR", subdiv=subdivision, years=range(2013, 2027))
    day = date(2013, 1, 1)
    while day <= date(2026, 12, 31):
        if day.weekday() < 5:
            assert is_working_day(day, code) == (day not in known), (day, known.get(day))
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2020, 12, 15), 2, date(2021, 2, 15)),
        (date(2024, 2, 29), -36, date(2021, 2, 28)),
    ],
)
def test_months_are_clipped_to_the_end_of_the_month(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected

"""Durations and the six months in twelve."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.duration import EarlierPeriod, counter, last_day, longest, period_objections
from law.grounds import Ground

ECONOMIC, DISASTER = Ground.ECONOMIC_CONDITIONS, Ground.DISASTER_OR_WEATHER
EXCEPTIONAL = Ground.EXCEPTIONAL_CIRCUMSTANCES
DAYS = st.dates(date(2013, 7, 1), date(2026, 12, 31))


def earlier(start: str, end: str, ground: Ground = ECONOMIC) -> EarlierPeriod:
    return EarlierPeriod(ground, date.fromisoformat(start), date.fromisoformat(end))


def codes(ground: Ground, start: str, end: str, filed: str, *before: EarlierPeriod) -> list[str]:
    day = date.fromisoformat
    return [each.code for each in period_objections(ground, day(start), day(end), day(filed), before)]


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 12, 1), 3, date(2027, 2, 28)),
        (date(2026, 1, 15), 3, date(2026, 4, 14)),
        (date(2026, 8, 31), 3, date(2026, 11, 30)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2023, 11, 29), 3, date(2024, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2020, 3, 1), 12, date(2021, 2, 28)),
        (date(2020, 6, 15), 12, date(2021, 6, 14)),
        (date(2026, 1, 1), 0, date(2025, 12, 31)),
    ],
)
def test_months_end_the_day_before_the_same_day_clipped(start: date, months: int, expected: date) -> None:
    assert last_day(start, months) == expected


@pytest.mark.parametrize(
    ("ground", "filed", "months"),
    [
        (ECONOMIC, date(2013, 7, 1), 6),
        (DISASTER, date(2020, 3, 25), 6),
        (ECONOMIC, date(2020, 3, 25), 6),
        (ECONOMIC, date(2020, 3, 26), 12),
        (DISASTER, date(2021, 6, 30), 12),
        (ECONOMIC, date(2021, 6, 30), 12),
        (ECONOMIC, date(2021, 7, 1), 3),
        (DISASTER, date(2021, 7, 1), 6),
        (EXCEPTIONAL, date(2026, 11, 22), 3),
    ],
)
def test_the_longest_authorization_follows_the_date_of_filing(ground: Ground, filed: date, months: int) -> None:
    start = date(2026, 1, 1)
    latest = longest(ground, start, filed).latest_end_on
    assert latest == last_day(start, months)
    assert not [each for each in period_objections(ground, start, latest, filed) if each.code != "too-many-months"]
    beyond = period_objections(ground, start, latest + timedelta(days=1), filed)
    assert "period-too-long" in [each.code for each in beyond]


def test_six_months_in_twelve_pass_and_one_day_more_does_not() -> None:
    before = earlier("2026-01-01", "2026-03-31")
    assert codes(ECONOMIC, "2026-07-01", "2026-09-30", "2026-06-15", before) == []
    longer = earlier("2026-01-01", "2026-04-01")
    assert codes(ECONOMIC, "2026-07-01", "2026-09-30", "2026-06-15", longer) == ["too-many-months"]


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("2026-04-30", "7 mois seraient autorisés"),
        ("2026-04-01", "6 mois et 1 jour seraient autorisés"),
        ("2026-04-02", "6 mois et 2 jours seraient autorisés"),
    ],
)
def test_the_months_beyond_the_limit_are_told_without_what_is_zero(end: str, said: str) -> None:
    before = earlier("2026-01-01", end)
    period = date(2026, 7, 1), date(2026, 9, 30)
    [objection] = period_objections(ECONOMIC, *period, date(2026, 6, 15), [before])
    assert f"Avec cette demande, {said} depuis le " in objection.message


def test_the_look_back_stands_at_the_last_day_asked_for() -> None:
    before = earlier("2025-07-01", "2025-12-31")
    assert codes(ECONOMIC, "2026-07-01", "2026-07-31", "2026-06-15", before) == []
    assert codes(ECONOMIC, "2026-04-01", "2026-06-30", "2026-03-15", before) == ["too-many-months"]


def test_ground_3_is_apart_from_the_counter() -> None:
    weather = earlier("2026-01-01", "2026-06-30", DISASTER)
    assert codes(ECONOMIC, "2026-07-01", "2026-09-30", "2026-06-15", weather) == []
    economic = earlier("2026-01-01", "2026-06-30")
    assert codes(DISASTER, "2026-07-01", "2026-12-31", "2026-07-15", economic) == []


def test_what_came_before_july_2021_is_ignored_and_its_rest_counts() -> None:
    old = earlier("2021-01-01", "2021-06-30")
    assert codes(ECONOMIC, "2021-07-01", "2021-09-30", "2021-07-01", old) == []
    running = earlier("2020-11-01", "2021-10-31")
    assert codes(EXCEPTIONAL, "2021-11-01", "2021-12-31", "2021-10-15", running) == []
    assert codes(EXCEPTIONAL, "2021-11-01", "2022-01-31", "2021-10-15", running) == ["too-many-months"]


def test_the_first_quarter_of_2022_forgets_2021() -> None:
    half_year = earlier("2021-07-01", "2021-12-31")
    assert codes(ECONOMIC, "2022-01-01", "2022-03-31", "2021-12-20", half_year) == []
    assert codes(ECONOMIC, "2022-02-01", "2022-04-01", "2022-01-20", half_year) == ["too-many-months"]


def test_no_counter_before_july_2021() -> None:
    day = date(2021, 6, 30)
    assert counter(ECONOMIC, day, day, day, []) is None


def test_stretches_that_join_count_as_one() -> None:
    before = [earlier("2026-01-15", "2026-01-31"), earlier("2026-01-20", "2026-01-25")]
    found = counter(ECONOMIC, date(2026, 2, 1), date(2026, 2, 14), date(2026, 1, 20), before)
    assert found is not None
    assert (found.months, found.days) == (1, 0)


def test_a_reversed_period_is_the_only_thing_said() -> None:
    assert codes(ECONOMIC, "2026-02-02", "2026-02-01", "2026-01-15") == ["period-reversed"]


@given(DAYS, st.integers(1, 12))
def test_a_period_of_n_months_is_longer_than_one_of_n_minus_1(start: date, months: int) -> None:
    assert last_day(start, months - 1) < last_day(start, months)


@given(DAYS, st.integers(1, 6), st.integers(0, 3), st.integers(1, 3))
def test_two_runs_of_three_whole_months_at_most_always_pass(start: date, first: int, gap: int, second: int) -> None:
    start = max(start, date(2021, 7, 1))
    first = min(first, 3)
    before = EarlierPeriod(ECONOMIC, start, last_day(start, first))
    again = before.end_on + timedelta(days=1 + 31 * gap)
    found = counter(ECONOMIC, again, last_day(again, second), again, [before])
    assert found is not None
    assert not found.exceeded


@given(DAYS, st.integers(1, 90), st.lists(st.tuples(st.integers(-400, -1), st.integers(0, 80)), max_size=4))
def test_earlier_periods_never_lower_the_count(start: date, days: int, offsets: list[tuple[int, int]]) -> None:
    start = max(start, date(2022, 4, 1))
    end = start + timedelta(days=days)
    before = [
        EarlierPeriod(ECONOMIC, start + timedelta(days=at), min(start, start + timedelta(days=at + length)))
        for at, length in offsets
    ]
    alone, all_ = counter(ECONOMIC, start, end, start, []), counter(ECONOMIC, start, end, start, before)
    assert alone is not None
    assert all_ is not None
    # Merging adjacent stretches may turn 31 remaining days into one month of 30.
    assert 30 * all_.months + all_.days >= 30 * alone.months + alone.days - len(before)

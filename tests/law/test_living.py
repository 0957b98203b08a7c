"""Living requests: overlaps whatever the ground, months counted together, the headcount as a cap of each day."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.grounds import Ground
from law.living import (
    LivingRequest,
    crowding,
    excess,
    headcount_objections,
    overlap_in_words,
    overlapping,
    repetitions,
)
from law.request import request_objections
from tests.law.test_request import GOOD

MONTH = LivingRequest("034AAAA01", Ground.DISASTER_OR_WEATHER, date(2026, 12, 1), date(2026, 12, 31), 20)
DAYS = st.dates(date(2026, 12, 1), date(2027, 3, 1))


def living(
    start_on: str, end_on: str, employees: int = 20, ground: Ground = Ground.ECONOMIC_CONDITIONS
) -> LivingRequest:
    return LivingRequest("034AAAA02", ground, date.fromisoformat(start_on), date.fromisoformat(end_on), employees)


@pytest.mark.parametrize("ground", Ground)
def test_a_day_in_common_is_an_overlap_whatever_the_ground(ground: Ground) -> None:
    before = replace(MONTH, ground=ground)
    assert overlapping(date(2026, 12, 31), date(2027, 1, 31), [before]) == (before,)
    assert overlapping(date(2027, 1, 1), date(2027, 1, 31), [before]) == ()
    assert overlapping(date(2026, 11, 1), date(2026, 11, 30), [before]) == ()
    assert "034AAAA01" in overlap_in_words(before)


def codes(headcount: int, employees: int, *before: LivingRequest) -> list[str]:
    day = date(2026, 12, 1)
    return [each.code for each in headcount_objections(headcount, employees, day, date(2027, 2, 28), before)]


def test_the_headcount_caps_the_employees_of_a_day() -> None:
    assert codes(42, 22, MONTH) == []
    assert codes(42, 23, MONTH) == ["employees-above-headcount"]
    after = living("2027-01-01", "2027-01-31")
    assert codes(42, 22, MONTH, after) == [], "never on the same day"
    assert codes(42, 22, MONTH, living("2026-12-31", "2027-01-31")) == ["employees-above-headcount"]
    assert codes(42, 50) == [], "a request alone is a signal, not a refusal"
    assert codes(42, 50, living("2026-11-01", "2026-11-30", 99)) == []


@given(st.lists(st.tuples(DAYS, st.integers(0, 40), st.integers(1, 30)), max_size=6), st.integers(1, 30))
def test_the_fullest_day_decides(stated: list[tuple[date, int, int]], employees: int) -> None:
    before = [
        LivingRequest("034AAAA03", Ground.RESTRUCTURING, start, start + timedelta(days=length), number)
        for start, length, number in stated
    ]
    first, last = date(2026, 12, 10), date(2027, 1, 20)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    sums = [sum(each.employees for each in before if each.start_on <= day <= each.end_on) for day in days]
    refused = bool(headcount_objections(50, employees, first, last, before))
    assert refused == (max(sums) > 0 and employees + max(sums) > 50)


def test_requests_under_review_count_in_the_months() -> None:
    six = (living("2026-06-01", "2026-08-31"), living("2026-09-01", "2026-11-30"))
    asked = replace(GOOD, ground=Ground.ECONOMIC_CONDITIONS, received_at=datetime.fromisoformat("2026-11-22T10:00:00Z"))
    assert [each.code for each in request_objections(replace(asked, living=six))] == ["too-many-months"]
    assert request_objections(replace(asked, living=six[:1])) == ()


def test_the_cap_is_judged_once_other_employees_are_stated() -> None:
    beside = replace(GOOD, living=(replace(MONTH, employees=100),))
    assert request_objections(beside) == ()
    stated = request_objections(replace(beside, other_employees=True))
    assert [each.code for each in stated] == ["employees-above-headcount"]


def test_an_acceptance_exceeds_what_came_before_it() -> None:
    month = replace(MONTH, headcount=100)
    own, filed_on = replace(month, reference="034AAAA09", ground=Ground.ECONOMIC_CONDITIONS), date(2026, 11, 22)
    assert excess(own, filed_on, []) == ()
    assert excess(own, filed_on, [month]) == ("Période déjà autorisée par 034AAAA01, sans mention d’autres salariés.",)
    assert excess(replace(own, other_employees=True), filed_on, [month]) == ()
    assert len(excess(replace(own, other_employees=True, headcount=30), filed_on, [month])) == 1
    half = living("2026-06-01", "2026-11-30")
    assert "7 mois" in excess(own, filed_on, [half])[0]
    assert repetitions(own, [half]) == (), "whoever grants has judged the months"


def test_the_least_headcount_of_those_beside_counts() -> None:
    first = replace(MONTH, employees=12, headcount=12, other_employees=True)
    second = replace(first, reference="034AAAA02", headcount=24)
    [told] = crowding(second, [first])
    assert ("034AAAA01" in told, "24 salariés" in told, "effectif de 12 au plus" in told) == (True, True, True)
    assert crowding(second, [replace(first, headcount=24)]) == ()
    assert crowding(second, [replace(first, headcount=24)], 23) != ()
    assert crowding(second, [replace(first, start_on=date(2026, 11, 1), end_on=date(2026, 11, 30))], 1) == ()
    assert crowding(replace(second, employees=99), []) == (), "alone, temporary workers may exceed it"


PERIODS = st.tuples(DAYS, st.integers(0, 40), st.integers(1, 30), st.integers(1, 60))


@given(st.lists(PERIODS, max_size=6), PERIODS, st.one_of(st.none(), st.integers(0, 60)))
def test_the_worst_day_of_all_is_found(
    stated: list[tuple[date, int, int, int]], mine: tuple[date, int, int, int], listed: int | None
) -> None:
    own, *before = (
        LivingRequest("034AAAA03", Ground.RESTRUCTURING, start, start + timedelta(days=length), number, True, firm)
        for start, length, number, firm in (mine, *stated)
    )
    over = False
    for n in range((own.end_on - own.start_on).days + 1):
        day = own.start_on + timedelta(days=n)
        shared = [each for each in before if each.start_on <= day <= each.end_on]
        firms = [each for each in (listed, own.headcount, *(each.headcount for each in shared)) if each is not None]
        over |= bool(shared) and own.employees + sum(each.employees for each in shared) > min(firms)
    assert bool(crowding(own, before, listed)) == over

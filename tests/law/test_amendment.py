"""Amendments: what is added is judged as a request of that day would be, what stands is not judged again."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import pytest

from law.amendment import AmendmentFacts, amendment_grant_objections, amendment_objections
from law.decision import Terms
from law.grounds import Ground
from law.living import LivingRequest

IN_FORCE: Final = Terms(date(2026, 12, 1), date(2026, 12, 31), 20, Decimal(2_000))


def an_amendment(
    received_on: str = "2026-12-10", ground: Ground = Ground.SUPPLY_DIFFICULTIES, **terms: Any
) -> AmendmentFacts:
    """An amendment received at noon, of an authorization for December."""
    received_at = datetime.fromisoformat(f"{received_on}T12:00:00").replace(tzinfo=UTC)
    return AmendmentFacts(ground, "34", received_at, 42, IN_FORCE, replace(IN_FORCE, **terms))


def objected(facts: AmendmentFacts) -> list[tuple[str, str]]:
    return [(each.pointer, each.code) for each in amendment_objections(facts)]


def test_what_changes_nothing_is_refused() -> None:
    assert objected(an_amendment()) == [("", "nothing-changed")]


@pytest.mark.parametrize("terms", [{"hours": Decimal(3_000)}, {"employees": 42}, {"hours": Decimal(1)}])
def test_more_or_fewer_hours_and_employees_are_asked_for_at_any_time(terms: dict[str, Any]) -> None:
    assert objected(an_amendment("2027-01-20", **terms)) == []


@pytest.mark.parametrize(
    ("received_on", "ground", "late"),
    [
        # the days added begin on 1 January: before them for most grounds, within thirty days for ground 3
        ("2026-12-31", Ground.SUPPLY_DIFFICULTIES, False),
        ("2027-01-01", Ground.SUPPLY_DIFFICULTIES, True),
        ("2027-01-31", Ground.DISASTER_OR_WEATHER, False),
        ("2027-02-02", Ground.DISASTER_OR_WEATHER, True),
    ],
)
def test_days_added_at_the_end_have_the_filing_window_of_their_own_placement(
    received_on: str, ground: Ground, late: bool
) -> None:
    facts = an_amendment(received_on, ground, end_on=date(2027, 1, 31))
    assert objected(facts) == ([("/period/end_on", "filing-window-closed")] if late else [])


def test_days_added_before_those_authorised_are_asked_for_in_time_too() -> None:
    facts = an_amendment("2026-12-10", start_on=date(2026, 11, 15))
    assert objected(facts) == [("/period/start_on", "filing-window-closed")]
    assert objected(an_amendment("2026-11-14", start_on=date(2026, 11, 15))) == []


def test_a_period_keeps_within_the_limits_of_the_day_on_which_it_is_asked_for() -> None:
    assert objected(an_amendment(end_on=date(2027, 2, 28))) == []
    assert objected(an_amendment(end_on=date(2027, 3, 1))) == [("/period/end_on", "period-too-long")]
    assert objected(an_amendment(end_on=date(2026, 11, 1))) == [("/period/end_on", "period-reversed")]


def test_a_period_that_does_not_change_is_not_judged_again() -> None:
    long = replace(IN_FORCE, end_on=date(2027, 5, 31))
    facts = replace(an_amendment(), in_force=long, asked=replace(long, hours=Decimal(3_000)))
    assert objected(facts) == []


def test_months_of_other_requests_count_with_those_added() -> None:
    other = LivingRequest("034BBBB01", Ground.SUPPLY_DIFFICULTIES, date(2026, 6, 1), date(2026, 9, 30), 5)
    facts = replace(an_amendment(end_on=date(2027, 2, 28)), living=(other,))
    assert objected(facts) == [("/period/end_on", "too-many-months")]


def test_employees_that_are_added_are_counted_with_those_of_the_same_days() -> None:
    other = LivingRequest(
        "034BBBB01", Ground.SUPPLY_DIFFICULTIES, date(2026, 12, 1), date(2026, 12, 31), 20, other_employees=True
    )
    assert objected(replace(an_amendment(employees=22), living=(other,))) == []
    assert objected(replace(an_amendment(employees=23), living=(other,))) == [
        ("/employees", "employees-above-headcount")
    ]
    crowded = replace(other, employees=30)
    assert objected(replace(an_amendment(hours=Decimal(3_000)), living=(crowded,))) == []


def test_an_amendment_before_the_first_text_is_refused() -> None:
    assert objected(an_amendment("2012-01-02", end_on=date(2027, 1, 31)))[-1] == ("", "before-first-text")


ASKED: Final = replace(IN_FORCE, employees=30, hours=Decimal(3_000), end_on=date(2027, 1, 31))


def test_a_grant_in_part_takes_nothing_of_what_stands() -> None:
    less = Terms(date(2026, 12, 2), date(2026, 12, 30), 19, Decimal(1_999))
    found = amendment_grant_objections(IN_FORCE, ASKED, less)
    assert [each.pointer for each in found] == ["/period/start_on", "/period/end_on", "/employees", "/hours"]
    assert amendment_grant_objections(IN_FORCE, ASKED, IN_FORCE) == ()


def test_what_the_employer_gives_up_may_be_granted() -> None:
    fewer = replace(IN_FORCE, employees=5, hours=Decimal(100), end_on=date(2026, 12, 15))
    assert amendment_grant_objections(IN_FORCE, fewer, fewer) == ()

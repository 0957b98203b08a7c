"""What is measured of hostile visitors: the longest decision, what failed, what came nearest to its limit."""

import pytest

from bench.figures import Figure
from bench.hostile_figures import Measured, Service, build_figures
from bench.http import NO_ANSWER, Answer, CallResults
from bench.leftovers import Leftovers


def a_service(*, filing: Answer | None = None, decision: Answer | None = None, check: Answer | None = None) -> Service:
    good = Answer(200, b"", 0.02)
    filings = CallResults([filing or Answer(201, b"", 0.03)], 1.0)
    return Service(filings, [good, decision or good], [good, check or good]).notified_after(
        {"034A": 0.5, "034B": 1.5}, ["034A", "034B"]
    )


def figures(busy: Service, left: Leftovers | None = None, **shares: float) -> dict[str, Figure]:
    answers = {"half bodies answered 429": 30, "uploads answered 422": 3, "uploads answered 201": 1}
    nothing = Leftovers(0, 0, 0, 0, 0, 2.0)
    made = build_figures(
        Measured(a_service(), busy, shares or {"doors": 0.5}, {"doors": 0.4}, answers, 10.0, left or nothing)
    )
    return {each.name: each for each in made}


def unmet(found: dict[str, Figure]) -> set[str]:
    return {name for name, each in found.items() if each.met is False}


def test_all_limits_are_kept_when_nothing_is_wrong() -> None:
    found = figures(a_service())
    assert unmet(found) == set()
    assert found["Hostile calls answered"].value == 3.4
    assert found["Hostile files judged"].value == 4


def test_a_decision_lasts_until_the_register_says_that_it_is_notified() -> None:
    longest = "A decision, from its call to its notification: the longest"
    assert figures(a_service())[longest].value == 1.5
    late = figures(a_service(decision=Answer(200, b"", 2.5)))
    assert late[longest].value == 2.5
    assert unmet(late) == {longest}


@pytest.mark.parametrize(
    ("busy", "name"),
    [
        (a_service(filing=Answer(429, b"", 0.01)), "Filings refused or unanswered"),
        (a_service(filing=Answer(201, b"", 0.2)), "A filing at 10/s: p99"),
        (a_service(decision=Answer(503, b"", 0.01)), "Decisions refused or unanswered"),
        (a_service(check=Answer(NO_ANSWER, b"", 4.0)), "Health checks that failed, of 2"),
    ],
)
def test_each_limit_is_missed_by_what_it_forbids(busy: Service, name: str) -> None:
    assert unmet(figures(busy)) == {name}


def test_the_program_nearest_to_its_limit_is_named() -> None:
    (memory,) = (each for name, each in figures(a_service(), engine=1.2, doors=0.3).items() if "memory" in name)
    assert (memory.value, memory.met) == (1.2, False)
    assert "engine" in memory.bound
    assert memory.beside == "engine 1.20, doors 0.30"


def test_each_kind_of_what_is_left_is_a_limit_of_its_own() -> None:
    found = figures(a_service(), Leftovers(1, 1, 1, 1, 1, 95.0))
    assert len(unmet(found)) == 6

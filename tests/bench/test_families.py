"""Every family of measures runs at a tiny size, and figures that must be zero are zero. No speed is judged here."""

import pytest

from bench.__main__ import ORDER, measure
from bench.figures import Section
from bench.fixtures import Scale
from bench.report import load

COUNTED = 0.0
"""Limit of a figure that must be zero, however small or slow the machine."""


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("family", ORDER)
def test_a_family_measures_all_that_it_tells_and_loses_nothing(family: str) -> None:
    section = measure(family, Scale(tiny=True))
    assert [figure.name for figure in section.figures if figure.limit == COUNTED and not figure.met] == []
    assert all(figure.values and figure.bound.endswith(".") for figure in section.figures)
    assert len({figure.name for figure in section.figures}) == len(section.figures)


def test_the_report_holds_every_family_in_full() -> None:
    runs = load()
    assert tuple(each for each in ORDER if each in runs.last) == ORDER
    assert all(_is_complete(section) for section in runs.last.values())


def _is_complete(section: Section) -> bool:
    return bool(section.how and section.taken_at and section.revision and section.figures)

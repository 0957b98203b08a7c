"""What must be looked at in the dated figures: on the eve and on the day, and nothing that is in order."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from law.dated import Dated, DatedValue
from law.floors import Floors
from law.texts import Text
from law.upkeep import Figures, Weight, figures, notices

EVERYWHERE, OF_MAYOTTE = figures()
TODAY = date(2026, 11, 29)


def a_smic(*rows: tuple[str, str]) -> Dated[Decimal]:
    values = (DatedValue(date.fromisoformat(day), Decimal(value), Text.L_3231_2, Text.SMIC_2026) for day, value in rows)
    return Dated("le SMIC horaire", *values)


def some_floors(*rows: tuple[str, str | None, str | None]) -> Dated[Floors]:
    values = (
        DatedValue(
            date.fromisoformat(day),
            Floors(Decimal(ordinary) if ordinary else None, Decimal(raised) if raised else None),
            Text.D_5122_13,
            Text.DECREE_2026_35,
        )
        for day, ordinary, raised in rows
    )
    return Dated("le plancher de l’allocation", *values)


UP_TO_DATE = Figures("", a_smic(("2026-01-01", "12.02")), some_floors(("2026-01-01", "8.57", "9.52")), EVERYWHERE.rates)


def told(on: date, *of: Figures) -> list[str]:
    return [each.text for each in notices(on, of or None)]


def test_the_gap_after_june_2026_is_told_and_those_of_mayotte() -> None:
    found = told(TODAY)
    assert any(
        "plancher lu pour le SMIC du 1er juin 2026 : celui du 1er janvier 2026 demeure" in each for each in found
    )
    assert any("SMIC lu à Mayotte pour le 1er juin 2026" in each for each in found)
    assert any("plancher ni plancher majoré lu à Mayotte du 1er janvier 2021 au 30 septembre 2021" in e for e in found)
    assert any("plancher majoré lu à Mayotte du 1er janvier 2023 au 30 avril 2023" in each for each in found)
    assert {each.weight for each in notices(TODAY)} == {Weight.WARNING}


def test_a_gap_is_told_from_its_first_day_on() -> None:
    assert not any("juin 2026" in each for each in told(date(2026, 5, 31)))
    assert any("juin 2026" in each for each in told(date(2026, 6, 1)))


def test_nothing_is_told_of_what_is_up_to_date() -> None:
    assert told(date(2027, 3, 1), UP_TO_DATE) == []


def test_a_figure_is_told_once_it_is_older_than_fourteen_months() -> None:
    late = told(date(2027, 3, 2), UP_TO_DATE)
    assert [each.partition(" :")[0] for each in late] == ["Le SMIC horaire", "Le plancher de l’allocation"]
    assert all("1er janvier 2026" in each for each in late)


def test_a_rate_counts_from_the_day_on_which_it_was_read_again() -> None:
    assert not any(each.startswith("Le taux") for each in told(date(2027, 5, 11)))
    assert any(each.startswith("Le taux de l’allocation :") for each in told(date(2027, 5, 12)))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"smic": a_smic(("2025-01-01", "12.10"), ("2026-01-01", "12.02"))}, "n’est pas supérieur au précédent"),
        ({"floors": some_floors(("2026-01-01", "8.75", "9.52"))}, "n’est pas neuf dixièmes"),
        ({"floors": some_floors(("2026-01-01", "11.25", "12.50"))}, "dépasse le SMIC"),
        ({"floors": some_floors(("2026-01-01", "8.57", "9.52"), ("2062-01-01", "8.57", "9.52"))}, "trop loin"),
    ],
)
def test_figures_that_contradict_each_other_are_an_error(wrong: dict[str, object], said: str) -> None:
    found = notices(TODAY, [replace(UP_TO_DATE, **wrong)])  # type: ignore[arg-type]
    assert [(each.weight, said in each.text) for each in found] == [(Weight.ERROR, True)]

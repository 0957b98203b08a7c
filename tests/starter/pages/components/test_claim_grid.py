"""A grid as a form carries it: nothing typed is lost from one screen to another, and no form makes it large."""

from datetime import date
from decimal import Decimal

import pytest

from models.claim_files.claim import Days
from starter.pages.components.claim_grid import SHOWN, Grid, TooManyPeople, dsn_hours, name_of, rows, typed_grid
from starter.services.claim_grids import MAX_PEOPLE, GridWeek

WEEKS = tuple(GridWeek(n, date(2026, 12, 7 + 7 * n), Days(date(2026, 12, 7), date(2026, 12, 13))) for n in range(2))
ANNE = {"first_name": "Anne", "family_name": "d’Été & Fils", "nir": "1 80", "w0": "28", "i0": "7h30"}


def fields(grid: Grid) -> dict[str, str]:
    """The fields of the form that shows a grid."""
    shown = {f"p{n}.{name}": value for n, each in grid.shown.items() for name, value in each.items()}
    return {"first": str(grid.first + 1)} | shown | grid.folded


def test_a_grid_is_read_again_as_it_was_shown_at_each_screen() -> None:
    grid = Grid(tuple(ANNE | {"nir": str(n)} for n in range(12)))
    assert [len(grid.showing(n).shown) for n in (1, 5, 6, 11)] == [SHOWN, SHOWN, SHOWN, 2]
    for number in range(1, 13):
        at = grid.showing(number)
        assert number in at.shown
        assert typed_grid(fields(at)) == at


def test_a_person_is_added_at_their_screen_and_removed_ones_are_left_out() -> None:
    grid = Grid((ANNE,) * SHOWN)
    more = grid.plus_one()
    assert (more.first, list(more.shown)) == (SHOWN, [SHOWN + 1])
    gone = typed_grid(fields(grid) | {"p1.out": "yes", "p2.out": "yes"})
    assert len(gone.people) == SHOWN
    assert len(gone.kept().people) == SHOWN - 2
    assert Grid(({"out": "yes"},)).kept() == Grid(({},))
    with pytest.raises(TooManyPeople):
        Grid((ANNE,) * MAX_PEOPLE).plus_one()


def test_a_line_is_a_week_of_a_person_and_whoever_has_none_is_checked_by_the_first() -> None:
    found = list(rows(Grid((ANNE | {"i1": "35"}, {"nir": "2"})), WEEKS))
    hours = [(n, week, line["week"], line["worked"], line["idle"]) for n, week, line in found]
    assert hours == [
        (1, 0, "2026-12-07", "28", "7.50"), (1, 1, "2026-12-14", "0", "35"), (2, 0, "2026-12-07", "0", "0"),
    ]  # fmt: skip
    assert found[0][2]["apprentice"] is False


def test_a_person_is_called_by_the_names_that_are_typed() -> None:
    assert name_of({}, 3) == "Salarié 3"
    assert name_of({"first_name": "Zoé", "family_name": "Nom", "usage_name": "Usage"}, 1) == "Salarié 1, Zoé Usage"


@pytest.mark.parametrize(
    "hostile",
    [
        {f"p{n}.nir": "1" for n in range(1, MAX_PEOPLE + 2)},
        {"p1": "&".join(f"a{n}=1" for n in range(1_000))},
        {f"p{'9' * 5_000}.nir": "1"},
    ],
)
def test_a_form_that_no_page_sends_is_refused(hostile: dict[str, str]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- whatever is wrong, it is refused
        typed_grid(hostile)


def test_what_is_no_person_is_no_line() -> None:
    for strange in ({"p0.nir": "1"}, {"p²": "nir=1"}, {"first": "9" * 99}, {"first": "²"}, {"px.nir": "1"}):
        assert typed_grid(strange) == Grid(({},))


def test_hours_of_a_dsn_are_compared_with_what_is_typed_of_every_week() -> None:
    assert dsn_hours(ANNE | {"dsn": "35.5", "i1": "20"}, WEEKS) == (Decimal("35.5"), Decimal("27.50"))
    assert dsn_hours(ANNE, WEEKS) is None


@pytest.mark.parametrize("hostile", ["NaN", "1e999999999", "-1", "9" * 30, "٣", ""])
def test_hours_that_are_no_plain_number_are_compared_with_nothing(hostile: str) -> None:
    assert dsn_hours({"dsn": hostile, "i0": "7"}, WEEKS) is None
    assert dsn_hours({"dsn": "7", "i0": hostile or "x"}, WEEKS) is None

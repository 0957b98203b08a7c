"""Lines of an employer become people and weeks with what they are worth."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from law.rates import Sector
from law.work_time import Mode
from models.claim_files.fields import Category
from models.claim_files.pricing import LineOutsideMonth
from models.store.claims import people
from models.store.claims.people import PersonFigures
from models.store.claims.staging import NothingClaimed
from models.store.database import Database
from tests.models.store.claims.builders import LAST_WEEK, WEEK, admit, authorize, blind_of, broken, differences
from tests.models.store.claims.real_lines import a_line, a_nir, keys, stage_real


def figures(database: Database, claim_id: str) -> list[PersonFigures]:
    with database.begin() as connection:
        return people.list_figures(connection, claim_id, limit=100)


def test_a_person_has_the_sum_of_their_weeks_and_one_product(database: Database) -> None:
    """Three weeks of 3.33 h at 8.57 are worth 85.62 by line and 85.61 by month: the month counts."""
    weeks = (date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 21))
    lines = [a_line(week=each, line=at, idle=Decimal("3.33")) for at, each in enumerate(weeks, 2)]
    (person,) = figures(database, stage_real(database, authorize(database), *lines))
    assert (person.n, person.payable, person.allowance_cents) == (2, Decimal("9.99"), 85_61)
    assert [(each.week_on, each.payable, each.limit_hours) for each in person.weeks] == [
        (each, Decimal("3.33"), Decimal(35)) for each in weeks
    ]


def test_two_hourly_pays_of_a_month_are_two_products_and_both_are_kept(database: Database) -> None:
    lines = [a_line(line=2), a_line(line=3, week=date(2026, 12, 14), hourly_gross=Decimal("40.00"), mode="04")]
    (person,) = figures(database, stage_real(database, authorize(database), *lines))
    first, second = person.weeks
    assert (first.terms, second.terms) == (
        person.terms,
        person.terms._replace(hourly_gross=Decimal("40.00"), mode=Mode.MONTHLY_FLAT),
    )
    assert person.allowance_cents == 7 * (8_57 + 14_40)


def test_what_a_line_states_is_kept_with_its_week(database: Database) -> None:
    line = a_line(worked=Decimal("20.25"), idle=Decimal("3.5"), category=Category.EXECUTIVE, contract_hours=Decimal(28))
    (person,) = figures(database, stage_real(database, authorize(database), line, a_line(2)))[:1]
    (week,) = person.weeks
    assert week[1:5] == (Decimal("20.25"), Decimal("3.5"), Decimal("3.5"), Decimal(28))
    assert (person.terms.category, person.terms.contract_hours) == (Category.EXECUTIVE, Decimal(28))


def test_a_person_is_known_again_by_the_number_without_its_key(database: Database) -> None:
    claim_id = stage_real(database, authorize(database))
    assert blind_of(database, claim_id) == [keys().blind.index(a_nir(1)[:13])]


def test_a_claim_of_lines_is_admitted_and_its_events_state_them(database: Database) -> None:
    reference = authorize(database)
    lines = (a_line(1), a_line(1, LAST_WEEK, line=9, hourly_gross=Decimal(16)), a_line(2))
    admitted = admit(database, stage_real(database, reference, *lines, structural=True))
    assert (admitted.people, admitted.hours) == (2, Decimal(21))
    assert (differences(database), broken(database)) == ((), [])


def test_terms_that_change_behind_the_register_are_found(database: Database) -> None:
    lines = (a_line(1), a_line(1, LAST_WEEK, line=9, hourly_gross=Decimal(16)))
    admitted = admit(database, stage_real(database, authorize(database), *lines))
    with database.begin() as connection:
        connection.execute(text("UPDATE claim SET sector = :to"), {"to": Sector.SKI})
    assert [what for subject, _, what in broken(database) if admitted.id in subject] != []


@pytest.mark.parametrize("lines", [(a_line(week=date(2026, 11, 2)),), (a_line(line=2), a_line(line=3))])
def test_lines_that_were_not_checked_are_refused(database: Database, lines: tuple[object, ...]) -> None:
    with pytest.raises(LineOutsideMonth):
        stage_real(database, authorize(database), *lines)  # type: ignore[arg-type]


def test_a_claim_of_no_hour_is_none(database: Database) -> None:
    with pytest.raises(NothingClaimed):
        stage_real(database, authorize(database), a_line(idle=Decimal(0), worked=Decimal(35), week=WEEK))

"""Hours of a claim by hourly allowance, which add up to it."""

from datetime import date
from decimal import Decimal

from models.store.claims import liquidation, records
from models.store.claims.liquidation import RateTotal
from models.store.database import Database
from tests.models.store.claims import builders
from tests.models.store.claims.builders import LAST_WEEK, WEEK, a_person
from tests.models.store.claims.real_lines import a_line, stage_real


def rates(database: Database, claim_id: str) -> tuple[RateTotal, ...]:
    with database.begin() as connection:
        rows = liquidation.list_rates(connection, claim_id)
        claim = records.get(connection, claim_id)
    assert sum(each.hours for each in rows) == claim.hours
    assert sum(each.allowance_cents for each in rows) == claim.allowance_cents
    return rows


def test_people_at_one_amount_are_one_row_whose_product_is_its_amount(database: Database) -> None:
    lines = (
        a_line(1),
        a_line(1, LAST_WEEK, 2, idle=Decimal("10.5")),
        a_line(3),
        a_line(4, hourly_gross=Decimal("40.00")),
    )
    admitted = builders.admit(database, stage_real(database, builders.authorize(database), *lines))
    low, high = rates(database, admitted.id)
    assert (low.hours, high.hours) == (Decimal("24.50"), Decimal("7.00"))
    assert low.hourly is not None
    assert high.hourly is not None
    assert low.hourly < high.hourly
    for each in (low, high):
        assert each.hourly is not None
        assert abs(each.hourly * each.hours * 100 - each.allowance_cents) <= 1


def test_a_person_with_two_rates_in_the_month_is_in_two_rows(database: Database) -> None:
    lines = (a_line(1), a_line(1, LAST_WEEK, 2, hourly_gross=Decimal("36.00")))
    admitted = builders.admit(database, stage_real(database, builders.authorize(database), *lines))
    assert [each.hours for each in rates(database, admitted.id)] == [Decimal("7.00"), Decimal("7.00")]


def test_hours_of_a_week_within_which_an_amount_changes_are_at_both(database: Database) -> None:
    # The allowance of an apprentice changes on Friday 27 March 2020; that of the others does not.
    weeks = (date(2020, 3, 9), date(2020, 3, 16), date(2020, 3, 23), date(2020, 3, 30))
    apprentice = [
        a_line(1, week, at, apprentice=True, hourly_gross=Decimal(5)) for at, week in enumerate(weeks, start=1)
    ]
    other = [a_line(2, week, at) for at, week in enumerate(weeks, start=5)]
    with builders.authorized_in(database, 2020) as (frozen, reference):
        staged = stage_real(frozen, reference, *apprentice, *other, month=date(2020, 3, 1))
        found = rates(frozen, builders.admit(frozen, staged).id)
    assert [(str(each.hourly), str(each.hours)) for each in found] == [
        ("3.50", "19.60"),
        ("5.00", "8.40"),
        ("10.50", "28.00"),
    ]


def test_amounts_that_no_rate_gives_any_more_stand_without_one(database: Database) -> None:
    claim = builders.claim(database, builders.authorize(database), a_person(1), a_person(2, (WEEK, "30"), cents=10_001))
    assert rates(database, claim.id) == (RateTotal(None, Decimal("37.00"), 18_331),)

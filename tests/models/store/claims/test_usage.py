"""Under all claims of an establishment, a person’s year is within its quotas and a person’s week within its limit."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from law.grounds import Ground
from law.quota import annual_quota
from models.claim_labels import ClaimState
from models.store.cases import requests
from models.store.claims import admission, ends, usage
from models.store.claims.refusals import AdmissionRefused
from models.store.database import Database
from models.store.journal.events import SYSTEM
from tests.models.store.claims.builders import (
    LAST_WEEK,
    WEEK,
    a_person,
    a_week,
    admit,
    authorize,
    authorized_in,
    blind,
    broken,
    claim,
    differences,
    employer_of,
    refused,
    stage,
)


@pytest.mark.parametrize(
    ("year", "ground"),
    [(2026, Ground.DISASTER_OR_WEATHER), (2021, Ground.DISASTER_OR_WEATHER), (2021, Ground.RESTRUCTURING)],
)
def test_a_year_is_claimed_up_to_its_quota_and_no_further(database: Database, year: int, ground: Ground) -> None:
    quota = annual_quota(ground, date(year, 1, 15)).hours
    month = date(year, 1, 1)
    monday = month + timedelta(days=7 - month.weekday())
    with authorized_in(database, year, ground=ground) as (frozen, reference):
        for person in (1, 2):
            _have_used(frozen, reference, person, year, quota - 21)
        staged = stage(
            frozen, reference, a_person(1, (monday, "21"), n=5), a_person(2, (monday, "21.01"), n=9), month=month
        )
        with pytest.raises(AdmissionRefused, match=f"contingent {year}.*ligne 9") as found:
            admit(frozen, staged)
        assert (found.value.slug, found.value.lines) == ("quota-exceeded", (9,))
        assert claim(frozen, reference, a_person(1, (monday, "21")), month=month).state == ClaimState.ADMITTED


def _have_used(database: Database, reference: str, person: int, year: int, hours: Decimal) -> None:
    with database.begin() as connection:
        case = requests.get(connection, reference)
        own = hours if case.ground is Ground.RESTRUCTURING else Decimal(0)
        connection.execute(
            text("INSERT INTO person_year VALUES (:blind, :siret, :year, :hours, :hours, :own, :own)"),
            {"blind": blind(person), "siret": case.siret, "year": year, "hours": hours, "own": own},
        )


def test_a_refusal_says_which_quota_of_the_year_is_exceeded(database: Database) -> None:
    reference = authorize(database, ground=Ground.RESTRUCTURING)
    with database.begin() as connection:
        siret = requests.get(connection, reference).siret
        for person, hours, own in ((1, 990, 0), (2, 90, 90), (3, 995, 95)):
            connection.execute(
                text("INSERT INTO person_year VALUES (:blind, :siret, 2026, :hours, 1000, :own, 100)"),
                {"blind": blind(person), "siret": siret, "hours": hours, "own": own},
            )
    lines = [a_person(person, (WEEK, "10.01")) for person in (1, 2, 3)]
    said = []
    for people in (lines[:1], lines[1:2], lines):
        staged = stage(database, reference, *people)
        with pytest.raises(AdmissionRefused) as found:
            admit(database, staged)
        assert found.value.lines == tuple(each.n for each in people)
        said.append(found.value.detail.translate({0xA0: " ", 0x202F: " "}).partition("dépasse ")[2])
    year, ground = "le contingent 2026 de 1 000 heures par salarié", "le contingent 2026 de 100 heures par salarié"
    assert said == [
        f"{year} (ligne 1).",
        f"{ground} pour ce motif (ligne 2).",
        f"{year} (lignes 1 et 3) et {ground} pour ce motif (lignes 2 et 3).",
    ]


def test_a_month_alone_can_exceed_the_hundred_hours_of_ground_4(database: Database) -> None:
    weeks = [WEEK + timedelta(weeks=each) for each in range(3)]
    reference = authorize(database, ground=Ground.RESTRUCTURING)
    found = refused(database, reference, a_person(1, *((week, "35") for week in weeks)))
    assert (found.slug, found.lines, "100" in found.detail) == ("quota-exceeded", (1,), True)
    claim(database, reference, a_person(1, *((week, "33") for week in weeks)))
    other = authorize(database, employer=employer_of(database, reference))
    claim(database, other, a_person(1, *((week, "2") for week in weeks)))
    with database.begin() as connection:
        year = connection.execute(text("SELECT hours, hours_ground_4 FROM person_year")).one()
    assert tuple(year) == (105, 99), "hours of another ground are within the quota of the year alone"


def test_a_week_of_two_months_or_two_authorizations_has_one_limit(database: Database) -> None:
    january = date(2027, 1, 1)
    reference = authorize(database)
    other = authorize(database, employer=employer_of(database, reference))
    claim(database, reference, a_person(1, (LAST_WEEK, "28")), a_person(2))
    found = refused(database, reference, a_person(1, (LAST_WEEK, "7.01"), n=4), month=january)
    assert (found.slug, found.lines, "par semaine" in found.detail) == ("quota-exceeded", (4,), True)
    claim(database, reference, a_person(1, (LAST_WEEK, "5")), month=january)
    assert refused(database, other, a_person(1, (LAST_WEEK, "2.01")), month=january).slug == "quota-exceeded"
    claim(database, other, a_person(1, (LAST_WEEK, "2")), month=january)
    with database.begin() as connection:
        weeks = connection.execute(text("SELECT payable FROM person_week WHERE week_on = :w"), {"w": LAST_WEEK})
        assert weeks.scalars().all() == [35]
        assert connection.execute(text("SELECT hours FROM person_year WHERE year = 2027")).scalars().all() == [7]
    assert (differences(database), broken(database)) == ((), [])


def test_a_part_timer_has_the_week_of_the_contract_over_two_months(database: Database) -> None:
    reference, january = authorize(database), date(2027, 1, 1)
    claim(database, reference, a_person(1, (LAST_WEEK, "12"), contract="20"))
    late = refused(database, reference, a_person(1, (LAST_WEEK, "8.01"), contract="20"), month=january)
    assert (late.slug, late.lines) == ("quota-exceeded", (1,))
    claim(database, reference, a_person(1, (LAST_WEEK, "8"), contract="20"), month=january)


def test_hours_worked_of_both_months_are_within_the_limit_of_their_week(database: Database) -> None:
    """What can be paid is the limit less all hours worked, each stated in the claim of its month."""
    reference, january = authorize(database), date(2027, 1, 1)
    claim(database, reference, a_person(1, (LAST_WEEK, "5", "20")), a_person(2, (WEEK, "7"), (LAST_WEEK, "0", "28")))
    late = refused(database, reference, a_person(1, (LAST_WEEK, "6.01", "4")), month=january)
    assert (late.slug, late.lines) == ("quota-exceeded", (1,))
    assert refused(database, reference, a_person(2, (LAST_WEEK, "7.01"), n=3), month=january).lines == (3,)
    claim(database, reference, a_person(1, (LAST_WEEK, "6", "4")), a_person(2, (LAST_WEEK, "7")), month=january)
    assert (differences(database), broken(database)) == ((), [])


def test_hours_worked_of_a_month_are_stated_by_each_of_its_parts_and_count_once(database: Database) -> None:
    reference = authorize(database)
    claim(database, reference, a_person(1, (WEEK, "5", "20")))
    staged = stage(database, reference, a_person(1, (WEEK, "10.01", "20")), part=2)
    with pytest.raises(AdmissionRefused, match="par semaine"):
        admit(database, staged)
    claim(database, reference, a_person(1, (WEEK, "10", "20")), part=2)


def test_a_line_that_asks_for_no_hour_of_a_week_is_not_refused_for_it(database: Database) -> None:
    """Whoever worked more in January than December left is told in the claim of December, not in that of January."""
    reference, january = authorize(database), date(2027, 1, 1)
    claim(database, reference, a_person(1, (LAST_WEEK, "28")))
    later = date(2027, 1, 4)
    admitted = claim(database, reference, a_person(1, (LAST_WEEK, "0", "14"), (later, "7")), month=january)
    assert admitted.hours == 7
    assert (_limits(database), differences(database), broken(database)) == ([35, 35], (), [])


def test_structural_hours_raise_the_limit_of_a_week(database: Database) -> None:
    reference, january = authorize(database), date(2027, 1, 1)
    claim(database, reference, a_person(1, (LAST_WEEK, "30"), contract="39"), structural=True)
    assert refused(database, reference, a_person(1, (LAST_WEEK, "9.01")), month=january).slug == "quota-exceeded"
    claim(database, reference, a_person(1, (LAST_WEEK, "9"), contract="39"), month=january, structural=True)


def test_the_limit_of_a_week_is_that_of_the_claims_that_stand(database: Database) -> None:
    reference, january = authorize(database), date(2027, 1, 1)
    first = claim(database, reference, a_person(1, (LAST_WEEK, "39"), contract="39"), structural=True)
    assert _limits(database) == [39]
    second = claim(database, reference, a_person(1, (LAST_WEEK, "30"), contract="39"), replaces=first.id)
    assert _limits(database) == [35]
    assert refused(database, reference, a_person(1, (LAST_WEEK, "5.01")), month=january).slug == "quota-exceeded"
    _end(database, second.id)
    assert _limits(database) == [0]
    claim(database, reference, a_person(1, (LAST_WEEK, "39"), contract="39"), structural=True)


def test_hours_above_the_legal_week_count_only_where_every_claim_states_them(database: Database) -> None:
    reference, january = authorize(database), date(2027, 1, 1)
    structural = a_person(1, (LAST_WEEK, "30"), contract="39")
    december = claim(database, reference, structural, structural=True)
    plain = a_person(1, (LAST_WEEK, "5.01"))
    assert refused(database, reference, plain, month=january).slug == "quota-exceeded"
    _end(database, december.id)
    claim(database, reference, plain, month=january)
    staged = stage(database, reference, structural, structural=True)
    with pytest.raises(AdmissionRefused, match="par semaine"):
        admit(database, staged)
    claim(database, reference, structural._replace(weeks={LAST_WEEK: a_week("29.99")}), structural=True)
    assert (_limits(database), differences(database), broken(database)) == ([35], (), [])


def test_a_contract_that_changes_within_a_week_has_its_limit_for_its_own_hours(database: Database) -> None:
    """Whatever is given back, what remains is still within its limits."""
    reference, january = authorize(database), date(2027, 1, 1)
    other = authorize(database, employer=employer_of(database, reference))
    later = claim(database, reference, a_person(1, (LAST_WEEK, "14")), month=january)
    claim(database, reference, a_person(1, (LAST_WEEK, "12"), contract="20"))
    late = refused(database, other, a_person(1, (LAST_WEEK, "8.01"), contract="20"))
    assert (late.slug, late.lines) == ("quota-exceeded", (1,))
    claim(database, other, a_person(1, (LAST_WEEK, "8"), contract="20"))
    assert _limits(database) == [35]
    _end(database, later.id)
    assert (_limits(database), differences(database)) == ([20], ())


def _limits(database: Database) -> list[float]:
    with database.begin() as connection:
        return [float(each) for each in connection.execute(text("SELECT limit_hours FROM person_week")).scalars()]


def _end(database: Database, claim_id: str) -> None:
    with database.begin() as connection:
        assert ends.end(connection, claim_id, ClaimState.REFUSED, SYSTEM, reason="x")


def test_another_establishment_has_its_own_limits(database: Database) -> None:
    for _ in range(2):
        claim(database, authorize(database), a_person(1, (WEEK, "35")))
    assert differences(database) == ()


def test_a_claim_of_many_people_is_judged_the_same_and_rows_join_by_loops_again_afterwards(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = authorize(database)
    first = claim(database, reference)
    monkeypatch.setattr(usage, "_MANY", 1)
    staged = stage(database, reference, a_person(1), a_person(2))
    with database.begin() as connection:
        second = admission.admit(connection, staged, SYSTEM, replaces=first.id)
        assert connection.execute(text("SHOW enable_nestloop")).scalar_one() == "on"
    assert second.hours == Decimal(14)
    assert differences(database) == ()
    with pytest.raises(AdmissionRefused) as exceeded:
        claim(database, reference, a_person(1, (WEEK, "35")), part=2)
    assert exceeded.value.lines == (1,)

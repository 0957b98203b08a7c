"""A claim is admitted whole or refused whole: hours, period, forfeiture, employees, versions."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from law.calendar import midnight
from law.payment import payment_delay
from models.claim_labels import ClaimSignal, ClaimState
from models.errors import Unknown
from models.store.cases import requests
from models.store.claims import ends, records
from models.store.claims.refusals import AdmissionRefused
from models.store.claims.staging import NothingClaimed, StagedPerson
from models.store.database import Database
from models.store.journal import events
from models.store.journal.claim_grammar import claim_chain
from models.store.journal.events import Actor
from models.store.people import mandates, members
from tests.cases import DEPARTMENT, an_employer, file_a_case
from tests.models.clocks import SECOND, clock_at
from tests.models.store.claims.builders import (
    DECEMBER,
    EMPLOYER,
    LAST_WEEK,
    WEEK,
    a_person,
    admit,
    authorize,
    balances,
    blind,
    broken,
    claim,
    differences,
    employer_of,
    entitlement,
    hand_over,
    refused,
    stage,
    state,
    story,
)

NOWHERE = "00000000-0000-7000-8000-000000000000"


def test_an_admitted_claim_has_its_sums_its_shares_and_its_last_day_of_payment(database: Database) -> None:
    reference = authorize(database, hours="100")
    found = claim(database, reference, a_person(1, cents=8_333), a_person(2, (WEEK, "10.5"), cents=12_499))
    assert (found.version, found.state, found.people) == (1, ClaimState.ADMITTED, 2)
    assert (found.hours, found.allowance_cents, found.indemnity_cents) == (Decimal("17.5"), 20_832, 21_032)
    assert (found.state_cents, found.unedic_cents) == (13_957, 6_875), "67 % of 208.32 is 139.5744"
    assert found.received_at is not None
    with database.begin() as connection:
        received_on = requests.get(connection, reference).day_of(found.received_at)
    assert found.due_on == payment_delay(received_on).due_on
    assert balances(database, reference) == {
        "authorised": (-100, 0),
        "available": (82.5, -20_832),
        "admitted": (17.5, 20_832),
    }
    assert entitlement(database, reference).admitted_hours == Decimal("17.5")
    assert story(database, found.id) == ["claim_received"]
    assert (differences(database), broken(database)) == ((), [])


def test_a_claim_is_admitted_once_however_often_it_is_asked(database: Database) -> None:
    reference = authorize(database)
    found = claim(database, reference)
    assert admit(database, found.id) == found
    assert entitlement(database, reference).admitted_hours == 7


def test_hours_beyond_those_authorised_are_refused_and_the_hours_left_are_said(database: Database) -> None:
    reference = authorize(database, hours="10")
    claim(database, reference)
    late = refused(database, reference, a_person(2), month=date(2027, 1, 1))
    assert late.slug == "outside-period", "a week of December is none of January"
    late = refused(database, reference, a_person(2, (date(2027, 1, 4), "3.01")), month=date(2027, 1, 1))
    assert (late.slug, late.lines) == ("hours-exceeded", ())
    assert "Il reste 3 heures" in late.detail.replace("\N{NO-BREAK SPACE}", " ")


def test_without_an_authorization_or_a_payable_hour_nothing_is_staged(database: Database) -> None:
    with pytest.raises(AdmissionRefused, match="Aucune autorisation"):
        stage(database, file_a_case(database))
    with pytest.raises(NothingClaimed):
        stage(database, authorize(database), a_person(1, (WEEK, "0")))
    with pytest.raises(Unknown):
        admit(database, NOWHERE)


def test_an_entitlement_that_is_not_open_admits_nothing(database: Database) -> None:
    staged = stage(database, authorize(database))
    for kept, sentence in (("frozen", "suspendues"), ("void", "retirée")):
        with database.begin() as connection:
            connection.execute(text("UPDATE entitlement SET state = :s"), {"s": kept})
        with pytest.raises(AdmissionRefused, match=sentence) as found:
            admit(database, staged)
        assert found.value.slug == "not-authorized"


OUTSIDE = [
    (date(2026, 11, 1), date(2026, 11, 16)),
    (date(2027, 3, 1), date(2027, 3, 8)),
    (DECEMBER, date(2026, 11, 23)),
    (DECEMBER, date(2027, 1, 4)),
]
"""Months and weeks: out of the period granted, and of a month within it."""


def test_days_outside_the_month_or_the_period_are_refused(database: Database) -> None:
    reference = authorize(database)
    for month, week in OUTSIDE:
        found = refused(database, reference, a_person(1, (week, "7")), month=month)
        assert (found.slug, week) == ("outside-period", week)
        assert "du 1er décembre 2026 au 28 février 2027" in found.detail.replace("\N{NO-BREAK SPACE}", " ")


def test_a_claim_is_in_time_until_the_last_second_of_its_last_day(database: Database) -> None:
    reference = authorize(database)
    staged = [stage(database, reference, part=part) for part in (1, 2)]
    with database.begin() as connection:
        offset = requests.get(connection, reference).clock_offset
    instant = midnight(date(2027, 9, 1), DEPARTMENT) - offset
    with clock_at(database, instant) as frozen, pytest.raises(AdmissionRefused, match="31 août 2027") as late:
        admit(frozen, staged[0])
    assert late.value.slug == "forfeited"
    with clock_at(database, instant - SECOND) as frozen:
        assert admit(frozen, staged[0]).state == ClaimState.ADMITTED


LATE = date(2027, 9, 1)
"""First day out of time of a period to February 2027; six months more to put claims right end on 29 February 2028."""


@pytest.mark.parametrize(
    ("months", "on", "admitted"),
    [
        (12, LATE, True),
        (7, date(2028, 2, 29), True),
        (12, date(2028, 3, 1), False),
        (6, LATE, False),
        (None, LATE, False),
    ],
)
def test_a_claim_is_put_right_for_six_months_more_under_a_long_arrangement(
    database: Database, months: int | None, on: date, admitted: bool
) -> None:
    reference = authorize(database)
    first = claim(database, reference)
    staged = stage(database, reference, a_person(1, (WEEK, "10")), reference_months=months)
    with database.begin() as connection:
        offset = requests.get(connection, reference).clock_offset
    with clock_at(database, midnight(on + timedelta(days=1), DEPARTMENT) - SECOND - offset) as frozen:
        if not admitted:
            with pytest.raises(AdmissionRefused) as late:
                admit(frozen, staged, first.id)
            assert late.value.slug == "forfeited"
            return
        second = admit(frozen, staged, first.id)
        assert (second.state, second.regularisation) == (ClaimState.ADMITTED, True)
        assert second.signals == (ClaimSignal.REGULARISATION,)
        assert story(frozen, second.id) == ["claim_received"]
    assert (differences(database), broken(database)) == ((), [])


def test_nothing_is_claimed_for_the_first_time_after_the_forfeiture(database: Database) -> None:
    reference, january = authorize(database), date(2027, 1, 1)
    claim(database, reference)
    staged = stage(database, reference, a_person(1, (date(2027, 1, 4), "7")), month=january, reference_months=12)
    with (
        clock_at(database, midnight(date(2027, 12, 1), DEPARTMENT)) as frozen,
        pytest.raises(AdmissionRefused, match="déjà demandées"),
    ):
        admit(frozen, staged)


PUT_RIGHT = midnight(date(2027, 12, 1), DEPARTMENT)
"""An instant at which months claimed in time may still be put right."""


def put_right(
    database: Database, reference: str, *people: StagedPerson, part: int = 1, replaces: str | None = None
) -> str:
    """Claim a month after its forfeiture, and return why it is refused, or its state."""
    staged = stage(database, reference, *people, part=part, reference_months=12)
    with clock_at(database, PUT_RIGHT) as frozen:
        try:
            return admit(frozen, staged, replaces).state
        except AdmissionRefused as refused:
            return f"{refused.slug} {refused.lines}"


def test_a_claim_that_was_cancelled_opens_nothing_after_the_forfeiture(database: Database) -> None:
    reference = authorize(database)
    token = claim(database, reference, a_person(1, (WEEK, "1")))
    with database.begin() as connection:
        assert ends.end(connection, token.id, ClaimState.VOID, EMPLOYER)
    assert put_right(database, reference) == "forfeited ()"


def test_a_claim_opens_neither_another_part_nor_other_people_after_the_forfeiture(database: Database) -> None:
    reference = authorize(database)
    first = claim(database, reference, a_person(1), a_person(2))
    assert put_right(database, reference, a_person(2), part=2) == "forfeited ()"
    added = (a_person(1), a_person(3))
    assert put_right(database, reference, *added, replaces=first.id) == "forfeited (3,)"
    assert put_right(database, reference, a_person(2), replaces=first.id) == ClaimState.ADMITTED


def test_a_month_has_no_more_employees_over_all_its_parts_than_are_authorised(database: Database) -> None:
    reference = authorize(database, employees=2)
    claim(database, reference, a_person(1), a_person(2))
    claim(database, reference, a_person(2, (LAST_WEEK, "7")), part=2)
    staged = stage(database, reference, a_person(3), part=3)
    with pytest.raises(AdmissionRefused, match="3 salariés, pour 2") as found:
        admit(database, staged)
    assert found.value.slug == "employees-exceeded"


def test_a_version_takes_the_place_of_the_one_that_it_names_and_gives_back_what_that_held(database: Database) -> None:
    reference = authorize(database, hours="14", employees=2)
    first = claim(database, reference, a_person(1), a_person(2))
    second = claim(database, reference, a_person(1, (WEEK, "14")), replaces=first.id)
    third = claim(database, reference, a_person(3, (WEEK, "7")), a_person(2, (WEEK, "7")), replaces=second.id)
    assert [(each.version, each.replaces) for each in (first, second, third)] == [
        (1, None),
        (2, first.id),
        (3, second.id),
    ]
    assert [state(database, each.id) for each in (first, second, third)] == ["replaced", "replaced", "admitted"]
    assert story(database, first.id) == ["claim_received", "claim_replaced"]
    with database.begin() as connection:
        years = connection.execute(text("SELECT blind, hours FROM person_year")).all()
        assert [each.version for each in records.list_of(connection, reference)] == [1, 2, 3]
    assert {bytes(row.blind): row.hours for row in years} == {blind(1): 0, blind(2): 7, blind(3): 7}
    assert balances(database, reference)["available"] == (0, -16_660)
    assert (differences(database), broken(database)) == ((), [])


def test_a_version_that_stands_is_not_replaced_by_one_that_does_not_name_it(database: Database) -> None:
    reference = authorize(database)
    first = claim(database, reference)
    assert refused(database, reference).slug == "claim-stands"
    claim(database, reference, replaces=first.id)
    stale = refused(database, reference, replaces=first.id)
    assert (stale.slug, "La version 2" in stale.detail) == ("claim-stands", True)


def test_what_was_handed_over_is_not_replaced(database: Database) -> None:
    for to in ("handed", "accepted", "ordered", "paid"):
        reference = authorize(database)
        first = claim(database, reference)
        hand_over(database, first.id, to)
        for replaces in (None, first.id):
            assert refused(database, reference, replaces=replaces).slug == "already-handed"


def test_a_claim_under_an_unproven_authority_is_admitted_and_held(database: Database) -> None:
    with database.begin() as connection:
        employer = an_employer(connection, proven=False)
    found = claim(database, authorize(database, employer=employer))
    assert (found.state, found.signals) == (ClaimState.HELD, (ClaimSignal.AUTHORITY,))
    assert story(database, found.id) == ["claim_received", "claim_held"]
    assert (differences(database), broken(database)) == ((), [])


def test_a_claim_for_another_bank_account_is_admitted_and_held(database: Database) -> None:
    reference = authorize(database)
    stage(database, reference)
    with database.begin() as connection:
        connection.execute(text("UPDATE nominal SET iban = 'FR7630006000011234567890189'"))
    assert claim(database, reference).signals == (ClaimSignal.BANK_ACCOUNT,)


def test_an_agent_of_record_names_the_mandate(database: Database) -> None:
    reference = authorize(database)
    employer = employer_of(database, reference)
    period = (date(2020, 1, 1), date(2099, 12, 31))
    with database.begin() as connection:
        given = mandates.give(
            connection, employer.siret, "Cabinet", "cabinet@exemple.invalid", period, employer.account_id
        )
        members.accept(connection, given.account_id, given.account_id)
    agent = Actor(role="employer", account_id=given.account_id)
    found = admit(database, stage(database, reference), actor=agent)
    with database.begin() as connection:
        (received,) = events.list_of(connection, claim_chain(found.id))
    assert received.data["mandate"] == given.id

"""The entitlement of an authorization counts its amendments, once each, whatever comes first."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Final

import pytest

from models.identifiers import Period
from models.store.claims import entitlements, ledger
from models.store.claims.refusals import AdmissionRefused
from models.store.database import Database
from models.store.journal import events
from models.store.journal.claim_grammar import entitlement_chain
from tests.amendments import amend
from tests.cases import GROUNDS, let_silence_accept, notify_a_decision
from tests.models.store.claims.builders import (
    LAST_WEEK,
    WEEK,
    a_person,
    admit,
    authorize,
    broken,
    claim,
    differences,
    entitlement,
    stage,
    totals,
)
from tests.models.store.claims.real_lines import a_line, stage_real

MORE: Final = Decimal(15_000)
FEW: Final = Decimal(10)


def follow(database: Database, reference: str) -> None:
    """As the process of an amendment does once it is accepted."""
    with database.begin() as connection:
        entitlements.follow_amendments(connection, reference)


def grants(database: Database, reference: str) -> list[tuple[str, float, str]]:
    """Entries that no claim made, once everything is found whole."""
    assert (differences(database), broken(database)) == ((), [])
    with database.begin() as connection:
        entries = ledger.list_entries(connection, reference)
    return [(each.kind, float(each.hours), each.key) for each in entries if each.claim_id is None]


def story(database: Database, reference: str) -> list[tuple[str, str | None]]:
    with database.begin() as connection:
        listed = events.list_of(connection, entitlement_chain(reference))
    return [(each.type, each.data.get("amendment")) for each in listed]


def test_an_amendment_raises_an_open_entitlement_once(database: Database) -> None:
    reference = authorize(database)
    claim(database, reference)
    amendment = amend(database, reference, hours=MORE, employees=50, end_on=date(2027, 3, 31))
    follow(database, reference)
    assert entitlement(database, reference).authorised_hours == Decimal(12_000)
    before = entitlement(database, reference).forfeited_on
    let_silence_accept(database, amendment)
    for _ in range(2):
        follow(database, reference)
    raised = entitlement(database, reference)
    assert (raised.authorised_hours, raised.authorised_employees, raised.end_on, raised.amended_by) == (
        *(MORE, 50, date(2027, 3, 31)),
        amendment,
    )
    assert raised.forfeited_on > before
    assert grants(database, reference) == [
        ("granted", 12_000, f"granted:{reference}"),
        ("granted", 3_000, f"granted:{amendment}"),
    ]
    assert story(database, reference) == [("entitlement_opened", None), ("entitlement_amended", amendment)]


def test_an_entitlement_that_is_opened_late_counts_every_amendment_so_far(database: Database) -> None:
    reference = authorize(database)
    first, second = amend(database, reference, hours=MORE), ""
    let_silence_accept(database, first)
    second = amend(database, reference, hours=MORE + 1)
    notify_a_decision(database, second)
    claim(database, reference)
    assert [each[1:] for each in grants(database, reference)] == [
        (12_000, f"granted:{reference}"),
        (3_000, f"granted:{first}"),
        (1, f"granted:{second}"),
    ]


def test_a_refused_amendment_leaves_the_entitlement_as_it_was(database: Database) -> None:
    reference = authorize(database)
    claim(database, reference)
    notify_a_decision(database, amend(database, reference, hours=MORE), outcome="refusal", grounds=GROUNDS)
    follow(database, reference)
    assert story(database, reference) == [("entitlement_opened", None)]
    assert len(grants(database, reference)) == 1


def test_an_amendment_for_fewer_hours_takes_none_that_were_admitted(database: Database) -> None:
    reference = authorize(database)
    claim(database, reference, a_person(1, (WEEK, "20")))
    amendment = amend(database, reference, hours=FEW)
    let_silence_accept(database, amendment)
    follow(database, reference)
    assert entitlement(database, reference).authorised_hours == Decimal(20)
    assert grants(database, reference)[-1] == ("reduced", 11_980, f"reduced:{amendment}")


def test_an_amendment_of_the_period_alone_has_an_event_and_no_entry(database: Database) -> None:
    reference = authorize(database)
    claim(database, reference)
    amendment = amend(database, reference, end_on=date(2027, 3, 31))
    let_silence_accept(database, amendment)
    follow(database, reference)
    assert len(grants(database, reference)) == 1
    assert story(database, reference)[-1] == ("entitlement_amended", amendment)


def test_an_amendment_of_the_period_keeps_the_days_that_were_claimed_meanwhile(database: Database) -> None:
    reference = authorize(database)
    amendment = amend(database, reference, start_on=date(2027, 1, 1), end_on=date(2027, 3, 31))
    claimed = claim(database, reference)
    let_silence_accept(database, amendment)
    follow(database, reference)
    amended = entitlement(database, reference)
    assert (amended.start_on, amended.end_on) == (WEEK, date(2027, 3, 31))
    assert amended.days_of(claimed.month) == Period(start_on=WEEK, end_on=date(2026, 12, 31))
    assert (differences(database), broken(database)) == ((), [])


def test_days_that_are_claimed_are_those_of_the_month_of_each_claim(database: Database) -> None:
    reference = authorize(database)
    claim(database, reference, a_person(1, (LAST_WEEK, "7")))
    with database.begin() as connection:
        found = entitlements.find_claimed_days(connection, reference)
    assert found == Period(start_on=LAST_WEEK, end_on=date(2026, 12, 31))


def test_a_claim_that_waited_for_an_amendment_is_admitted_by_it(database: Database) -> None:
    reference = authorize(database, hours="10")
    staged = stage(database, reference, a_person(1, (WEEK, "20")))
    with pytest.raises(AdmissionRefused, match="10 heures"):
        admit(database, staged)
    let_silence_accept(database, amend(database, reference, hours=Decimal(20)))
    assert admit(database, staged).hours == Decimal(20)
    assert [each[0] for each in grants(database, reference)] == ["granted", "granted"]


CUT: Final = date(2027, 2, 10)
"""A Wednesday."""
FEBRUARY: Final = date(2027, 2, 1)
CUT_WEEK: Final = date(2027, 2, 8)


def shorten(database: Database, reference: str, end_on: date = CUT) -> None:
    let_silence_accept(database, amend(database, reference, end_on=end_on))


def test_what_was_staged_for_days_cut_off_since_is_refused_and_takes_nothing(database: Database) -> None:
    reference = authorize(database)
    staged = stage(database, reference, a_person(1, (CUT_WEEK, "35")), month=FEBRUARY)
    others = [
        stage(database, reference, a_person(2, (FEBRUARY, "35")), month=FEBRUARY, part=2),
        stage(database, reference, a_person(3, (date(2027, 2, 15), "35")), month=FEBRUARY, part=3),
    ]
    shorten(database, reference)
    before = totals(database)
    with pytest.raises(AdmissionRefused, match="semaine du 8 février 2027") as found:
        admit(database, staged)
    assert (found.value.slug, totals(database)) == ("outside-period", before)
    assert admit(database, others[0]).hours == Decimal(35)
    with pytest.raises(AdmissionRefused, match="hors de son mois ou de la période"):
        admit(database, others[1])
    assert admit(database, stage(database, reference, a_person(1, (CUT_WEEK, "21")), month=FEBRUARY)).hours == 21


def test_what_is_staged_under_an_amendment_is_admitted_though_others_follow_it(database: Database) -> None:
    reference = authorize(database)
    shorten(database, reference)
    staged = stage(database, reference, a_person(1, (CUT_WEEK, "21")), month=FEBRUARY)
    let_silence_accept(database, amend(database, reference, hours=MORE, end_on=date(2027, 2, 28)))
    assert admit(database, staged).hours == 21


def test_lines_checked_before_an_amendment_are_not_staged_for_days_that_it_took(database: Database) -> None:
    reference = authorize(database)
    checked = Period(start_on=date(2026, 12, 1), end_on=date(2027, 2, 28))
    shorten(database, reference)
    late = a_line(1, CUT_WEEK), a_line(2, FEBRUARY)
    with pytest.raises(AdmissionRefused, match="semaine du 8 février 2027"):
        stage_real(database, reference, *late, month=FEBRUARY, period=checked)
    stage_real(database, reference, late[1], month=FEBRUARY, period=checked)


def test_an_amendment_born_while_claims_are_admitted_is_counted_once(database: Database) -> None:
    reference = authorize(database, hours="20")
    claim(database, reference, a_person(1, (WEEK, "20")))
    amendment = amend(database, reference, hours=Decimal(40))
    let_silence_accept(database, amendment)
    staged = [stage(database, reference, a_person(each, (WEEK, "5")), part=each) for each in range(2, 8)]

    def attempt(claim_id: str) -> bool:
        try:
            admit(database, claim_id)
        except AdmissionRefused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        following = [pool.submit(follow, database, reference) for _ in range(2)]
        admitted = list(pool.map(attempt, staged))
        assert [each.result() for each in following] == [None, None]
    assert admitted.count(True) == 4
    assert [each[1:] for each in grants(database, reference)] == [
        (20, f"granted:{reference}"),
        (20, f"granted:{amendment}"),
    ]


def test_an_amendment_entitles_to_nothing_of_its_own(database: Database) -> None:
    reference = authorize(database)
    amendment = amend(database, reference, hours=MORE)
    let_silence_accept(database, amendment)
    with database.begin() as connection, pytest.raises(AdmissionRefused):
        entitlements.open_once(connection, amendment)

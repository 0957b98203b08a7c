"""Months to claim are those of the period authorised as it stands, amendments with it, once they have begun."""

from datetime import date

from law.calendar import midnight
from models.store.claims import claimable
from models.store.claims.claimable import ClaimableMonth
from models.store.database import Database
from tests.amendments import amend
from tests.cases import DEPARTMENT, let_silence_accept, notify_a_decision
from tests.models.clocks import clock_at
from tests.models.store.claims.builders import authorize, claim, employer_of
from tests.models.store.claims.test_entitlements import follow

IN_MAY = midnight(date(2027, 5, 10), DEPARTMENT)
LONGER = date(2027, 4, 30)


def to_claim(database: Database, reference: str) -> list[ClaimableMonth]:
    """What an employer may claim in May 2027, after a period from December to February."""
    employer = employer_of(database, reference)
    with clock_at(database, IN_MAY) as later, later.begin() as connection:
        return claimable.list_of_employer(connection, employer.account_id, [employer.siret])


def months(found: list[ClaimableMonth]) -> list[str]:
    return [f"{each.month:%Y-%m}" for each in found]


def test_months_that_an_amendment_added_are_to_be_claimed_before_any_claim(database: Database) -> None:
    reference = authorize(database)
    assert months(to_claim(database, reference)) == ["2026-12", "2027-01", "2027-02"]
    amendment = amend(database, reference, end_on=LONGER)
    assert len(to_claim(database, reference)) == 3, "it is not accepted yet"
    let_silence_accept(database, amendment)
    found = to_claim(database, reference)
    assert months(found) == ["2026-12", "2027-01", "2027-02", "2027-03", "2027-04"]
    assert {each.due_on for each in found} == {date(2027, 10, 31)}


def test_an_amendment_that_the_entitlement_does_not_count_yet_adds_its_months_too(database: Database) -> None:
    reference = authorize(database)
    claim(database, reference)
    let_silence_accept(database, amend(database, reference, end_on=LONGER))
    for _ in range(2):
        found = to_claim(database, reference)
        assert months(found) == ["2027-01", "2027-02", "2027-03", "2027-04"]
        assert {each.due_on for each in found} == {date(2027, 10, 31)}
        follow(database, reference)


def test_months_are_those_of_the_last_amendment_as_it_was_granted(database: Database) -> None:
    reference = authorize(database)
    let_silence_accept(database, amend(database, reference, end_on=LONGER))
    shorter = amend(database, reference, end_on=date(2027, 3, 31))
    notify_a_decision(database, shorter)
    assert months(to_claim(database, reference)) == ["2026-12", "2027-01", "2027-02", "2027-03"]

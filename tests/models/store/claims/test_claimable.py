"""Months to claim are those of the period authorised as it stands, amendments with it, once they have begun."""

from datetime import date, datetime

from law.calendar import midnight
from models.claim_labels import ClaimState
from models.store.claims import claimable, ends
from models.store.claims.claimable import ClaimableMonth
from models.store.database import Database
from models.store.journal.events import SYSTEM
from tests.amendments import amend
from tests.cases import DEPARTMENT, let_silence_accept, notify_a_decision
from tests.models.clocks import SECOND, clock_at
from tests.models.store.claims.builders import a_person, admit, authorize, claim, employer_of, hand_over, stage
from tests.models.store.claims.test_entitlements import follow
from tests.models.store.claims.test_late_claims import case_at

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


def test_a_rejected_claim_is_to_be_sent_again_until_its_own_last_day_and_no_other_month(database: Database) -> None:
    first, reference = authorize(database), authorize(database)
    made, other = claim(database, first), claim(database, reference, part=2)
    claim(database, reference, a_person(2))
    told, over = midnight(date(2027, 8, 20), DEPARTMENT), midnight(date(2027, 10, 22), DEPARTMENT)
    for each in (made, other):
        hand_over(database, each.id)
        with case_at(database, each.reference, told) as frozen, frozen.begin() as connection:
            assert ends.end(connection, each.id, ClaimState.REJECTED, SYSTEM)
    for each, part in ((made, 1), (other, 2)):
        assert listed(database, each.reference, told, date(2026, 12, 1)) == [(part, date(2027, 10, 21))]
        assert listed(database, each.reference, over - SECOND) == [(part, date(2027, 10, 21))]
        assert listed(database, each.reference, over) == []
    stage_again = stage(database, first)
    with case_at(database, first, over - SECOND) as frozen:
        admit(frozen, stage_again)
    assert listed(database, first, over - SECOND) == []


def test_a_first_part_is_to_be_claimed_beside_another_that_was_rejected(database: Database) -> None:
    reference = authorize(database)
    cancelled, other = claim(database, reference), claim(database, reference, a_person(2), part=2)
    hand_over(database, other.id)
    told = midnight(date(2027, 8, 20), DEPARTMENT)
    with case_at(database, reference, told) as frozen, frozen.begin() as connection:
        assert ends.end(connection, cancelled.id, ClaimState.VOID, SYSTEM)
        assert ends.end(connection, other.id, ClaimState.REJECTED, SYSTEM)
    december = listed(database, reference, told, date(2026, 12, 1))
    assert december == [(1, date(2027, 8, 31)), (2, date(2027, 10, 21))]


def listed(database: Database, reference: str, at: datetime, month: date | None = None) -> list[tuple[int, date]]:
    """Part and last day of each month, or of this one, that may be claimed at an instant of the clock of its case."""
    employer = employer_of(database, reference)
    with case_at(database, reference, at) as frozen, frozen.begin() as connection:
        found = claimable.list_of_employer(connection, employer.account_id, [employer.siret])
    return [(each.part, each.due_on) for each in found if month in (None, each.month)]

"""Amendments: filed under the authorization's reference, accepted like requests, in force once accepted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import pytest
from sqlalchemy import text

from models.errors import Conflict
from models.labels import Outcome
from models.messages.case import Established, NotDue
from models.store.cases import (
    amendments,
    authorizations,
    decisions,
    expected_runs,
    forfeitures,
    living,
    requests,
    silence,
)
from models.store.database import Database
from models.store.journal import events
from tests.amendments import REASONS, amend
from tests.cases import (
    GROUNDS,
    IBAN,
    an_agent,
    an_employer,
    file_a_case,
    let_silence_accept,
    notify_a_decision,
    register_a_decision,
)
from tests.models.clocks import SECOND, clock_at, deadline
from tests.models.store.claims.builders import broken

MORE: Final = Decimal(15_000)


def authorized(database: Database) -> str:
    reference = file_a_case(database)
    let_silence_accept(database, reference)
    return reference


def hours_in_force(database: Database, reference: str) -> Decimal:
    with database.begin() as connection:
        return authorizations.get(connection, reference)[1].hours


def test_an_amendment_is_a_request_of_its_own_under_the_same_authorization(database: Database) -> None:
    reference = authorized(database)
    amendment = amend(database, reference, hours=MORE)
    assert amendment == f"{reference}01"
    with database.begin() as connection:
        case, parent = requests.get(connection, amendment), requests.get(connection, reference)
        nominal = requests.get_nominal(connection, amendment)
        [received] = events.list_of(connection, amendment)
    assert (case.amends, case.siret, case.ground, case.party) == (reference, parent.siret, parent.ground, parent.party)
    assert (case.hours, case.end_on, case.outcome) == (MORE, parent.end_on, None)
    assert (nominal.circumstances, nominal.iban) == (REASONS, IBAN)
    assert (received.type, received.data["amends"]) == ("request_received", reference)
    assert broken(database) == []


def test_silence_accepts_an_amendment_at_its_instant_and_not_a_second_before(database: Database) -> None:
    reference = file_a_case(database)
    notify_a_decision(database, reference)
    amendment = amend(database, reference, hours=MORE)
    due = deadline(database, amendment)
    with clock_at(database, due - SECOND) as frozen, frozen.begin() as connection:
        assert isinstance(silence.establish(connection, amendment), NotDue)
    assert hours_in_force(database, reference) == Decimal(12_000)
    with clock_at(database, due) as frozen, frozen.begin() as connection:
        assert isinstance(silence.establish(connection, amendment), Established)
    assert hours_in_force(database, reference) == MORE
    assert broken(database) == []


def test_what_is_granted_of_an_amendment_is_in_force_and_a_refusal_changes_nothing(database: Database) -> None:
    reference = authorized(database)
    granted = amend(database, reference, hours=MORE)
    notify_a_decision(database, granted, hours="13000", grounds=GROUNDS)
    assert hours_in_force(database, reference) == Decimal(13_000)
    refused = amend(database, reference, hours=MORE)
    notify_a_decision(database, refused, outcome="refusal", grounds=GROUNDS)
    assert hours_in_force(database, reference) == Decimal(13_000)
    with database.begin() as connection:
        listed = amendments.list_of(connection, reference)
    assert [(each.reference, each.outcome) for each in listed] == [
        (granted, Outcome.GRANTED),
        (refused, Outcome.REFUSED),
    ]
    assert broken(database) == []


def test_an_express_grant_and_that_of_its_amendment_cover_the_same_days(database: Database) -> None:
    with database.begin() as connection:
        firm = an_employer(connection)
    reference, other = file_a_case(database, employer=firm), file_a_case(database, employer=firm)
    notify_a_decision(database, reference)
    notify_a_decision(database, amend(database, reference, hours=MORE))
    with pytest.raises(Conflict, match="couvre déjà"):
        register_a_decision(database, other, an_agent(database))


def test_one_amendment_at_a_time_is_under_review(database: Database) -> None:
    reference = authorized(database)
    first = amend(database, reference, hours=MORE)
    with pytest.raises(Conflict, match=first):
        amend(database, reference, hours=MORE + 1)
    let_silence_accept(database, first)
    assert amend(database, reference, hours=MORE + 1) == f"{reference}02"


def test_of_two_amendments_at_once_one_is_filed(database: Database) -> None:
    reference = authorized(database)

    def attempt(hours: int) -> str:
        try:
            return amend(database, reference, hours=Decimal(hours))
        except Conflict as refused:
            return refused.slug

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(attempt, range(13_000, 13_004)))
    assert found == sorted([f"{reference}01", *["amendment-pending"] * 3])


def test_a_number_of_an_amendment_is_given_once_even_when_the_register_lost_it(database: Database) -> None:
    reference = authorized(database)
    with database.begin() as connection:
        expected_runs.reserve_references(connection, [reference, f"{reference}07"])
    assert amend(database, reference, hours=MORE) == f"{reference}08"


def test_after_ninety_nine_amendments_there_is_no_number_left(database: Database) -> None:
    reference = authorized(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE request SET amendments = 99 WHERE reference = :r"), {"r": reference})
    with pytest.raises(Conflict, match="99 avenants"):
        amend(database, reference, hours=MORE)


def test_claims_are_forfeited_from_the_period_as_amended(database: Database) -> None:
    reference = authorized(database)
    with database.begin() as connection:
        before = forfeitures.find(connection, reference).forfeited_at
    let_silence_accept(database, amend(database, reference, end_on=date(2027, 3, 31)))
    with database.begin() as connection:
        after = forfeitures.find(connection, reference).forfeited_at
    assert after - before > timedelta(days=28)


def test_an_authorization_and_its_amendments_are_one_living_request_at_its_widest(database: Database) -> None:
    with database.begin() as connection:
        firm = an_employer(connection)
    reference = file_a_case(database, employer=firm)
    let_silence_accept(database, reference)

    def found() -> list[tuple[str, int, date]]:
        with database.begin() as connection:
            listed = living.list_living(connection, firm.siret, firm.account_id)
        return [(each.reference, each.employees, each.end_on) for each in listed]

    first = amend(database, reference, employees=10, end_on=date(2027, 3, 31))
    assert found() == [(reference, 42, date(2027, 3, 31))]
    let_silence_accept(database, first)
    assert found() == [(reference, 10, date(2027, 3, 31))]
    notify_a_decision(database, amend(database, reference, employees=40), outcome="refusal", grounds=GROUNDS)
    assert found() == [(reference, 10, date(2027, 3, 31))]


def test_a_case_without_an_authorization_has_no_terms(database: Database) -> None:
    reference = file_a_case(database)
    with database.begin() as connection:
        assert amendments.find_in_force(connection, reference) is None
    decided = register_a_decision(database, reference, an_agent(database))
    with database.begin() as connection:
        decisions.sign(connection, decided)
        assert amendments.find_granted(connection, reference) is None

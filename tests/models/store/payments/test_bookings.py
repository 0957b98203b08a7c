"""Paid is what the bank booked: once, of the right sum; whatever matches nothing stays in suspense."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.bank_messages import BankFault
from models.claim_labels import ClaimState
from models.payment_labels import PaymentState
from models.store.database import Database
from models.store.payments import bookings, runs
from tests.cases import an_agent
from tests.models.store.claims import builders as claims
from tests.models.store.payments.builders import (
    DAY,
    DEBTOR,
    accepted,
    again,
    book,
    entry,
    ordered,
    put,
    reserved,
    sent,
    state,
)


def difference(database: Database) -> tuple[int, int]:
    """What nothing explains on the day, and what is in suspense, in cents."""
    with database.begin() as connection:
        found = bookings.reconcile(connection, DEBTOR, DAY)
    return found.difference, found.suspense


def test_taken_is_not_paid_and_booked_is(database: Database) -> None:
    claim = accepted(database)
    made = sent(database, claim)
    with database.begin() as connection:
        assert bookings.take(connection, made.end_to_end)
        assert not bookings.take(connection, made.end_to_end)
    assert (again(database, made).state, state(database, claim.id)) == (PaymentState.TAKEN, ClaimState.ORDERED)
    assert book(database, entry(made))
    booked = again(database, made)
    assert (booked.state, state(database, claim.id)) == (PaymentState.BOOKED, ClaimState.PAID)
    assert booked.booked_at
    assert claims.balances(database, claim.reference)["paid"] == (7.0, made.cents)
    assert claims.story(database, claim.id)[-2:] == ["payment_booked", "claim_paid"]
    assert (difference(database), claims.broken(database), claims.differences(database)) == ((0, 0), [], ())


def test_states_only_move_forward_whatever_comes_late(database: Database) -> None:
    made = sent(database)
    assert book(database, entry(made))
    with database.begin() as connection:
        assert not bookings.take(connection, made.end_to_end)
        assert not bookings.reject(connection, made.end_to_end, "AC04")
        assert not bookings.take(connection, "unknown")
        assert not bookings.reject(connection, "unknown", "AC04")
    assert again(database, made).state is PaymentState.BOOKED


def test_a_payment_booked_before_its_run_is_marked_as_put_is_paid_and_none_that_was_not_released(
    database: Database,
) -> None:
    made, by = ordered(database), an_agent(database).account_id
    run_id, told = reserved(database), entry(made)
    assert by
    with database.begin() as connection:
        assert not bookings.take(connection, made.end_to_end)
        assert not bookings.reject(connection, made.end_to_end, "AC04")
    assert not book(database, told)
    assert again(database, made).state is PaymentState.IN_RUN
    with database.begin() as connection:
        assert runs.release(connection, run_id, by)
    assert book(database, told)
    assert again(database, made).state is PaymentState.BOOKED


def test_each_transfer_of_one_entry_of_the_bank_is_booked(database: Database) -> None:
    made = [ordered(database) for _ in range(2)]
    put(database)
    told = [entry(each, key="one") for each in made]
    assert [book(database, each) for each in told * 2] == [True] * 4
    assert {again(database, each).state for each in made} == {PaymentState.BOOKED}
    assert not book(database, told[0]._replace(cents=1))
    assert difference(database) == (0, 0)


def test_transfers_of_one_entry_that_bear_one_identifier_are_kept_apart(database: Database) -> None:
    made = sent(database)
    told = [entry(made, key="one", nth=nth) for nth in (0, 1)]
    assert [book(database, each) for each in told * 2] == [True, False] * 2
    assert difference(database) == (made.cents, made.cents)


def test_an_entry_told_again_with_another_sum_is_set_aside(database: Database) -> None:
    made = sent(database)
    told = entry(made)
    for cents in (made.cents, 1, 1):
        assert book(database, told._replace(cents=cents)) is (cents == made.cents)
    with database.begin() as connection:
        assert bookings.reconcile(connection, DEBTOR, DAY).set_aside == 1
        faults = connection.execute(text("SELECT fault FROM bank_set_aside")).scalars().all()
    assert faults == [BankFault.CONTRADICTED]


def test_a_return_told_before_its_debit_is_booked_after_it(database: Database) -> None:
    claim = accepted(database)
    made = sent(database, claim)
    returned = entry(made, "return", key="R")
    assert not book(database, returned)
    assert book(database, entry(made))
    assert again(database, made).state is PaymentState.RETURNED
    assert book(database, returned)
    assert (state(database, claim.id), difference(database)) == (ClaimState.REOPENED, (0, 0))
    assert (claims.broken(database), claims.differences(database)) == ([], ())


def test_the_same_entry_told_twice_is_booked_once(database: Database) -> None:
    made = sent(database)
    told = entry(made)
    assert book(database, told)
    assert book(database, told)
    assert book(database, told._replace(booked_on=DAY + timedelta(days=1)))
    assert difference(database) == (0, 0)
    assert claims.differences(database) == ()


@pytest.mark.parametrize(
    "changes", [{"cents": 1}, {"end_to_end": None}, {"end_to_end": "034AAAA09-202612-01-01-00000-1"}]
)
def test_what_matches_no_payment_stays_in_suspense(database: Database, changes: dict[str, Any]) -> None:
    made = sent(database)
    told = entry(made, **changes)
    assert not book(database, told)
    assert not book(database, told)
    assert again(database, made).state is PaymentState.SENT
    assert difference(database) == (told.cents, told.cents)


def test_an_entry_of_another_account_books_nothing(database: Database) -> None:
    made = sent(database)
    assert not book(database, entry(made, debtor="FR76"))
    assert again(database, made).state is PaymentState.SENT
    assert book(database, entry(made))
    assert not book(database, entry(made, "return", debtor="FR76"))
    assert again(database, made).state is PaymentState.BOOKED


def test_a_second_debit_of_a_payment_and_the_debit_of_none_sent_stay_in_suspense(database: Database) -> None:
    made = sent(database)
    assert book(database, entry(made))
    assert not book(database, entry(made))
    due = ordered(database)
    assert not book(database, entry(due))
    assert difference(database) == (made.cents + due.cents, made.cents + due.cents)
    assert again(database, due).state is PaymentState.DUE


def test_a_return_gives_the_money_back_to_what_is_ordered_and_reopens_the_claim(database: Database) -> None:
    claim = accepted(database)
    made = sent(database, claim)
    assert book(database, entry(made))
    assert book(database, entry(made, "return", key="R1"))
    assert not book(database, entry(made, "return", key="R2"))
    returned = again(database, made)
    assert (returned.state, returned.reason, state(database, claim.id)) == (
        PaymentState.RETURNED,
        "AC04",
        ClaimState.REOPENED,
    )
    found = claims.balances(database, claim.reference)
    assert (found["paid"], found["ordered"]) == ((0.0, 0), (7.0, made.cents))
    assert claims.story(database, claim.id)[-2:] == ["payment_returned", "claim_reopened"]
    assert difference(database) == (-made.cents, -made.cents)
    assert (claims.broken(database), claims.differences(database)) == ([], ())


def test_what_cannot_be_booked_is_shown_beside_the_sums_of_its_day_once(database: Database) -> None:
    made = sent(database)
    assert book(database, entry(made))
    with database.begin() as connection:
        for _ in range(2):
            bookings.set_aside(connection, DEBTOR, "F1", BankFault.CURRENCY, DAY)
        bookings.set_aside(connection, DEBTOR, "F2", BankFault.MALFORMED, None)
        found = bookings.reconcile(connection, DEBTOR, DAY)
        today = connection.execute(text("SELECT (now() AT TIME ZONE 'Europe/Paris')::date")).scalar_one()
        assert bookings.reconcile(connection, DEBTOR, today).set_aside == 1
    assert (found.difference, found.suspense, found.set_aside) == (0, 0, 1)


def test_many_that_tell_the_same_entries_at_once_book_each_once(database: Database) -> None:
    reference = claims.authorize(database)
    made = [sent(database, accepted(database, reference)) for _ in range(1)]
    made += [sent(database) for _ in range(3)]
    told = [entry(each) for each in made] * 4
    random.Random(9).shuffle(told)
    with ThreadPoolExecutor(8) as eight:
        assert all(eight.map(lambda each: book(database, each), told))
    assert {again(database, each).state for each in made} == {PaymentState.BOOKED}
    assert difference(database) == (0, 0)
    assert claims.differences(database) == ()

"""A payment that the bank rejects and debits all the same is neither ordered again nor given back."""

import pytest

from models.claim_labels import ClaimState
from models.payment_labels import PaymentState
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from models.store.journal.events import SYSTEM
from models.store.payments import bookings, orders, runs, voids
from models.store.payments.bookings import BankEntry
from models.store.payments.records import PaymentRecord
from models.store.payments.voids import Voided
from tests.cases import master_key
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
    sent,
    state,
)


def reject(database: Database, payment: PaymentRecord) -> None:
    with database.begin() as connection:
        assert bookings.reject(connection, payment.end_to_end, "AM04")


def attempt_again(database: Database, payment: PaymentRecord, *, decided: bool = False) -> str | None:
    with database.begin() as connection:
        return orders.attempt_again(connection, payment.id, master_key(), decided=decided)


def void(database: Database, claim: ClaimRecord) -> Voided:
    with database.begin() as connection:
        return voids.void(connection, claim.id, SYSTEM, document="d")


def whole(database: Database, payment: PaymentRecord, cents: int) -> BankEntry:
    """The debit of the run of a payment."""
    with database.begin() as connection:
        message = runs.get(connection, payment.run_id or "").message
    return BankEntry(DEBTOR, "whole", "debit", cents, DAY, None, batch=message)


def failed(database: Database) -> tuple[ClaimRecord, PaymentRecord]:
    """A claim with a payment that the bank rejected for lack of funds."""
    claim = accepted(database)
    made = sent(database, claim)
    reject(database, made)
    return claim, made


@pytest.mark.parametrize("other", [0, 1])
def test_a_rejected_payment_whose_debit_came_all_the_same_is_not_ordered_again(database: Database, other: int) -> None:
    _, made = failed(database)
    assert not book(database, entry(made, cents=made.cents + other))
    assert attempt_again(database, made) is None
    assert attempt_again(database, made, decided=True) is None


def test_nor_is_one_whose_whole_run_was_debited(database: Database) -> None:
    _, made = failed(database)
    assert not book(database, whole(database, made, made.cents))
    assert attempt_again(database, made) is None


def test_it_is_ordered_again_once_the_bank_has_sent_that_debit_back(database: Database) -> None:
    _, made = failed(database)
    assert not book(database, entry(made))
    assert not book(database, entry(made, "return"))
    assert attempt_again(database, made)


def test_a_debit_of_an_attempt_before_stops_the_next_one(database: Database) -> None:
    _, first = failed(database)
    following = attempt_again(database, first)
    assert following
    put(database)
    assert not book(database, entry(first))
    with database.begin() as connection:
        assert bookings.reject(connection, first.end_to_end[:-1] + "2", "AM04")
        assert orders.attempt_again(connection, following, master_key()) is None


def test_a_second_debit_of_what_is_booked_holds_nothing_up(database: Database) -> None:
    claim = accepted(database)
    made = sent(database, claim)
    assert book(database, entry(made))
    assert not book(database, entry(made))
    assert void(database, claim) is Voided.DONE


def test_the_sum_of_a_withdrawn_claim_is_not_given_back_while_its_debit_is_in_suspense(database: Database) -> None:
    claim, made = failed(database)
    debit = entry(made)
    assert not book(database, debit)
    assert void(database, claim) is Voided.RECORDED
    assert claims.balances(database, claim.reference)["ordered"] == (7.0, made.cents)
    assert not book(database, entry(made, "return"))
    assert state(database, claim.id) is ClaimState.VOID
    assert claims.differences(database) == ()


def test_a_withdrawn_claim_ends_once_the_debit_of_its_whole_run_was_sent_back(database: Database) -> None:
    claim, made = failed(database)
    debit = whole(database, made, made.cents)
    assert not book(database, debit)
    assert void(database, claim) is Voided.RECORDED
    assert not book(database, debit._replace(kind="return", key="back"))
    assert state(database, claim.id) is ClaimState.VOID


def test_a_debit_of_another_sum_that_was_sent_back_holds_no_end_up(database: Database) -> None:
    claim, made = failed(database)
    assert not book(database, entry(made, cents=1))
    assert void(database, claim) is Voided.RECORDED
    assert not book(database, entry(made, "return", cents=1))
    assert state(database, claim.id) is ClaimState.VOID


def test_a_withdrawn_claim_ends_once_the_debit_of_its_run_is_that_of_the_others(database: Database) -> None:
    claim, other = accepted(database), accepted(database)
    made, paid = ordered(database, claim), ordered(database, other)
    put(database)
    debit = whole(database, again(database, made), paid.cents)
    assert void(database, claim) is Voided.RECORDED
    assert not book(database, debit)
    reject(database, made)
    assert state(database, claim.id) is ClaimState.REOPENED
    with database.begin() as connection:
        assert bookings.match_batches(connection, debit.batch or "")
    assert (state(database, claim.id), state(database, other.id)) == (ClaimState.VOID, ClaimState.PAID)
    assert again(database, paid).state is PaymentState.BOOKED
    assert (claims.broken(database), claims.differences(database)) == ([], ())

"""An accepted claim is ordered once; what came back is attempted again on another account, with its own identifier."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models.claim_labels import ClaimState
from models.payment_labels import PaymentState
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from models.store.payments import bookings, orders
from models.store.payments import records as payments
from models.store.payments.records import Payee, PaymentRecord
from tests import bank_changes
from tests.cases import HOLDER, IBAN, master_key
from tests.models.store.claims import builders as claims
from tests.models.store.payments.builders import accepted, again, book, entry, ordered, put, sent, state


def attempt_again(database: Database, payment: PaymentRecord, *, decided: bool = False) -> str | None:
    with database.begin() as connection:
        return orders.attempt_again(connection, payment.id, master_key(), decided=decided)


def reject(database: Database, payment: PaymentRecord, reason: str) -> None:
    with database.begin() as connection:
        assert bookings.reject(connection, payment.end_to_end, reason)


def change_account(database: Database, claim: ClaimRecord) -> None:
    number = bank_changes.ask(database, claim.reference)
    bank_changes.acknowledge(database, claim.reference, number)
    bank_changes.decide(database, claim.reference, number)
    bank_changes.take_effect(database, claim.reference, number)


def test_an_accepted_claim_is_ordered_once_to_the_account_of_its_case(database: Database) -> None:
    claim = accepted(database)
    made = ordered(database, claim)
    assert (made.state, made.cents, made.hours) == (PaymentState.DUE, claim.allowance_cents, claim.hours)
    assert (made.state_cents, made.unedic_cents) == (claim.state_cents, claim.unedic_cents)
    assert made.end_to_end == f"{claim.reference}-202612-01-01-00000-1"
    with database.begin() as connection:
        assert orders.order(connection, claim.id, master_key()) == ()
        assert payments.list_of_claim(connection, claim.id) == [made]
        payee = payments.payee(connection, claim.reference, made.id, master_key())
    assert payee == Payee(name=HOLDER, iban=IBAN)
    assert state(database, claim.id) is ClaimState.ORDERED
    assert claims.story(database, claim.id)[-2:] == ["claim_ordered", "payment_ordered"]
    assert claims.balances(database, claim.reference)["ordered"] == (7.0, made.cents)
    assert (claims.broken(database), claims.differences(database)) == ([], ())


def test_a_claim_that_is_not_accepted_is_not_ordered(database: Database) -> None:
    claim = claims.claim(database, claims.authorize(database))
    with database.begin() as connection:
        assert orders.order(connection, claim.id, master_key()) == ()
        assert payments.list_of_claim(connection, claim.id) == []


def test_ten_orders_at_once_are_one_payment(database: Database) -> None:
    claim = accepted(database)

    def order(_: int) -> tuple[str, ...]:
        with database.begin() as connection:
            return orders.order(connection, claim.id, master_key())

    with ThreadPoolExecutor(10) as ten:
        made = [each for each in ten.map(order, range(10)) if each]
    assert len(made) == 1
    assert claims.differences(database) == ()


def test_the_register_refuses_a_second_living_payment(database: Database) -> None:
    made = ordered(database)
    copied = (
        "INSERT INTO payment (claim_id, attempt, end_to_end, hours, state_cents, unedic_cents, iban_mark)"
        " SELECT claim_id, 1, 'another', hours, state_cents, unedic_cents, iban_mark FROM payment WHERE id = :id"
    )
    with pytest.raises(IntegrityError, match="payment_living"), database.begin() as connection:
        connection.execute(text(copied), {"id": made.id})


def test_a_returned_payment_is_attempted_again_once_the_account_has_changed(database: Database) -> None:
    claim = accepted(database)
    first = sent(database, claim)
    assert attempt_again(database, first) is None
    assert book(database, entry(first))
    assert book(database, entry(first, "return"))
    assert state(database, claim.id) is ClaimState.REOPENED
    assert attempt_again(database, first) is None  # the account is the one that failed
    change_account(database, claim)
    second = attempt_again(database, first)
    assert second
    assert attempt_again(database, first) is None
    with database.begin() as connection:
        made = payments.get(connection, second)
        payee = payments.payee(connection, claim.reference, second, master_key())
    assert (made.attempt, made.after, made.amount) == (2, first.id, first.amount)
    assert made.end_to_end == first.end_to_end[:-1] + "2"
    assert payee.iban == bank_changes.OTHER_IBAN
    assert state(database, claim.id) is ClaimState.ORDERED
    assert (claims.broken(database), claims.differences(database)) == ([], ())


def test_a_rejected_payment_reopens_its_claim_until_another_attempt_is_paid(database: Database) -> None:
    claim = accepted(database)
    first = sent(database, claim)
    reject(database, first, "AC04")
    assert (again(database, first).state, again(database, first).reason) == (PaymentState.REJECTED, "AC04")
    change_account(database, claim)
    attempt = partial(attempt_again, database, first)
    with ThreadPoolExecutor(4) as four:
        made = [each.result() for each in [four.submit(attempt) for _ in range(4)]]
    assert len([each for each in made if each]) == 1
    second = sent_again(database, next(each for each in made if each))
    assert book(database, entry(second))
    assert state(database, claim.id) is ClaimState.PAID
    told = ["payment_rejected", "claim_reopened", "payment_ordered", "claim_ordered", "payment_booked", "claim_paid"]
    assert claims.story(database, claim.id)[-6:] == told
    assert claims.balances(database, claim.reference)["paid"] == (7.0, second.cents)
    assert (claims.broken(database), claims.differences(database)) == ([], ())


def sent_again(database: Database, payment_id: str) -> PaymentRecord:
    put(database)
    with database.begin() as connection:
        return payments.get(connection, payment_id)


@pytest.mark.parametrize("returned", [False, True])
def test_a_payment_that_funds_stopped_is_attempted_again_on_the_same_account(
    database: Database, returned: bool
) -> None:
    claim = accepted(database)
    first = sent(database, claim)
    if returned:
        assert book(database, entry(first))
        assert book(database, entry(first, "return", reason="ED05"))
    else:
        reject(database, first, "AM04")
    second = attempt_again(database, first)
    assert second
    made = sent_again(database, second)
    assert (made.after, made.iban_mark, made.attempt) == (first.id, first.iban_mark, 2)
    assert book(database, entry(made))
    assert state(database, claim.id) is ClaimState.PAID
    assert (claims.broken(database), claims.differences(database)) == ([], ())


def test_what_the_bank_says_again_and_again_waits_for_a_person(database: Database) -> None:
    made = sent(database)
    for _ in range(orders.MOST_ATTEMPTS - 1):
        reject(database, made, "AM04")
        following = attempt_again(database, made)
        assert following
        made = sent_again(database, following)
    reject(database, made, "AM04")
    assert attempt_again(database, made) is None
    assert attempt_again(database, made, decided=True)


@pytest.mark.parametrize("reason", ["AM05", "MS03", "FOCR", "ZZ99"])
def test_a_person_decides_where_the_money_may_have_arrived_or_the_code_does_not_say(
    database: Database, reason: str
) -> None:
    made = sent(database)
    reject(database, made, reason)
    assert attempt_again(database, made) is None
    assert attempt_again(database, made, decided=True)


def test_nobody_sends_a_payment_again_to_an_account_that_is_closed(database: Database) -> None:
    made = sent(database)
    reject(database, made, "AC04")
    assert attempt_again(database, made, decided=True) is None

"""A run that the bank debits as one entry, without its transfers, is booked if they make its sum to the cent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from models.claim_labels import ClaimState
from models.payment_labels import PaymentState
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from models.store.journal.events import SYSTEM
from models.store.payments import bookings, runs, voids
from models.store.payments.bookings import BankEntry
from models.store.payments.records import PaymentRecord
from models.store.payments.voids import Voided
from tests.cases import an_agent
from tests.models.clocks import wait_for_lock
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
    state,
)


def sent_together(database: Database) -> tuple[list[ClaimRecord], list[PaymentRecord]]:
    """Three payments of one run."""
    of = [accepted(database) for _ in range(3)]
    made = [ordered(database, each) for each in of]
    put(database)
    return of, [again(database, each) for each in made]


def whole(database: Database, made: list[PaymentRecord], less: int = 0) -> BankEntry:
    """The debit of a run as a whole."""
    with database.begin() as connection:
        run = runs.get(connection, made[0].run_id or "")
    return BankEntry(DEBTOR, "whole", "debit", sum(each.cents for each in made) - less, DAY, None, batch=run.message)


def reject(database: Database, payment: PaymentRecord) -> None:
    with database.begin() as connection:
        assert bookings.reject(connection, payment.end_to_end, "AC04")


def reconciled(database: Database) -> tuple[int, int, int]:
    with database.begin() as connection:
        found = bookings.reconcile(connection, DEBTOR, DAY)
    return found.booked, found.difference, found.suspense


def states(database: Database, made: list[PaymentRecord]) -> list[PaymentState]:
    return [again(database, each).state for each in made]


def test_each_payment_of_the_run_is_booked_once_whenever_the_entry_is_told(database: Database) -> None:
    of, made = sent_together(database)
    told = whole(database, made)
    assert book(database, told)
    assert states(database, made) == [PaymentState.BOOKED] * 3
    assert {state(database, each.id) for each in of} == {ClaimState.PAID}
    assert book(database, told)
    assert book(database, told._replace(booked_on=DAY + timedelta(days=1)))
    assert reconciled(database) == (told.cents, 0, 0)
    assert (claims.broken(database), claims.differences(database)) == ([], ())


def test_what_the_bank_rejected_is_not_in_the_sum_of_its_debit(database: Database) -> None:
    _, made = sent_together(database)
    reject(database, made[1])
    assert book(database, whole(database, made, less=made[1].cents))
    assert states(database, made) == [PaymentState.BOOKED, PaymentState.REJECTED, PaymentState.BOOKED]
    assert reconciled(database)[1:] == (0, 0)


def test_a_debit_told_before_the_report_that_explains_it_waits_in_suspense_for_it(database: Database) -> None:
    _, made = sent_together(database)
    told = whole(database, made, less=made[1].cents)
    assert not book(database, told)
    assert not book(database, told)
    assert reconciled(database) == (told.cents, told.cents, told.cents)
    reject(database, made[1])
    with database.begin() as connection:
        assert told.batch
        assert bookings.match_batches(connection, told.batch)
        assert not bookings.match_batches(connection, told.batch)
    assert states(database, made) == [PaymentState.BOOKED, PaymentState.REJECTED, PaymentState.BOOKED]
    assert reconciled(database) == (told.cents, 0, 0)


def test_a_debit_of_the_whole_file_is_booked_once_what_was_rejected_is_credited(database: Database) -> None:
    _, made = sent_together(database)
    told = whole(database, made)
    reject(database, made[1])
    assert not book(database, told)
    assert states(database, made) == [PaymentState.SENT, PaymentState.REJECTED, PaymentState.SENT]
    assert not book(database, entry(made[1], "return"))
    with database.begin() as connection:
        assert bookings.match_batches(connection, told.batch or "")
    assert states(database, made) == [PaymentState.BOOKED, PaymentState.REJECTED, PaymentState.BOOKED]
    assert book(database, told)
    assert reconciled(database) == (told.cents - made[1].cents, 0, 0)
    assert (claims.broken(database), claims.differences(database)) == ([], ())


def test_a_credit_of_another_sum_explains_no_debit_of_the_whole_file(database: Database) -> None:
    _, made = sent_together(database)
    reject(database, made[1])
    assert not book(database, entry(made[1], "return", cents=made[1].cents - 1))
    assert not book(database, whole(database, made))
    assert states(database, made) == [PaymentState.SENT, PaymentState.REJECTED, PaymentState.SENT]


def test_another_sum_another_account_and_an_unknown_file_stay_in_suspense(database: Database) -> None:
    _, made = sent_together(database)
    told = whole(database, made)
    others: list[dict[str, Any]] = [{"cents": told.cents - 1}, {"debtor": "FR76"}, {"batch": "another"}]
    for number, changes in enumerate(others):
        assert not book(database, told._replace(key=f"K{number}", **changes))
    assert states(database, made) == [PaymentState.SENT] * 3


def test_a_payment_booked_alone_is_in_no_later_debit_of_the_run_under_another_key(database: Database) -> None:
    _, made = sent_together(database)
    assert book(database, entry(made[0]))
    assert not book(database, whole(database, made))
    assert not book(database, whole(database, made[1:])._replace(key="rest"))
    assert states(database, made) == [PaymentState.BOOKED, PaymentState.SENT, PaymentState.SENT]
    assert reconciled(database)[2] == made[0].cents + 2 * (made[1].cents + made[2].cents)


def test_a_debit_told_with_its_transfer_and_then_without_books_no_other_of_the_same_sum(database: Database) -> None:
    made = [ordered(database, accepted(database)) for _ in range(2)]
    put(database)
    made = [again(database, each) for each in made]
    assert book(database, entry(made[0], key="whole"))
    assert book(database, whole(database, made[:1]))
    assert not book(database, whole(database, made[:1])._replace(key="other"))
    assert states(database, made) == [PaymentState.BOOKED, PaymentState.SENT]


def test_a_debit_whose_transfers_were_told_in_part_books_the_others(database: Database) -> None:
    _, made = sent_together(database)
    assert book(database, entry(made[0], key="whole"))
    assert book(database, whole(database, made))
    assert states(database, made) == [PaymentState.BOOKED] * 3
    assert reconciled(database)[1:] == (0, 0)


def test_a_second_debit_of_the_run_stays_in_suspense(database: Database) -> None:
    _, made = sent_together(database)
    assert book(database, whole(database, made))
    assert not book(database, whole(database, made)._replace(key="again"))
    assert reconciled(database)[2] == whole(database, made).cents


def test_no_debit_of_a_run_that_was_not_released_is_believed(database: Database) -> None:
    made, by = ordered(database), an_agent(database).account_id
    run_id = reserved(database)
    told = whole(database, [again(database, made)])
    assert by
    assert not book(database, told)
    with database.begin() as connection:
        assert runs.release(connection, run_id, by)
    assert book(database, told)
    assert again(database, made).state is PaymentState.BOOKED


def test_people_of_claims_that_end_with_one_debit_are_held_in_the_order_of_an_admission(database: Database) -> None:
    of = [accepted(database, claims.authorize(database), claims.a_person(each, n=1)) for each in (2, 1)]
    made = [ordered(database, each) for each in of]
    put(database)
    told = whole(database, [again(database, each) for each in made])
    with database.begin() as connection:
        assert {voids.void(connection, each.id, SYSTEM) for each in of} == {Voided.RECORDED}
    year = text("SELECT FROM person_year WHERE blind = :blind FOR UPDATE NOWAIT")
    with ThreadPoolExecutor(1) as one:
        with database.begin() as connection:
            connection.execute(year, {"blind": claims.blind(1)})
            booking = one.submit(book, database, told)
            wait_for_lock(database)
            connection.execute(year, {"blind": claims.blind(2)})
        assert booking.result()
    assert {state(database, each.id) for each in of} == {ClaimState.VOID}


def test_a_return_told_before_the_debit_of_its_run_is_booked_after_it(database: Database) -> None:
    of, made = sent_together(database)
    assert not book(database, entry(made[2], "return"))
    assert book(database, whole(database, made))
    assert states(database, made)[2] is PaymentState.RETURNED
    assert state(database, of[2].id) is ClaimState.REOPENED
    assert reconciled(database)[1:] == (0, 0)

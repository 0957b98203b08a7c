"""A claim void with its authorization: what was not sent is stopped, what was paid is owed, the rest waits."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from models.claim_labels import ClaimState
from models.payment_labels import PaymentState
from models.store.claims import records
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from models.store.journal.events import SYSTEM
from models.store.payments import bookings, orders, runs, voids
from models.store.payments.records import PaymentRecord
from models.store.payments.voids import Voided
from tests.cases import an_agent, master_key
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
    written,
)
from tests.models.store.payments.test_parts import accepted_directly, broken
from tests.models.store.payments.test_parts import ordered as ordered_directly


def void(database: Database, claim: ClaimRecord) -> Voided:
    with database.begin() as connection:
        return voids.void(connection, claim.id, SYSTEM, document="d")


def accounts(database: Database, claim: ClaimRecord) -> dict[str, tuple[float, int]]:
    """What stands on accounts beside the hours authorised."""
    found = claims.balances(database, claim.reference)
    return {name: each for name, each in found.items() if any(each) and name not in ("authorised", "available")}


def check(database: Database, claim: ClaimRecord, **left: Any) -> None:
    """The claim is void, holds no hour of anybody, and the ledger has these accounts beside."""
    assert state(database, claim.id) is ClaimState.VOID
    assert claims.entitlement(database, claim.reference).admitted_hours == 0
    with database.begin() as connection:
        assert connection.execute(text("SELECT coalesce(sum(hours), 0) FROM person_year")).scalar_one() == 0
    assert accounts(database, claim) == left
    assert (broken(database), claims.differences(database)) == ([], ())


def reject(database: Database, payment: PaymentRecord, reason: str = "AM04") -> None:
    with database.begin() as connection:
        assert bookings.reject(connection, payment.end_to_end, reason)


@pytest.mark.parametrize("held", [False, True])
def test_a_payment_that_is_due_or_held_is_stopped_and_never_sent(database: Database, held: bool) -> None:
    claim = accepted(database)
    made = ordered(database, claim)
    if held:
        with database.begin() as connection:
            connection.execute(text("UPDATE payment SET state = 'held'"))
    assert void(database, claim) is Voided.DONE
    assert void(database, claim) is Voided.ENDED
    assert again(database, made).state is PaymentState.STOPPED
    check(database, claim)
    assert claims.story(database, claim.id)[-2:] == ["payment_stopped", "claim_voided"]
    with database.begin() as connection:
        assert runs.reserve(connection, DEBTOR, DAY, 100, master_key(), written) is None
        assert orders.attempt_again(connection, made.id, master_key(), decided=True) is None


@pytest.mark.parametrize("in_run", [False, True])
def test_a_payment_on_its_way_is_owed_once_it_is_booked(database: Database, in_run: bool) -> None:
    claim = accepted(database)
    made = ordered(database, claim)
    run_id = reserved(database) if in_run else put(database)
    assert [void(database, claim), void(database, claim)] == [Voided.RECORDED] * 2
    assert claims.story(database, claim.id)[-1] == "claim_withdrawal_recorded"
    assert (state(database, claim.id), claims.differences(database)) == (ClaimState.ORDERED, ())
    if in_run:
        release(database, run_id)
    assert book(database, entry(made))
    check(database, claim, owed=(0.0, made.cents))
    assert claims.story(database, claim.id)[-2:] == ["payment_booked", "claim_voided"]
    with database.begin() as connection:
        assert bookings.reconcile(connection, DEBTOR, DAY).difference == 0


def release(database: Database, run_id: str) -> None:
    by = an_agent(database).account_id
    with database.begin() as connection:
        assert by
        assert runs.release(connection, run_id, by)


def test_a_payment_on_its_way_that_the_bank_rejects_is_owed_by_nobody_nor_attempted_again(database: Database) -> None:
    claim = accepted(database)
    made = sent(database, claim)
    assert void(database, claim) is Voided.RECORDED
    reject(database, made)
    check(database, claim)
    with database.begin() as connection:
        assert orders.attempt_again(connection, made.id, master_key(), decided=True) is None


def test_what_was_paid_is_owed_until_the_bank_returns_it(database: Database) -> None:
    claim = accepted(database)
    made = sent(database, claim)
    assert book(database, entry(made))
    assert void(database, claim) is Voided.DONE
    check(database, claim, owed=(0.0, made.cents))
    assert book(database, entry(made, "return"))
    check(database, claim)
    assert claims.story(database, claim.id)[-2:] == ["claim_voided", "payment_returned"]
    with database.begin() as connection:
        assert bookings.reconcile(connection, DEBTOR, DAY).difference == 0


def test_a_payment_that_came_back_is_attempted_no_more(database: Database) -> None:
    claim = accepted(database)
    made = sent(database, claim)
    reject(database, made)
    assert void(database, claim) is Voided.DONE
    check(database, claim)
    with database.begin() as connection:
        assert orders.attempt_again(connection, made.id, master_key()) is None


def test_of_several_payments_each_ends_as_it_stands_and_the_claim_with_the_last(database: Database) -> None:
    claim = accepted_directly(database)
    first, second = ordered_directly(database, claim)
    with database.begin() as connection:
        connection.execute(text("UPDATE payment SET state = 'held' WHERE person_n = 2"))
    put(database)
    assert void(database, claim) is Voided.RECORDED
    assert [again(database, each).state for each in (first, second)] == [PaymentState.SENT, PaymentState.STOPPED]
    assert (broken(database), claims.differences(database)) == ([], ())
    assert book(database, entry(first))
    check(database, claim, owed=(0.0, first.cents))


def test_a_rejected_payment_of_a_withdrawn_claim_is_not_attempted_while_another_is_on_its_way(
    database: Database,
) -> None:
    claim = accepted_directly(database)
    first, second = ordered_directly(database, claim)
    put(database)
    assert void(database, claim) is Voided.RECORDED
    reject(database, first)
    assert state(database, claim.id) is ClaimState.REOPENED
    with database.begin() as connection:
        assert orders.attempt_again(connection, first.id, master_key()) is None
    assert book(database, entry(second))
    check(database, claim, owed=(0.0, second.cents))


def test_a_claim_at_the_agency_is_recorded_until_its_answer(database: Database) -> None:
    claim = claims.claim(database, claims.authorize(database))
    claims.hand_over(database, claim.id)
    assert void(database, claim) is Voided.RECORDED
    assert state(database, claim.id) is ClaimState.HANDED


def test_a_claim_that_is_not_withdrawn_goes_on(database: Database) -> None:
    claim = accepted(database)
    with database.begin() as connection:
        records.hold_entitlement(connection, claim.reference)
        assert not voids.resume(connection, claim.id)
    assert state(database, claim.id) is ClaimState.ACCEPTED


def test_every_claim_of_an_authorization_becomes_void_whatever_its_state(database: Database) -> None:
    reference = claims.authorize(database)
    paid = accepted(database, reference)
    made = sent(database, paid)
    assert book(database, entry(made))
    under_way = claims.claim(database, reference, claims.a_person(2), part=2)
    handed = claims.claim(database, reference, claims.a_person(3), part=3)
    claims.hand_over(database, handed.id)
    ended = claims.claim(database, reference, claims.a_person(4), part=4)
    with database.begin() as connection:
        assert voids.void(connection, ended.id, SYSTEM) is Voided.DONE
        done = voids.void_claims(connection, reference, SYSTEM)
    assert done == {paid.id: Voided.DONE, under_way.id: Voided.DONE, handed.id: Voided.RECORDED}
    assert accounts(database, paid).keys() == {"handed", "owed"}
    assert (broken(database), claims.differences(database)) == ([], ())


def test_a_booking_and_a_withdrawal_at_once_leave_the_sum_owed_once(database: Database) -> None:
    for _ in range(4):
        claim = accepted(database)
        made = sent(database, claim)
        told = entry(made)
        with ThreadPoolExecutor(2) as two:
            withdrawn, booked = two.submit(void, database, claim), two.submit(book, database, told)
            assert booked.result()
            assert withdrawn.result() in (Voided.DONE, Voided.RECORDED)
        assert accounts(database, claim) == {"owed": (0.0, made.cents)}
    assert (broken(database), claims.differences(database)) == ([], ())


def test_whoever_plants_a_withdrawal_is_found(database: Database) -> None:
    claim = accepted(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE claim SET withdrawn_at = now() WHERE id = :id"), {"id": claim.id})
    assert broken(database) != []

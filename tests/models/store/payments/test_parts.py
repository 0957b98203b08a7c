"""A claim is paid to its establishment, or to each employee, with shares that make up its own to the cent."""

from decimal import Decimal

import pytest
from sqlalchemy import text

from models.claim_labels import ClaimState
from models.store.claims import records, steps
from models.store.claims.records import ClaimRecord
from models.store.database import Database
from models.store.payments import orders, parts
from models.store.payments import records as payments
from models.store.payments.parts import PayeeMissing
from models.store.payments.records import Payee, PaymentRecord
from tests.cases import master_key
from tests.models.store.agency.builders import sign
from tests.models.store.claims import builders as claims
from tests.models.store.claims.real_lines import PAYEE, a_line, stage_real
from tests.models.store.payments.builders import again, book, entry, put, state

OTHER_IBAN = "DE89370400440532013000"


def accepted_directly(database: Database, *, direct: bool = True) -> ClaimRecord:
    """A claim of three people, one of them without an hour, that the agency accepted and pays to them."""
    reference = claims.authorize(database)
    claims.pay_directly(database, reference)
    payees = (PAYEE, PAYEE._replace(iban=OTHER_IBAN), PAYEE)
    lines = [
        a_line(n, payee=payee, usage_name="Usage" if n == 2 else "", idle=Decimal(idle))
        for n, payee, idle in zip((1, 2, 3), payees, ("7", "3.33", "0"), strict=True)
    ]
    claim = claims.admit(database, stage_real(database, reference, *lines, direct=direct))
    sign(database, claim)
    with database.begin() as connection:
        for each in (ClaimState.HANDED, ClaimState.ACCEPTED):
            assert steps.take(connection, claim.id, each)
        return records.get(connection, claim.id)


def ordered(database: Database, claim: ClaimRecord) -> list[PaymentRecord]:
    with database.begin() as connection:
        return [payments.get(connection, each) for each in orders.order(connection, claim.id, master_key())]


def payee(database: Database, claim: ClaimRecord, payment: PaymentRecord) -> Payee:
    with database.begin() as connection:
        return payments.payee(connection, claim.reference, payment.id, master_key())


def broken(database: Database) -> list[str]:
    """What the audit finds of claims; who is paid is set by a stand-in for a decision, without its event."""
    return [what for subject, _, what in claims.broken(database) if subject.startswith("claim:")]


def test_each_employee_has_a_payment_and_their_shares_make_up_those_of_the_claim(database: Database) -> None:
    claim = accepted_directly(database)
    first, second = made = ordered(database, claim)
    assert [(each.person_n, each.end_to_end[-7:]) for each in made] == [(1, "00001-1"), (2, "00002-1")]
    assert [payee(database, claim, each).iban for each in made] == [PAYEE.iban, OTHER_IBAN]
    assert payee(database, claim, second).name == "Anne Usage"
    assert sum(each.state_cents for each in made) == claim.state_cents
    assert sum(each.unedic_cents for each in made) == claim.unedic_cents
    assert first.hours + second.hours == claim.hours
    assert claims.story(database, claim.id)[-2:] == ["claim_ordered", "payment_ordered"]
    put(database)
    assert [book(database, entry(each)) for each in made] == [True, True]
    assert state(database, claim.id) is ClaimState.PAID
    assert (broken(database), claims.differences(database)) == ([], ())


def test_the_payment_of_an_employee_that_failed_is_attempted_again_for_that_employee(database: Database) -> None:
    claim = accepted_directly(database)
    _, second = ordered(database, claim)
    put(database)
    assert book(database, entry(second))
    assert book(database, entry(second, "return", reason="ED05"))
    with database.begin() as connection:
        created = orders.attempt_again(connection, second.id, master_key())
        assert created
        following = payments.get(connection, created)
    assert (following.person_n, following.amount, following.end_to_end[-7:]) == (2, second.amount, "00002-2")
    assert payee(database, claim, following).iban == OTHER_IBAN
    assert again(database, second).reason == "ED05"


def test_the_payment_of_an_employee_that_failed_on_their_account_never_leaves_again(database: Database) -> None:
    claim = accepted_directly(database)
    first, _ = ordered(database, claim)
    put(database)
    assert book(database, entry(first))
    assert book(database, entry(first, "return"))
    with database.begin() as connection:
        assert orders.attempt_again(connection, first.id, master_key(), decided=True) is None


def test_nobody_stands_for_an_employee_whose_line_is_not_there(database: Database) -> None:
    claim = accepted_directly(database)
    with database.begin() as connection:
        connection.execute(text("DELETE FROM claim_week WHERE claim_id = :id AND n = 1"), {"id": claim.id})
        connection.execute(text("DELETE FROM claim_person WHERE claim_id = :id AND n = 1"), {"id": claim.id})
        assert parts.payee_of(connection, claim, 2, master_key()).iban == OTHER_IBAN
        with pytest.raises(PayeeMissing):
            parts.payee_of(connection, claim, 1, master_key())


@pytest.mark.parametrize("decided", ["employees", "trustee"])
def test_nothing_is_ordered_of_a_claim_that_names_no_account_of_its_payee(database: Database, decided: str) -> None:
    claim = accepted_directly(database, direct=False)
    claims.pay_directly(database, claim.reference, decided)
    with pytest.raises(PayeeMissing):
        ordered(database, claim)
    with database.begin() as connection:
        assert payments.list_of_claim(connection, claim.id) == []
    assert state(database, claim.id) is ClaimState.ACCEPTED

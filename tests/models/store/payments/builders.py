"""Claims that the agency accepted, ordered, in a run and at the bank, through the store."""

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any, Final

from models.claim_labels import ClaimState
from models.store.claims import records, steps
from models.store.claims.records import ClaimRecord
from models.store.claims.staging import StagedPerson
from models.store.database import Database
from models.store.payments import bookings, orders, runs
from models.store.payments import records as payments
from models.store.payments.bookings import BankEntry, Kind
from models.store.payments.records import PaymentRecord
from models.store.payments.runs import Heading, Transfer
from tests.cases import an_agent, master_key
from tests.models.store.agency.builders import sign
from tests.models.store.claims import builders

DEBTOR: Final = "FR7630001007941234567890185"
DAY: Final = date(2026, 12, 14)
_keys = count(1)


def accepted(database: Database, reference: str = "", *people: StagedPerson) -> ClaimRecord:
    """A claim of one person, or of these, that the agency accepted."""
    claim = builders.claim(database, reference or builders.authorize(database), *people)
    sign(database, claim)
    with database.begin() as connection:
        for each in (ClaimState.HANDED, ClaimState.ACCEPTED):
            assert steps.take(connection, claim.id, each)
        return records.get(connection, claim.id)


def ordered(database: Database, claim: ClaimRecord | None = None) -> PaymentRecord:
    """The payment of an accepted claim."""
    claim = claim or accepted(database)
    with database.begin() as connection:
        (created,) = orders.order(connection, claim.id, master_key())
        return payments.get(connection, created)


def written(heading: Heading, transfers: Sequence[Transfer]) -> bytes:
    """A stand-in for a file of transfers."""
    lines = [f"{each.end_to_end} {each.cents} {each.payee.iban} {each.payee.name}" for each in transfers]
    return "\n".join([heading.message, heading.made_at.isoformat(), heading.business_on.isoformat(), *lines]).encode()


def reserved(database: Database, most: int = 100) -> str:
    """A run of what is due."""
    with database.begin() as connection:
        run_id = runs.reserve(connection, DEBTOR, DAY, most, master_key(), written)
    assert run_id
    return run_id


def put(database: Database) -> str:
    """A run of what is due, released and put."""
    run_id, by = reserved(database), an_agent(database).account_id
    assert by
    with database.begin() as connection:
        assert runs.release(connection, run_id, by)
        runs.mark_put(connection, run_id)
    return run_id


def sent(database: Database, claim: ClaimRecord | None = None) -> PaymentRecord:
    """A payment that the bank was sent."""
    payment = ordered(database, claim)
    put(database)
    return again(database, payment)


def again(database: Database, payment: PaymentRecord) -> PaymentRecord:
    """A payment as it is now."""
    with database.begin() as connection:
        return payments.get(connection, payment.id)


def state(database: Database, claim_id: str) -> ClaimState:
    """The state of a claim."""
    with database.begin() as connection:
        return records.get(connection, claim_id).state


def entry(payment: PaymentRecord, kind: Kind = "debit", **changes: Any) -> BankEntry:
    """An entry of the bank that books a payment, or its return."""
    reason = "AC04" if kind == "return" else None
    stated = BankEntry(DEBTOR, f"E{next(_keys)}", kind, payment.cents, DAY, payment.end_to_end, reason)
    return stated._replace(**changes)


def book(database: Database, stated: BankEntry) -> bool:
    with database.begin() as connection:
        return bookings.book(connection, stated)

"""Entries of the bank in suspense that may have paid a payment of ours: it is not paid again, nor given back."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, text

from models.store.payments.records import PaymentRecord


def may_be_paid(connection: Connection, payments: Iterable[PaymentRecord]) -> bool:
    """Whether an entry in suspense may be the debit of one of these payments; the caller holds their claims.

    The debits that name a payment count less the returns that do; those of its whole run, less its returns as a whole,
    count for its sum. One that is booked has its debit: another one beside it does not say that it is still to come.
    """
    return connection.execute(_MAY_BE_PAID, {"ids": [each.id for each in payments]}).first() is not None


_BALANCE: Final = "SELECT coalesce(sum(CASE e.kind WHEN 'debit' THEN e.cents ELSE -e.cents END), 0) FROM bank_entry e"
_MAY_BE_PAID = text(
    "SELECT FROM payment p LEFT JOIN payment_run r ON r.id = p.run_id"
    " WHERE p.id = ANY(CAST(:ids AS uuid[])) AND p.state <> 'booked' AND 0 <"
    f" ({_BALANCE} WHERE e.payment_id IS NULL AND e.end_to_end = p.end_to_end)"
    f" + CASE WHEN ({_BALANCE} WHERE e.payment_id IS NULL AND e.end_to_end IS NULL AND e.batch = r.message) > 0"
    "  THEN p.state_cents + p.unedic_cents ELSE 0 END"
)

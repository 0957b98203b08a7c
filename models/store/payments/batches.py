"""Runs that the bank debits as one entry: `BtchBookg` is true, and the entry may name nothing but the file.

It is the sum of the transfers that the bank executed. Where those of the run that it neither rejected nor sent back
make that sum to the cent, the entry is theirs; else nobody can say which it is of, and it stays in suspense.
"""

from typing import Final

from sqlalchemy import Connection, bindparam, exists, select, text

from models.payment_labels import ON_ITS_WAY, PaymentState
from models.store.claims import records as claims
from models.store.payments import runs
from models.store.payments.records import PaymentRecord
from models.store.schema.payments import bank_entry, payment

_AT_BANK: Final = (PaymentState.IN_RUN, *ON_ITS_WAY)


def payments_of(connection: Connection, debtor: str, key: str, batch: str, cents: int) -> list[PaymentRecord]:
    """Return the payments of the run that an entry of the bank, known by its key, is the sum of; none if of no run.

    Payments that this very entry booked before are among them, so that it may be told again. All are held, with their
    entitlements and claims, until the end of the transaction.
    """
    run = runs.find_by_message(connection, batch)
    if run is None or run.debtor != debtor or run.released_at is None:
        return []
    claims.hold_all(connection, connection.execute(_CLAIMS, {"run": run.id}).scalars().all())
    found = PaymentRecord.all(connection, _EXECUTED, {"run": run.id, "debtor": debtor, "key": key})
    return found if sum(each.cents for each in found) == cents else []


_CLAIMS = text("SELECT DISTINCT claim_id::text FROM payment WHERE run_id = CAST(:run AS uuid)")
_BY_THIS = exists().where(
    bank_entry.c.payment_id == payment.c.id,
    bank_entry.c.kind == "debit",
    bank_entry.c.debtor == bindparam("debtor"),
    bank_entry.c.key == bindparam("key"),
)
_EXECUTED = (
    select(*(payment.c[name] for name in PaymentRecord.model_fields))
    .where(payment.c.run_id == bindparam("run"), payment.c.state.in_(_AT_BANK) | _BY_THIS)
    .order_by(payment.c.id)
    .with_for_update(key_share=True)
)

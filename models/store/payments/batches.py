"""Runs that the bank debits as one entry: `BtchBookg` is true, and the entry may name nothing but the file.

It is the sum of the transfers that the bank executed. Where those of the run that it neither rejected nor sent back
make that sum to the cent, the entry is theirs. A bank may also debit the whole file, and credit what it rejected: the
entry is theirs too if those whose credit is in suspense make its sum with them, whose debits stay there beside it. Else
nobody can say which payments it is of, and it stays in suspense. So it does where a transfer of the run was told under
another key alone: it may be the same debit, told once more without details.
"""

from typing import Final

from sqlalchemy import Connection, text

from models.payment_labels import ON_ITS_WAY, PaymentState
from models.store.claims import records as claims
from models.store.claims import usage
from models.store.payments import records, runs
from models.store.payments.records import PaymentRecord

_AT_BANK: Final = (PaymentState.IN_RUN, *ON_ITS_WAY)


def payments_of(connection: Connection, debtor: str, key: str, batch: str, cents: int) -> list[PaymentRecord]:
    """Return the payments of the run that an entry of the bank, known by its key, is the sum of; none if of no run.

    Payments that this very entry told before are among them, so that it may be told again; so may be rejected ones,
    which it cannot book. The whole run is held.
    """
    if not (found := hold(connection, debtor, batch)):
        return []
    of = {"run": found[0].run_id, "debtor": debtor, "key": key}
    told = {row.id: row.own for row in connection.execute(_TOLD, of)}
    own = [each for each in found if told.get(each.id)]
    if told and not own:
        return []
    executed = [each for each in found if told.get(each.id) or each.state in _AT_BANK]
    credited = set(connection.execute(_CREDITED, of).scalars())
    debited = executed + [each for each in found if each.id in credited and not told.get(each.id)]
    return next((each for each in (own, executed, debited) if sum(one.cents for one in each) == cents), [])


def hold(connection: Connection, debtor: str, batch: str) -> list[PaymentRecord]:
    """Hold the payments of a run that was released for an account, and return them; none if there is no such run.

    Their entitlements and claims are held before them, and the people of those that are withdrawn: several may end with
    one entry.
    """
    run = runs.find_by_message(connection, batch)
    if run is None or run.debtor != debtor or run.released_at is None:
        return []
    held = claims.hold_all(connection, connection.execute(_CLAIMS, {"run": run.id}).scalars().all())
    usage.hold_people(connection, [each.id for each in held if each.withdrawn_at])
    return records.hold_run(connection, run.id)


_CLAIMS = text("SELECT DISTINCT claim_id::text FROM payment WHERE run_id = CAST(:run AS uuid)")
_TOLD = text(
    "SELECT p.id::text, bool_or(e.debtor = :debtor AND e.key = :key) AS own FROM payment p"
    " JOIN bank_entry e ON e.end_to_end = p.end_to_end AND e.kind = 'debit'"
    " WHERE p.run_id = CAST(:run AS uuid) GROUP BY p.id"
)
_CREDITED = text(
    "SELECT p.id::text FROM payment p JOIN bank_entry e ON e.end_to_end = p.end_to_end AND e.kind = 'return'"
    " WHERE p.run_id = CAST(:run AS uuid) AND p.state = 'rejected' AND e.payment_id IS NULL AND e.debtor = :debtor"
    " AND e.cents = p.state_cents + p.unedic_cents"
)

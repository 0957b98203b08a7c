"""Orders: an accepted claim becomes a payment; one that came back is attempted again on another account.

The caller’s transaction makes the claim’s state, the ledger and the payment one. Locks: entitlement, claim, payment.
"""

from typing import Final

from sqlalchemy import Connection, text

from models.claim_labels import ClaimState
from models.end_to_end import EndToEnd
from models.engine.keys import MasterKey
from models.payment_labels import PaymentState
from models.store.cases import requests
from models.store.claims import ends, records, steps
from models.store.claims.records import ClaimRecord
from models.store.database import case_now
from models.store.journal import events
from models.store.journal.claim_grammar import claim_chain
from models.store.journal.events import SYSTEM
from models.store.payments import records as payments
from models.store.payments.records import Payee, PaymentRecord
from models.store.schema.payments import payment

AGAIN: Final = (PaymentState.REJECTED, PaymentState.RETURNED)
"""States of a payment after which another attempt may follow."""


def order(connection: Connection, claim_id: str, master: MasterKey) -> str | None:
    """Order the payment of an accepted claim to its establishment, and return its id; None if it is ordered already.

    Raises `Unknown`, and `KeyDestroyed`.
    """
    if not steps.take(connection, claim_id, ClaimState.ORDERED, wakes=False):
        return None
    return _insert(connection, records.get(connection, claim_id), None, master)


def attempt_again(connection: Connection, payment_id: str, master: MasterKey) -> str | None:
    """Order a payment that was rejected or returned once more, on the account of the case as it is now.

    None, changing nothing, if another attempt follows it already, if it stands otherwise, or if the account is the one
    that failed. Raises `Unknown`, and `KeyDestroyed`.
    """
    failed = payments.get(connection, payment_id)
    claim = records.get(connection, failed.claim_id)
    records.hold_entitlement(connection, claim.reference)
    claim = records.hold(connection, claim.id)
    failed = payments.hold(connection, payment_id)
    if failed.state not in AGAIN or _is_followed(connection, payment_id):
        return None
    if _mark(connection, claim, master) == failed.iban_mark:
        return None
    created = _insert(connection, claim, failed, master)
    standing = payments.standing(payments.list_of_claim(connection, claim.id))
    if not any(each.state in AGAIN for each in standing):
        steps.order_again(connection, claim.id)
    return created


def _is_followed(connection: Connection, payment_id: str) -> bool:
    return connection.execute(_FOLLOWING, {"id": payment_id}).first() is not None


def _mark(connection: Connection, claim: ClaimRecord, master: MasterKey) -> bytes:
    return master.mark_iban(requests.get_nominal(connection, claim.reference).iban)


def _insert(connection: Connection, claim: ClaimRecord, after: PaymentRecord | None, master: MasterKey) -> str:
    nominal = requests.get_nominal(connection, claim.reference)
    created: str = connection.execute(_NEW_ID).scalar_one()
    attempt, amount = (after.attempt + 1, after.amount) if after else (1, ends.amount_of(claim))
    assert claim.version is not None  # noqa: S101 -- it was admitted
    payee = Payee(name=nominal.holder, iban=nominal.iban)
    row = {
        "id": created,
        "claim_id": claim.id,
        "attempt": attempt,
        "end_to_end": str(EndToEnd(claim.reference, claim.month, claim.part, claim.version, 0, attempt)),
        "hours": amount.hours,
        "state_cents": amount.state_cents,
        "unedic_cents": amount.unedic_cents,
        "payee": payments.sealed(connection, claim.reference, created, payee, master),
        "iban_mark": master.mark_iban(nominal.iban),
        "after": after.id if after else None,
    }
    connection.execute(payment.insert().values(row))
    at = case_now(connection, claim.reference)
    events.append(
        connection, claim_chain(claim.id), "payment_ordered", at, SYSTEM, payment=created, number=str(attempt)
    )
    return created


_NEW_ID = text("SELECT uuidv7()::text")
_FOLLOWING = text("SELECT FROM payment WHERE after = CAST(:id AS uuid)")

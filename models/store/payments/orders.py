"""Orders: an accepted claim becomes a payment; one that came back is attempted again, where its reason allows it.

The caller’s transaction makes the claim’s state, the ledger and the payment one. Locks: entitlement, claim, payment.
"""

from typing import Final

from sqlalchemy import Connection, text

from models.bank_labels import Remedy, remedy_of
from models.claim_labels import ClaimState
from models.end_to_end import EndToEnd
from models.engine.keys import MasterKey
from models.payment_labels import PaymentState
from models.store.claims import records, steps
from models.store.claims.records import ClaimRecord
from models.store.database import case_now
from models.store.journal import events
from models.store.journal.claim_grammar import claim_chain
from models.store.journal.events import SYSTEM
from models.store.payments import parts, suspense
from models.store.payments import records as payments
from models.store.payments.parts import Part
from models.store.payments.records import PaymentRecord
from models.store.schema.payments import payment

AGAIN: Final = (PaymentState.REJECTED, PaymentState.RETURNED)
"""States of a payment after which another attempt may follow."""
_TO_PAY: Final = (ClaimState.ORDERED, ClaimState.REOPENED)
MOST_ATTEMPTS: Final = 5
"""Attempts on one account, a run each, before a person decides: what the bank says again will not pass by itself."""


def order(connection: Connection, claim_id: str, master: MasterKey) -> tuple[str, ...]:
    """Order the payments of an accepted claim, and return their ids; none if it is ordered already.

    One to its establishment, or one to each employee whom the agency pays directly. Raises `Unknown`, `KeyDestroyed`,
    and `PayeeMissing`.
    """
    if not steps.take(connection, claim_id, ClaimState.ORDERED, wakes=False):
        return ()
    claim = records.get(connection, claim_id)
    created = tuple(
        _insert(connection, claim, part, None, master) for part in parts.parts_of(connection, claim, master)
    )
    said = {"payment": created[0]} if len(created) == 1 else {"payments": str(len(created))}
    _tell(connection, claim, number="1", **said)
    return created


def attempt_again(connection: Connection, payment_id: str, master: MasterKey, *, decided: bool = False) -> str | None:
    """Order a payment that was rejected or returned once more, on the account of the case as it is now.

    None, changing nothing, if another attempt follows it already, if it or its claim stands otherwise, if the claim is
    withdrawn, if an entry in suspense may have paid this attempt or one before, or if the account is the one that
    failed and the bank’s reason is not one that passes by itself.
    `decided` when a person says that it has passed, which changes nothing for a reason of the account.
    The account of an employee is that of the claim’s line, which never changes: a payment that failed on it never
    leaves again, until another account can be stated for the line (which nothing does yet).
    Raises `Unknown`, `KeyDestroyed`, and `PayeeMissing`.
    """
    failed = payments.get(connection, payment_id)
    claim = records.get(connection, failed.claim_id)
    records.hold_entitlement(connection, claim.reference)
    claim = records.hold(connection, claim.id)
    failed = payments.hold(connection, payment_id)
    if failed.state not in AGAIN or claim.state not in _TO_PAY or claim.withdrawn_at is not None:
        return None
    if _is_followed(connection, payment_id) or _may_be_paid(connection, failed):
        return None
    payee = parts.payee_of(connection, claim, failed.person_n, master)
    if master.mark_iban(payee.iban) == failed.iban_mark and not _may_repeat(failed, decided=decided):
        return None
    created = _insert(connection, claim, Part(failed.person_n, failed.amount, payee), failed, master)
    _tell(connection, claim, payment=created, number=str(failed.attempt + 1))
    standing = payments.standing(payments.list_of_claim(connection, claim.id))
    if not any(each.state in AGAIN for each in standing):
        steps.order_again(connection, claim.id)
    return created


def _may_repeat(failed: PaymentRecord, *, decided: bool) -> bool:
    """Whether a payment may be attempted again on the account of which it failed."""
    remedy = remedy_of(failed.reason)
    if decided:
        return remedy is not Remedy.ANOTHER_ACCOUNT
    return remedy is Remedy.SAME_ACCOUNT and failed.attempt < MOST_ATTEMPTS


def _may_be_paid(connection: Connection, failed: PaymentRecord) -> bool:
    attempts = payments.list_of_claim(connection, failed.claim_id)
    return suspense.may_be_paid(connection, [each for each in attempts if each.person_n == failed.person_n])


def _is_followed(connection: Connection, payment_id: str) -> bool:
    return connection.execute(_FOLLOWING, {"id": payment_id}).first() is not None


def _insert(
    connection: Connection, claim: ClaimRecord, part: Part, after: PaymentRecord | None, master: MasterKey
) -> str:
    created: str = connection.execute(_NEW_ID).scalar_one()
    attempt = after.attempt + 1 if after else 1
    assert claim.version is not None  # noqa: S101 -- it was admitted
    name = EndToEnd(claim.reference, claim.month, claim.part, claim.version, part.person_n or 0, attempt)
    row = {
        "id": created,
        "claim_id": claim.id,
        "person_n": part.person_n,
        "attempt": attempt,
        "end_to_end": str(name),
        "hours": part.amount.hours,
        "state_cents": part.amount.state_cents,
        "unedic_cents": part.amount.unedic_cents,
        "payee": payments.sealed(connection, claim.reference, created, part.payee, master),
        "iban_mark": master.mark_iban(part.payee.iban),
        "after": after.id if after else None,
    }
    connection.execute(payment.insert().values(row))
    return created


def _tell(connection: Connection, claim: ClaimRecord, **data: str) -> None:
    at = case_now(connection, claim.reference)
    events.append(connection, claim_chain(claim.id), "payment_ordered", at, SYSTEM, recorded_at=at, **data)


_NEW_ID = text("SELECT uuidv7()::text")
_FOLLOWING = text("SELECT FROM payment WHERE after = CAST(:id AS uuid)")

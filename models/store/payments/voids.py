"""Claims void with their authorization (CRPA L. 242-1): payments are stopped, or what was paid is owed.

What the agency or the bank may have already cannot be called back: the end is recorded, and comes with the answer, or
once every payment on its way is booked or rejected, and no entry in suspense may be the debit of one. The hours go
back; the cents that were paid stand on `owed`, until they are recovered, or the bank returns the payment. Locks:
entitlement, claim, payment, as everywhere.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, text

from models.claim_labels import STANDING, ClaimState
from models.payment_labels import ON_ITS_WAY, STILL_OURS, PaymentState
from models.store.claims import ends, ledger, records, usage
from models.store.claims.ledger import Amount
from models.store.claims.records import ClaimRecord
from models.store.database import case_now
from models.store.journal import events
from models.store.journal.claim_grammar import claim_chain
from models.store.journal.events import SYSTEM, Actor
from models.store.payments import records as payments
from models.store.payments import suspense
from models.store.payments.records import PaymentRecord

_AT_BANK: Final = (PaymentState.IN_RUN, *ON_ITS_WAY)
_TO_PAY: Final = (ClaimState.ORDERED, ClaimState.REOPENED, ClaimState.PAID)


class Voided(StrEnum):
    """What became of a claim whose authorization was withdrawn."""

    DONE = "done"
    RECORDED = "recorded"
    """It ends with the answer of the agency, or of the bank."""
    ENDED = "ended"
    """It had ended before."""


def void_claims(connection: Connection, reference: str, actor: Actor, **data: str) -> dict[str, Voided]:
    """Make every claim of an authorization void, and return what became of each, by its id; raises `Unknown`."""
    records.hold_entitlement(connection, reference)
    claims = [each.id for each in records.list_of(connection, reference) if each.state in STANDING]
    claims.sort()
    usage.hold_people(connection, claims)
    return {each: void(connection, each, actor, **data) for each in claims}


def void(connection: Connection, claim_id: str, actor: Actor, **data: str) -> Voided:
    """Make a claim void, now or as soon as it can be; done twice, it changes nothing. Raises `Unknown`."""
    records.hold_entitlement(connection, records.get(connection, claim_id).reference)
    claim = records.hold(connection, claim_id)
    if claim.state not in STANDING:
        return Voided.ENDED
    if ends.end(connection, claim_id, ClaimState.VOID, actor, wakes=True, **data):
        return Voided.DONE
    for each in payments.standing(payments.list_of_claim(connection, claim_id)):
        _stop(connection, claim, each)
    if _finish(connection, claim, actor, data):
        return Voided.DONE
    if claim.withdrawn_at is None:
        at = case_now(connection, claim.reference)
        connection.execute(_RECORD, {"id": claim_id, "at": at})
        events.append(connection, claim_chain(claim_id), "claim_withdrawal_recorded", at, actor, recorded_at=at, **data)
    return Voided.RECORDED


def resume(connection: Connection, claim_id: str) -> bool:
    """End a claim whose end is recorded, if nothing of it is on its way any more; the caller holds entitlement, claim.

    For whoever applies what the bank says of a payment; an answer of the agency does the same (`agency.answers`).
    """
    claim = records.hold(connection, claim_id)
    return claim.withdrawn_at is not None and _finish(connection, claim, SYSTEM, {})


def _stop(connection: Connection, claim: ClaimRecord, payment: PaymentRecord) -> None:
    """Stop a payment that no run has taken."""
    if payments.hold(connection, payment.id).state not in STILL_OURS:
        return
    payments.set_state(connection, payment.id, PaymentState.STOPPED)
    at = case_now(connection, claim.reference)
    events.append(connection, claim_chain(claim.id), "payment_stopped", at, SYSTEM, recorded_at=at, payment=payment.id)


def _finish(connection: Connection, claim: ClaimRecord, actor: Actor, data: dict[str, str]) -> bool:
    """End a claim that is to be paid, or is; False, changing nothing, while the bank may have a payment of it."""
    attempts = payments.list_of_claim(connection, claim.id)
    standing = payments.standing(attempts)
    if claim.state not in _TO_PAY or any(each.state in _AT_BANK for each in standing):
        return False
    if suspense.may_be_paid(connection, attempts):
        return False
    at = case_now(connection, claim.reference)
    ends.give_back(connection, claim)
    connection.execute(_SET_VOID, {"id": claim.id})
    booked = [each for each in standing if each.state is PaymentState.BOOKED]
    for move in _moves(claim, booked, [each for each in standing if each not in booked]):
        kind, amount, key, source = move
        ledger.append(connection, claim.reference, kind, amount, at, key=key, claim_id=claim.id, source=source)
    owed = sum(each.cents for each in booked)
    ends.tell(connection, claim, ClaimState.VOID, at, actor, **data, **({"owed": str(owed)} if owed else {}))
    return True


def _moves(
    claim: ClaimRecord, booked: Sequence[PaymentRecord], unpaid: Iterable[PaymentRecord]
) -> list[tuple[str, Amount, str, str]]:
    """Return the entries of an end: kind, amount, key, account taken from; hours and cents of what was paid part."""
    stopped = total([each.amount for each in unpaid])
    entries = [("voided", stopped, f"voided:{claim.id}", "ordered")]
    for each in booked:
        entries.append(("owed", each.amount._replace(hours=_NO_HOURS), f"owed:{each.id}", "paid"))
        entries.append(("voided", Amount(each.hours), f"voided:{each.id}", "paid"))
    return [each for each in entries if each[1] != Amount()]


def total(amounts: Iterable[Amount]) -> Amount:
    """Return what some payments come to."""
    listed = list(amounts)
    return Amount(
        sum((each.hours for each in listed), _NO_HOURS),
        sum(each.state_cents for each in listed),
        sum(each.unedic_cents for each in listed),
    )


_NO_HOURS: Final = Amount().hours
_RECORD = text("UPDATE claim SET withdrawn_at = :at WHERE id = CAST(:id AS uuid)")
_SET_VOID = text("UPDATE claim SET state = 'void' WHERE id = CAST(:id AS uuid)")

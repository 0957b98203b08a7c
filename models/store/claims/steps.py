"""The steps of a claim towards its payment: each moves it from one state to the next, once, with its event.

What ends it without a payment is in `models.store.claims.ends`. Both wake its process, which asks the register again.
"""

import json
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from models.claim_labels import ClaimSignal, ClaimState
from models.store.claims import ends, ledger, nominal_files, processes, records
from models.store.claims.records import ClaimRecord
from models.store.database import case_now
from models.store.journal import events
from models.store.journal.claim_grammar import claim_chain
from models.store.journal.events import SYSTEM, Actor


class Step(NamedTuple):
    """From which states, by which event, and which entry of the ledger it is, if its hours change accounts."""

    before: tuple[ClaimState, ...]
    event: str
    entry: str | None = None


STEPS: Final = {
    ClaimState.HELD: Step((ClaimState.ADMITTED, ClaimState.HELD, ClaimState.UNDER_REVIEW), "claim_held"),
    ClaimState.ADMITTED: Step((ClaimState.HELD,), "claim_released"),
    ClaimState.UNDER_REVIEW: Step((ClaimState.ADMITTED,), "claim_controlled"),
    ClaimState.AGREED: Step((ClaimState.UNDER_REVIEW,), "claim_agreed"),
    ClaimState.SIGNED: Step((ClaimState.AGREED,), "claim_signed"),
    ClaimState.HANDED: Step((ClaimState.SIGNED,), "claim_handed_to_asp", "handed"),
    ClaimState.ACCEPTED: Step((ClaimState.HANDED,), "claim_accepted", "accepted"),
    ClaimState.ORDERED: Step((ClaimState.ACCEPTED,), "claim_ordered", "ordered"),
    ClaimState.PAID: Step((ClaimState.ORDERED,), "claim_paid"),
    ClaimState.REOPENED: Step((ClaimState.ORDERED, ClaimState.PAID), "claim_reopened"),
}
"""State that a step leads to → how it is taken."""
_SIGNALLED: Final = Step(ends.BEFORE_HAND_OVER, "claim_signalled")
_LAPSED: Final = Step((ClaimState.AGREED,), "claim_agreement_lapsed")
_ORDERED_AGAIN: Final = Step((ClaimState.REOPENED,), "claim_ordered")
_REFUSAL_LAPSED: Final = Step((ClaimState.ADMITTED, ClaimState.HELD, ClaimState.UNDER_REVIEW), "claim_refusal_lapsed")


def take(
    connection: Connection,
    claim_id: str,
    to: ClaimState,
    actor: Actor = SYSTEM,
    *,
    signals: Sequence[ClaimSignal] | None = None,
    wakes: bool = True,
    **data: str,
) -> bool:
    """Lead a claim to a state; False, changing nothing, if it is not where that step begins, or if it is refused.

    Raises `Unknown`. `signals`, if given, are those of the claim from now on. Its own process, which takes a step and
    goes on, is not woken (`wakes`).
    """
    step = STEPS[to]
    if step.entry:
        records.hold_entitlement(connection, records.get(connection, claim_id).reference)
    claim = records.hold(connection, claim_id)
    if claim.state not in step.before or (to in _STOPPED and is_refused(connection, claim_id)):
        return False
    _record(connection, claim, to, step, actor, signals, data)
    if wakes:
        processes.wake(connection, claim)
    return True


_STOPPED: Final = (ClaimState.HELD, ClaimState.ADMITTED, ClaimState.UNDER_REVIEW, ClaimState.AGREED)
"""States that no step leads to while a refusal of the claim stands."""


def is_refused(connection: Connection, claim_id: str) -> bool:
    """Whether a refusal of a claim stands, which its process is to sign."""
    return connection.execute(_REFUSAL, {"id": claim_id}).first() is not None


_REFUSAL = text("SELECT FROM visa WHERE claim_id = :id AND lapsed_at IS NULL AND outcome = 'refused'")


def signal(connection: Connection, claim_id: str, found: ClaimSignal) -> bool:
    """Add a signal to a claim that is not handed over; False, changing nothing, if it has it or is past that.

    The caller holds its entitlement.
    """
    claim = records.hold(connection, claim_id)
    if claim.state not in _SIGNALLED.before or found in claim.signals:
        return False
    _record(connection, claim, claim.state, _SIGNALLED, SYSTEM, [*claim.signals, found], {})
    return True


def lapse_agreement(connection: Connection, claim_id: str, signals: Sequence[ClaimSignal]) -> bool:
    """Lead an agreed claim, with these signals, back to its review: nobody may sign it. False if it is not agreed."""
    claim = records.hold(connection, claim_id)
    if claim.state is not ClaimState.AGREED:
        return False
    _record(connection, claim, ClaimState.UNDER_REVIEW, _LAPSED, SYSTEM, signals, {})
    processes.wake(connection, claim)
    return True


def order_again(connection: Connection, claim_id: str) -> bool:
    """Lead a reopened claim back to its payment, whose hours are still ordered. False if it is not reopened."""
    claim = records.hold(connection, claim_id)
    if claim.state is not ClaimState.REOPENED:
        return False
    _record(connection, claim, ClaimState.ORDERED, _ORDERED_AGAIN, SYSTEM, None, {})
    return True


def lapse_refusal(connection: Connection, claim_id: str) -> bool:
    """Lead a claim whose refusal nobody may sign any more back to its controls. False if it is past its review."""
    claim = records.hold(connection, claim_id)
    if claim.state not in _REFUSAL_LAPSED.before:
        return False
    _record(connection, claim, ClaimState.ADMITTED, _REFUSAL_LAPSED, SYSTEM, None, {})
    processes.wake(connection, claim)
    return True


def _record(
    connection: Connection,
    claim: ClaimRecord,
    to: ClaimState,
    step: Step,
    actor: Actor,
    signals: Sequence[ClaimSignal] | None,
    data: dict[str, str],
) -> None:
    at = case_now(connection, claim.reference)
    stated = None if signals is None else json.dumps([*signals])
    connection.execute(_SET_STATE, {"id": claim.id, "state": to, "signals": stated})
    if to is ClaimState.ACCEPTED:
        nominal_files.drop(connection, claim.id)
    if step.entry:
        key, amount = f"{step.entry}:{claim.id}", ends.amount_of(claim)
        ledger.append(connection, claim.reference, step.entry, amount, at, key=key, claim_id=claim.id)
    if signals is not None:
        data["signals"] = " ".join(signals)
    events.append(connection, claim_chain(claim.id), step.event, at, actor, recorded_at=at, **data)


_SET_STATE = text(
    "UPDATE claim SET state = :state, signals = coalesce(CAST(:signals AS jsonb), signals) WHERE id = :id"
)

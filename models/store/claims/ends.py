"""The end of a claim without a payment: whatever it holds is given back, of hours, of people’s years and weeks.

Locks are taken in the order of an admission (`models.store.claims.admission`).
"""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from models.claim_labels import ClaimState
from models.store.cases import requests
from models.store.claims import erasure, ledger, nominal_files, processes, records, usage
from models.store.claims.ledger import Amount
from models.store.claims.records import ClaimRecord
from models.store.claims.usage import Exchange
from models.store.database import case_now
from models.store.journal import events
from models.store.journal.claim_grammar import claim_chain
from models.store.journal.events import Actor

BEFORE_HAND_OVER: Final = (
    ClaimState.ADMITTED,
    ClaimState.HELD,
    ClaimState.UNDER_REVIEW,
    ClaimState.AGREED,
    ClaimState.SIGNED,
)
"""States in which a claim is the employer’s to correct: its hours are on the account `admitted`."""


class End(NamedTuple):
    """How a claim may end: kind of its entry, type of its event, account that its hours leave in each state before."""

    kind: str
    event: str
    accounts: dict[ClaimState, str]


_FROM_ADMITTED: Final = dict.fromkeys(BEFORE_HAND_OVER, "admitted")
ENDS: Final = {
    ClaimState.REPLACED: End("replaced", "claim_replaced", _FROM_ADMITTED),
    ClaimState.REFUSED: End("refused", "claim_refused", _FROM_ADMITTED),
    ClaimState.REJECTED: End("rejected", "claim_rejected", {ClaimState.HANDED: "handed"}),
    ClaimState.VOID: End(
        "voided",
        "claim_voided",
        _FROM_ADMITTED | {ClaimState.ACCEPTED: "accepted"},
    ),
}
"""State of an end → how it comes. Nothing leaves what was handed over but by an answer; what is to be paid, or was,
ends with its payments (`models.store.payments.voids`)."""


def end(
    connection: Connection, claim_id: str, state: ClaimState, actor: Actor, *, wakes: bool = True, **data: str
) -> bool:
    """End a claim and give back what it holds; False, changing nothing, if it cannot end so any more.

    Its own process, which ends it and goes on, is not woken (`wakes`).
    """
    records.hold_entitlement(connection, records.get(connection, claim_id).reference)
    claim = records.hold(connection, claim_id)
    if claim.state not in ENDS[state].accounts or _is_leaving(connection, claim):
        return False
    at = case_now(connection, claim.reference)
    give_back(connection, claim)
    record(connection, claim, state, at)
    tell(connection, claim, state, at, actor, **data)
    if wakes:
        processes.wake(connection, claim)
    return True


def give_back(connection: Connection, claim: ClaimRecord) -> None:
    """Give the hours of a claim back to its authorization and its people; the caller holds entitlement and claim."""
    connection.execute(_GIVE_BACK, {"reference": claim.reference, "hours": claim.hours})
    if erasure.is_erased(connection, claim.id):  # nobody’s hours are known any more
        return
    case = requests.get(connection, claim.reference)
    change = Exchange(case.siret, claim.reference, case.ground, claim.month, taken=None, given_back=claim.id)
    usage.exchange(connection, change)


def _is_leaving(connection: Connection, claim: ClaimRecord) -> bool:
    """Whether a claim not handed over yet is in a file that the agency may have received already."""
    return claim.state in BEFORE_HAND_OVER and records.is_reserved(connection, claim.id)


def record(connection: Connection, claim: ClaimRecord, state: ClaimState, at: datetime) -> None:
    """Set the state of an end, and move what the claim holds in the ledger back; the caller judged that it may end."""
    connection.execute(_SET_STATE, {"id": claim.id, "state": state})
    nominal_files.drop(connection, claim.id)
    how = ENDS[state]
    amount = amount_of(claim)
    source, key = how.accounts[claim.state], f"{how.kind}:{claim.id}"
    ledger.append(connection, claim.reference, how.kind, amount, at, key=key, claim_id=claim.id, source=source)


def tell(
    connection: Connection, claim: ClaimRecord, state: ClaimState, at: datetime, actor: Actor, **data: str
) -> None:
    """Append the event of an end to the chain of the claim."""
    events.append(connection, claim_chain(claim.id), ENDS[state].event, at, actor, recorded_at=at, **data)


def amount_of(claim: ClaimRecord) -> Amount:
    """Return what an admitted claim holds."""
    assert claim.hours is not None  # noqa: S101 -- only a staged claim has no figures, and none of its hours count
    return Amount(claim.hours, claim.state_cents or 0, claim.unedic_cents or 0)


_GIVE_BACK = text("UPDATE entitlement SET admitted_hours = admitted_hours - :hours WHERE reference = :reference")
_SET_STATE = text("UPDATE claim SET state = :state WHERE id = :id")

"""Holds: reasons not to hand an authorization to the paying agency yet. It is handed over when none is left.

Silence and decisions stand whatever holds their hand-over. Any module may hold a case for a reason of its own; the
row for the agency is queued, and taken into a file, only while nothing holds the case. Claims are paid of what an
accepted amendment gives, too: what holds it holds them.
"""

from typing import Final

from sqlalchemy import Connection, text

from models.claim_labels import ClaimState
from models.engine.names import authorization_id, deposit_id
from models.identifiers import Instant, authorization_of
from models.labels import HoldReason
from models.store.cases import requests, waiting_claims
from models.store.database import case_now
from models.store.journal import events, outbox
from models.store.journal.events import SYSTEM, Actor
from models.store.records import Record


class HoldRecord(Record):
    """One reason that holds a case, and since when."""

    reason: HoldReason
    held_at: Instant


def hold(
    connection: Connection, reference: str, reason: HoldReason, actor: Actor = SYSTEM, *, claims: bool = False
) -> bool:
    """Hold the hand-over of a case; False, changing nothing, when it is held for this reason already.

    False too when its authorization is in a file for the agency: what was sent is not called back. With `claims`, it
    is held nevertheless, because of claims that wait for the agency.
    """
    requests.get(connection, reference, hold=True)
    row = {"reference": reference, "reason": reason, "by": actor.account_id, "claims": claims}
    if connection.execute(_HOLD, row).first() is None:
        return False
    events.append(connection, reference, "hand_over_held", case_now(connection, reference), actor, reason=reason)
    return True


def hold_unsent(connection: Connection, reference: str, reason: HoldReason, actor: Actor = SYSTEM) -> bool:
    """Hold a case of which anything has still to reach the agency: its authorization, or a claim in no file yet.

    False, changing nothing, when nothing has, or when it is held for this reason already.
    """
    requests.get(connection, reference, hold=True)
    row = {"reference": authorization_of(reference), "states": [*_BEFORE_HANDED]}
    claims = connection.execute(_UNSENT_CLAIM, row).first() is not None
    return hold(connection, reference, reason, actor, claims=claims)


def release(connection: Connection, reference: str, reason: HoldReason, actor: Actor = SYSTEM) -> bool:
    """Remove one reason; when none is left, what was held is handed over.

    False when it did not hold the case, or the case is closed: no claim could follow any more.
    """
    case = requests.get(connection, reference, hold=True)
    row = {"reference": reference, "reason": reason, "by": actor.account_id}
    if case.closed_at or connection.execute(_RELEASE, row).first() is None:
        return False
    events.append(connection, reference, "hand_over_released", case_now(connection, reference), actor, reason=reason)
    if not list_standing(connection, reference):
        _wake(connection, reference)
    if not list_of_claims(connection, authorization_of(reference)):
        waiting_claims.wake_signed(connection, authorization_of(reference))
        if reference != authorization_of(reference):
            _wake_channels(connection, authorization_of(reference))
    return True


def was_held(connection: Connection, reference: str, reason: HoldReason) -> bool:
    """Whether a reason holds a case, or ever did."""
    return connection.execute(_EVER, {"reference": reference, "reason": reason}).first() is not None


def list_standing(connection: Connection, reference: str) -> list[HoldRecord]:
    """Return what holds a case, oldest first."""
    return HoldRecord.all(connection, _STANDING, {"reference": reference})


def list_of_claims(connection: Connection, reference: str) -> list[HoldRecord]:
    """Return what holds the claims of an authorization, oldest first: of it, or of an accepted amendment."""
    return HoldRecord.all(connection, _OF_CLAIMS, {"reference": reference})


def list_held(connection: Connection, siret: str, reason: HoldReason) -> list[str]:
    """Return the references of the cases of an establishment that a reason holds, in order."""
    return [str(each) for each in connection.execute(_HELD, {"siret": siret, "reason": reason}).scalars()]


def _wake(connection: Connection, reference: str) -> None:
    """Wake the channel whose row waited or, if none was queued yet, the process of the case, which queues it."""
    if not _wake_channels(connection, reference):
        outbox.enqueue(connection, authorization_id(reference), "release_hand_over")


def _wake_channels(connection: Connection, reference: str) -> int:
    channels = connection.execute(_WAITING_ROWS, {"reference": reference}).scalars().all()
    for channel in channels:
        outbox.enqueue(connection, deposit_id(channel), "deposit")
    return len(channels)


_HOLD = text(
    "INSERT INTO hand_over_hold (reference, reason, held_by)"
    " SELECT r.reference, :reason, CAST(:by AS uuid) FROM request r WHERE r.reference = :reference"
    " AND (:claims OR NOT EXISTS (SELECT FROM deposit_row w"
    "   WHERE w.reference = r.reference AND w.claim_id IS NULL AND w.deposit_id IS NOT NULL))"
    " ON CONFLICT DO NOTHING RETURNING id"
)
_BEFORE_HANDED: Final = (
    ClaimState.ADMITTED,
    ClaimState.HELD,
    ClaimState.UNDER_REVIEW,
    ClaimState.AGREED,
    ClaimState.SIGNED,
)
_UNSENT_CLAIM = text(
    "SELECT FROM claim c WHERE c.reference = :reference AND c.state = ANY(:states) AND NOT EXISTS"
    " (SELECT FROM deposit_row w WHERE w.claim_id = c.id AND w.deposit_id IS NOT NULL) LIMIT 1"
)
_RELEASE = text(
    "UPDATE hand_over_hold SET released_at = clock_timestamp(), released_by = CAST(:by AS uuid)"
    " WHERE reference = :reference AND reason = :reason AND released_at IS NULL RETURNING id"
)
_STANDING = text(
    "SELECT reason, held_at FROM hand_over_hold WHERE reference = :reference AND released_at IS NULL"
    " ORDER BY held_at, reason"
)
HOLDS_CLAIMS: Final = (
    "FROM hand_over_hold h JOIN request a ON a.reference = h.reference WHERE h.released_at IS NULL"
    " AND h.reference BETWEEN {0} AND {0} || '99' AND {0} IN (a.reference, a.amends)"
    " AND (a.amends IS NULL OR a.outcome IN ('granted', 'tacit'))"
)
"""What holds the claims of an authorization, whose reference is to be put in."""
_OF_CLAIMS = text(f"SELECT h.reason, h.held_at {HOLDS_CLAIMS.format(':reference')} ORDER BY h.held_at, h.reason")
_EVER = text("SELECT FROM hand_over_hold WHERE reference = :reference AND reason = :reason")
_HELD = text(
    "SELECT h.reference FROM hand_over_hold h JOIN request r ON r.reference = h.reference"
    " WHERE r.siret = :siret AND h.reason = :reason AND h.released_at IS NULL ORDER BY h.reference"
)
_WAITING_ROWS = text(
    "SELECT DISTINCT channel FROM deposit_row WHERE reference = :reference AND deposit_id IS NULL ORDER BY channel"
)

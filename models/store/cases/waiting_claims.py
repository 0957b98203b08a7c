"""Claims that wait for something of their case: their processes are woken, in one statement, when it comes."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, TextClause, text

from models.claim_labels import ClaimState
from models.messages.claim import ENDED
from models.telemetry import trace_context

_WAKE: Final = (
    "INSERT INTO outbox (workflow_id, kind, subject, parent)"
    " SELECT concat_ws(':', 'claim', c.reference, to_char(c.month, 'YYYY-MM'), c.part, c.version), 'look', '', :parent"
    " FROM claim c JOIN request r ON r.reference = c.reference WHERE {} AND c.state = ANY(:states)"
    " ORDER BY c.reference, c.month, c.part"
)
_MAY_WAIT: Final = (ClaimState.ADMITTED, ClaimState.HELD, ClaimState.UNDER_REVIEW, ClaimState.AGREED)
"""A claim that is not held yet may be being held: its process, woken, asks again after that."""


def wake_held(connection: Connection, reference: str) -> None:
    """Wake the claims of a case that wait, or are about to: what they wait for may have come."""
    _wake(connection, _OF_CASE, reference, _MAY_WAIT)


def wake_held_of_establishment(connection: Connection, siret: str) -> None:
    """Wake the claims of all cases of an establishment that wait, or are about to."""
    _wake(connection, _OF_ESTABLISHMENT, siret, _MAY_WAIT)


def wake_signed(connection: Connection, reference: str) -> None:
    """Wake the claims of a case that are signed and may be handed over now."""
    _wake(connection, _OF_CASE, reference, (ClaimState.SIGNED,))


def is_any_under_way(connection: Connection, reference: str) -> bool:
    """Whether a claim of an authorization has neither been answered by the agency nor ended otherwise."""
    return connection.execute(_UNDER_WAY, {"of": reference, "ended": [*ENDED]}).first() is not None


def _wake(connection: Connection, statement: TextClause, of: str, states: Sequence[ClaimState]) -> None:
    context = trace_context.current()
    row = {"of": of, "states": list(states), "parent": context.parent if context else None}
    connection.execute(statement, row)


_UNDER_WAY: Final = text(
    "SELECT FROM claim WHERE reference = :of AND version IS NOT NULL AND state <> ALL(:ended) LIMIT 1"
)
_OF_CASE: Final = text(_WAKE.format("c.reference = :of"))
_OF_ESTABLISHMENT: Final = text(_WAKE.format("r.siret = :of"))

"""Channels to the paying agency: each hands over one kind of thing and has one process."""

from typing import Final

from sqlalchemy import Connection, text

from models.engine.names import deposit_id
from models.store.cases import holds
from models.store.database import now
from models.store.journal import events
from models.store.journal.events import SYSTEM, Actor

AUTHORIZATIONS: Final = "authorizations"
"""Authorizations as they are first accepted."""
AMENDMENTS: Final = "amendments"
"""What amends them: the agency never takes both in one file."""
CLAIMS: Final = "claims"
CHANNELS: Final = (AUTHORIZATIONS, AMENDMENTS, CLAIMS)


def hold(connection: Connection, channel: str) -> None:
    """Hold a channel until the end of the transaction: its files are reserved one after the other."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:c))"), {"c": deposit_id(channel)})


def tell(connection: Connection, channel: str, kind: str, actor: Actor = SYSTEM, **data: str) -> None:
    """Append an event to the chain of a channel."""
    events.hold_chain(connection, channel)
    at = now(connection)
    events.append(connection, channel, kind, at, actor, recorded_at=at, **data)


def list_waiting(connection: Connection) -> list[str]:
    """Return the channels that have something to send to the agency."""
    return [str(channel) for channel in connection.execute(_WAITING).scalars()]


_WAITING = text(
    "SELECT DISTINCT w.channel FROM deposit_row w LEFT JOIN deposit d ON d.id = w.deposit_id"  # noqa: S608  our own text
    " LEFT JOIN claim c ON c.id = w.claim_id WHERE d.written_at IS NULL"
    " AND (d.id IS NOT NULL OR (c.id IS NULL OR c.state = 'signed') AND NOT EXISTS"
    " (SELECT FROM hand_over_hold h WHERE h.reference = w.reference AND h.released_at IS NULL)"
    f" AND (c.id IS NULL OR NOT EXISTS (SELECT {holds.HOLDS_CLAIMS.format('w.reference')})))"
)

"""Channels to the paying agency: each hands over one kind of thing and has one process."""

from sqlalchemy import Connection, text

from models.engine.names import deposit_id

AUTHORIZATIONS = "authorizations"
"""Channel of authorizations; amendments and claims will have their own."""


def hold(connection: Connection, channel: str) -> None:
    """Hold a channel until the end of the transaction: its files are reserved one after the other."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:c))"), {"c": deposit_id(channel)})


def list_waiting(connection: Connection) -> list[str]:
    """Return the channels that have something to send to the agency."""
    return [str(channel) for channel in connection.execute(_WAITING).scalars()]


_WAITING = text(
    "SELECT DISTINCT w.channel FROM deposit_row w LEFT JOIN deposit d ON d.id = w.deposit_id WHERE d.written_at IS NULL"
)

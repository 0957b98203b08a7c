"""Channels to the paying agency: one kind of thing handed over, and one process, each."""

from sqlalchemy import Connection, text

from models.engine.names import deposit_id

AUTHORIZATIONS = "authorizations"
"""Channel of authorizations; amendments and claims will have their own."""


def hold(connection: Connection, channel: str) -> None:
    """Hold a channel until the end of the transaction: its files are reserved one after the other."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:c))"), {"c": deposit_id(channel)})

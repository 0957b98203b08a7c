"""Messages to the process of a claim: it starts with the admission, and looks again whenever something changes."""

from sqlalchemy import Connection

from models.engine.names import claim_process
from models.store.claims.records import ClaimRecord
from models.store.journal import outbox


def start(connection: Connection, claim: ClaimRecord) -> None:
    """Start the process of an admitted claim."""
    outbox.enqueue(connection, claim_process(claim.subject), "start")


def wake(connection: Connection, claim: ClaimRecord) -> None:
    """Have the process of a claim ask the register again."""
    outbox.enqueue(connection, claim_process(claim.subject), "look")

"""Holders of bank accounts whom nobody can read: money does not leave under a wrong name.

A name is refused at the door when no letter of it is left in the capitals of the paying agency. One stored before
that rule holds the hand-over, until an agent states the name as the employer's bank writes it.
"""

from sqlalchemy import Connection, select, update

from models.identifiers import HOLDER_LENGTH
from models.labels import HoldReason
from models.store.cases import holds
from models.store.database import case_now
from models.store.journal import events
from models.store.journal.events import Actor
from models.store.schema.cases import nominal
from models.transliteration import has_letter, latin_capitals


def hold_if_unreadable(connection: Connection, reference: str) -> bool:
    """Hold the hand-over of a case whose holder has no letters; True when it does now and did not before."""
    query = select(nominal.c.holder).where(nominal.c.reference == reference)
    holder: str | None = connection.execute(query).scalar()
    if holder is None or has_letter(latin_capitals(holder, HOLDER_LENGTH)):
        return False
    return holds.hold(connection, reference, HoldReason.HOLDER)


def state(connection: Connection, reference: str, holder: str, actor: Actor) -> None:
    """Replace the name that cannot be read by the one that an agent states, and write the event."""
    connection.execute(update(nominal).where(nominal.c.reference == reference).values(holder=holder))
    events.append(connection, reference, "holder_stated", case_now(connection, reference), actor)

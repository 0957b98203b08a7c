"""Errands: what somebody waits for and the doors cannot do, a document to verify or a decision to preview.

What is given is dropped once it is done, and what was made of it once it is read; what nobody came back for,
at the first errand after an hour.
"""

from sqlalchemy import Connection, delete, insert, select, text, update

from models.store.records import Record
from models.store.schema.journal import errand


class Done(Record):
    """What came of an errand: what is told of it, and the document that was made, if any."""

    told: dict[str, object]
    made: bytes | None


def submit(connection: Connection, given: bytes) -> str:
    """Hold what is given until the errand is done; returns the errand's id."""
    connection.execute(delete(errand).where(text("created_at < clock_timestamp() - interval '1 hour'")))
    created: str = connection.execute(insert(errand).values(given=given).returning(errand.c.id)).scalar_one()
    return created


def given(connection: Connection, errand_id: str) -> bytes | None:
    """Return what was given; None once the errand is done, or dropped."""
    kept: bytes | None = connection.execute(select(errand.c.given).where(errand.c.id == errand_id)).scalar()
    return kept


def done(connection: Connection, errand_id: str, told: dict[str, object], made: bytes | None = None) -> None:
    """Keep what came of an errand and drop what was given."""
    values = {"told": told, "made": made, "given": None}
    connection.execute(update(errand).where(errand.c.id == errand_id).values(values))


def take(connection: Connection, errand_id: str) -> Done | None:
    """Return what came of an errand, None when nothing did; whatever is left of it is dropped."""
    taken = delete(errand).where(errand.c.id == errand_id).returning(errand.c.told, errand.c.made)
    row = connection.execute(taken).mappings().first()
    return Done.of(row) if row and row["told"] is not None else None

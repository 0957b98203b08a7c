"""First readings (première lecture): when somebody of the employer first read each document, for agents."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from models.labels import CaseEvent
from models.store.cases import requests
from models.store.cases.documents import DocumentRecord
from models.store.database import case_now
from models.store.journal import events
from models.store.journal.events import Actor
from models.store.schema.accounts import reading
from models.store.schema.journal import document


def record(connection: Connection, opened: DocumentRecord, actor: Actor) -> None:
    """Record the first reading of a document; of two readers at once, only one is recorded."""
    if connection.execute(select(reading.c.read_at).where(reading.c.document_id == opened.id)).first():
        return
    requests.get(connection, opened.reference, hold=True)
    at = case_now(connection, opened.reference)
    row = {"document_id": opened.id, "account_id": actor.account_id, "read_at": at}
    written = insert(reading).values(row).on_conflict_do_nothing().returning(reading.c.document_id)
    if connection.execute(written).first():
        events.append(connection, opened.reference, CaseEvent.DOCUMENT_READ, at, actor, document=opened.id)


def first_reading_by_document(connection: Connection, reference: str) -> dict[str, datetime]:
    """Return when each document of a case was first read, by document id."""
    return {row.document_id: row.read_at for row in connection.execute(_READ, {"of": reference})}


_READ = (
    select(reading.c.document_id, reading.c.read_at)
    .join(document, document.c.id == reading.c.document_id)
    .where(document.c.reference == bindparam("of"))
)

"""First readings (première lecture): when the employer’s side first read each document; shown to agents."""

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


def read(connection: Connection, record: DocumentRecord, actor: Actor) -> None:
    """Record that a document is read, the first time; two readers at once are one."""
    if connection.execute(select(reading.c.read_at).where(reading.c.document_id == record.id)).first():
        return
    requests.get(connection, record.reference, hold=True)
    at = case_now(connection, record.reference)
    row = {"document_id": record.id, "account_id": actor.account_id, "read_at": at}
    written = insert(reading).values(row).on_conflict_do_nothing().returning(reading.c.document_id)
    if connection.execute(written).first():
        events.append(connection, record.reference, CaseEvent.DOCUMENT_READ, at, actor, document=record.id)


def first_reading_by_document(connection: Connection, reference: str) -> dict[str, datetime]:
    """Documents of a case that were read, and since when."""
    return {row.document_id: row.read_at for row in connection.execute(_READ, {"of": reference})}


_READ = (
    select(reading.c.document_id, reading.c.read_at)
    .join(document, document.c.id == reading.c.document_id)
    .where(document.c.reference == bindparam("of"))
)

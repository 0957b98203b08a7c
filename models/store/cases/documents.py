"""Sealed documents: stored once by business key, readable by the employer once published."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from models.errors import Unknown
from models.identifiers import Instant, Message
from models.store.people import enrolments
from models.store.records import Record
from models.store.schema.journal import document


class DocumentRecord(Record):
    """A sealed document, without its bytes."""

    id: str
    reference: str
    kind: str
    subject: str
    number: str
    sha256: str
    signed_at: Instant
    published_at: Instant | None


COLUMNS = tuple(document.c[name] for name in DocumentRecord.model_fields)


class Sealed(Message):
    """A signed document to store."""

    reference: str
    kind: str
    subject: str = ""
    """What the document is about when a case has several of a kind: decision id, receipt version…"""
    number: str
    sha256: str
    bytes: bytes
    signed_at: datetime


def store(connection: Connection, sealed: Sealed) -> DocumentRecord:
    """Store a document unless one with its business key exists; returns the stored document, unpublished."""
    connection.execute(insert(document).values(sealed.model_dump()).on_conflict_do_nothing())
    stored = find(connection, sealed.reference, sealed.kind, sealed.subject)
    if stored is None:
        raise Unknown(sealed.kind)
    return stored


def find(connection: Connection, reference: str, kind: str, subject: str = "") -> DocumentRecord | None:
    """Return a document by its business key, or None."""
    query = select(*COLUMNS).where(
        document.c.reference == reference, document.c.kind == kind, document.c.subject == subject
    )
    return DocumentRecord.first(connection, query)


def publish(connection: Connection, reference: str, subject: str, at: datetime) -> None:
    """Make the documents about `subject` readable in the employer's space from `at` on."""
    connection.execute(
        update(document)
        .where(
            document.c.reference == reference,
            document.c.subject == subject,
            document.c.published_at.is_(None),
        )
        .values(published_at=at)
    )


def list_of(connection: Connection, reference: str, *, published_only: bool) -> list[DocumentRecord]:
    """Return the documents of a case in order of signature, those of one second in order of storage.

    An employer sees the published ones only.
    """
    return DocumentRecord.all(connection, _PUBLISHED if published_only else _ALL, {"of": reference})


_ALL = select(*COLUMNS).where(document.c.reference == bindparam("of")).order_by(document.c.signed_at, document.c.id)
_PUBLISHED = _ALL.where(document.c.published_at.is_not(None))


def content(connection: Connection, document_id: str) -> bytes:
    """Return the signed bytes of a document."""
    stored: bytes = connection.execute(select(document.c.bytes).where(document.c.id == document_id)).scalar_one()
    return stored


def find_case_of_digest(connection: Connection, sha256: str) -> str | None:
    """Return the reference of the case, or SIRET of the enrolment, whose document has this digest; or None."""
    reference: str | None = connection.execute(select(document.c.reference).where(document.c.sha256 == sha256)).scalar()
    return reference or enrolments.find_holder(connection, sha256)

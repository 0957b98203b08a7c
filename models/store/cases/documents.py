"""Sealed documents: stored once by business key, readable by the employer once published."""

from collections.abc import Set
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from models.errors import Unknown
from models.identifiers import Instant, Message
from models.labels import DocumentKind
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
    """That of the case, which the paying agency knows an authorization by."""
    serial: str | None
    """The document's own; None for those of earlier releases."""
    sha256: str
    signed_at: Instant
    published_at: Instant | None

    @property
    def own_number(self) -> str:
        """The number that the document bears."""
        return self.serial or self.number


COLUMNS = tuple(document.c[name] for name in DocumentRecord.model_fields)


class Sealed(Message):
    """A signed document to store; with `claim_id`, that of a claim."""

    reference: str
    claim_id: str | None = None
    kind: str
    subject: str = ""
    """What the document is about when a case has several of a kind: decision id, receipt version…"""
    number: str
    serial: str | None = None
    code_digest: bytes | None = None
    sha256: str
    bytes: bytes
    signed_at: datetime


class PrintedDocument(Record):
    """What the code printed on a document tells anybody: nothing that names a person."""

    kind: str
    number: str
    department: str
    signed_at: Instant


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


def count_of_kind(connection: Connection, reference: str, kind: str) -> int:
    """Return how many documents of a kind a case has."""
    mine = (document.c.reference == reference, document.c.kind == kind)
    return int(connection.execute(select(func.count()).select_from(document).where(*mine)).scalar_one())


def find_by_code(connection: Connection, digest: bytes) -> PrintedDocument | None:
    """Return what bears a code, by its digest; None for an unknown one and for what was never published alike."""
    return PrintedDocument.first(connection, _BY_CODE, {"digest": digest})


_BY_CODE = text(
    "SELECT d.kind, coalesce(d.serial, d.number) AS number, r.department, d.signed_at"
    " FROM document d JOIN request r USING (reference) WHERE d.code_digest = :digest AND d.published_at IS NOT NULL"
    " UNION ALL SELECT :receipt, e.receipt_serial, e.department, e.sealed_at FROM enrolment e"
    " WHERE e.receipt_code = :digest AND e.receipt IS NOT NULL"
).bindparams(receipt=DocumentKind.ENROLMENT_RECEIPT.value)


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


def list_with_receipt(connection: Connection, references: Set[str]) -> frozenset[str]:
    """Return those of some cases whose receipt is published."""
    found = _WITH_RECEIPT.where(document.c.reference.in_(references))
    return frozenset(connection.execute(found).scalars())


_WITH_RECEIPT = select(document.c.reference).where(document.c.kind == "receipt", document.c.published_at.is_not(None))


def content(connection: Connection, document_id: str) -> bytes:
    """Return the signed bytes of a document."""
    stored: bytes = connection.execute(select(document.c.bytes).where(document.c.id == document_id)).scalar_one()
    return stored


def find_case_of_digest(connection: Connection, sha256: str) -> str | None:
    """Return the reference of the case, or SIRET of the enrolment, of a published document; None for no such."""
    found = select(document.c.reference).where(document.c.sha256 == sha256, document.c.published_at.is_not(None))
    reference: str | None = connection.execute(found).scalar()
    return reference or enrolments.find_holder(connection, sha256)

"""Files uploaded by employers, and documents to verify."""

from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select, text, update

from models.store.tables import file
from models.store.traces import verification
from models.values import Message


class StoredFile(Message):
    """An uploaded file, without its bytes."""

    id: str
    sha256: str
    media_type: str
    size: int


def add(connection: Connection, account_id: str, media_type: str, content: bytes) -> StoredFile:
    """Keep a file of an account."""
    digest = sha256(content).hexdigest()
    row = {"account_id": account_id, "sha256": digest, "media_type": media_type, "bytes": content}
    created: str = connection.execute(insert(file).values(row).returning(file.c.id)).scalar_one()
    return StoredFile(id=created, sha256=digest, media_type=media_type, size=len(content))


def find(connection: Connection, account_id: str, file_id: str) -> StoredFile | None:
    """Return a file that this account uploaded, or None: foreign and unknown alike."""
    row = connection.execute(
        select(file.c.id, file.c.sha256, file.c.media_type, text("octet_length(bytes) AS size")).where(
            file.c.id == file_id, file.c.account_id == account_id
        )
    ).first()
    return StoredFile(id=row.id, sha256=row.sha256, media_type=row.media_type, size=row.size) if row else None


def content(connection: Connection, file_id: str) -> bytes:
    """Return a file's bytes."""
    kept: bytes = connection.execute(select(file.c.bytes).where(file.c.id == file_id)).scalar_one()
    return kept


def submit(connection: Connection, content: bytes) -> str:
    """Hold an uploaded document until it is verified; returns the verification's id."""
    connection.execute(delete(verification).where(text("created_at < clock_timestamp() - interval '1 hour'")))
    created: str = connection.execute(
        insert(verification).values(bytes=content).returning(verification.c.id)
    ).scalar_one()
    return created


def submitted(connection: Connection, verification_id: str) -> bytes | None:
    """Return the bytes of a document to verify; None once it is verified, or dropped after an hour."""
    kept: bytes | None = connection.execute(
        select(verification.c.bytes).where(verification.c.id == verification_id)
    ).scalar()
    return kept


def verified(connection: Connection, verification_id: str, result: dict[str, object]) -> None:
    """Keep the result of a verification and drop the bytes."""
    connection.execute(
        update(verification).where(verification.c.id == verification_id).values(result=result, bytes=None)
    )


def result(connection: Connection, verification_id: str) -> dict[str, object] | None:
    """Return the result of a verification, or None while it runs."""
    found: dict[str, object] | None = connection.execute(
        select(verification.c.result).where(verification.c.id == verification_id)
    ).scalar_one()
    return found

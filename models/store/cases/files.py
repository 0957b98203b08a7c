"""Files uploaded by employers."""

from hashlib import sha256

from sqlalchemy import Connection, insert, select, text

from models.identifiers import Message
from models.store.schema.cases import file


class StoredFile(Message):
    """An uploaded file, without its bytes."""

    id: str
    sha256: str
    media_type: str
    size: int


def add(connection: Connection, account_id: str, media_type: str, content: bytes) -> StoredFile:
    """Store a file of an account."""
    digest = sha256(content).hexdigest()
    row = {"account_id": account_id, "sha256": digest, "media_type": media_type, "bytes": content}
    created: str = connection.execute(insert(file).values(row).returning(file.c.id)).scalar_one()
    return StoredFile(id=created, sha256=digest, media_type=media_type, size=len(content))


def find(connection: Connection, account_id: str, file_id: str) -> StoredFile | None:
    """Return a file that this account uploaded; None for an unknown one and for another account's alike."""
    row = connection.execute(
        select(file.c.id, file.c.sha256, file.c.media_type, text("octet_length(bytes) AS size")).where(
            file.c.id == file_id, file.c.account_id == account_id
        )
    ).first()
    return StoredFile(id=row.id, sha256=row.sha256, media_type=row.media_type, size=row.size) if row else None


def content(connection: Connection, file_id: str) -> bytes:
    """Return a file's bytes."""
    content: bytes = connection.execute(select(file.c.bytes).where(file.c.id == file_id)).scalar_one()
    return content

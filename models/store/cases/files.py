"""Files uploaded by employers and agents, and the cases that cite them."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, bindparam, insert, or_, select, text, union

from models.identifiers import Message
from models.store.database import Database
from models.store.records import Record
from models.store.schema.cases import completion, file, opinion, request
from models.store.schema.messages import message
from models.store.schema.quota_exceptions import quota_exception
from models.store.schema.search import CITED_FILES

CHUNK_BYTES: Final = 256 * 1024
"""Bytes of a file read at once: what one reader keeps in memory, however slow."""


class StoredFile(Message):
    """An uploaded file, without its bytes."""

    id: str
    sha256: str
    media_type: str
    size: int


class FileRecord(Record):
    """An uploaded file and the account that sent it."""

    id: str
    account_id: str
    sha256: str
    media_type: str
    size: int

    @property
    def stored(self) -> StoredFile:
        """The file, without its sender."""
        return StoredFile.model_validate(self.model_dump(exclude={"account_id"}))


def add(connection: Connection, account_id: str, media_type: str, content: bytes) -> StoredFile:
    """Store a file of an account."""
    digest = sha256(content).hexdigest()
    row = {"account_id": account_id, "sha256": digest, "media_type": media_type, "bytes": content}
    created: str = connection.execute(insert(file).values(row).returning(file.c.id)).scalar_one()
    return StoredFile(id=created, sha256=digest, media_type=media_type, size=len(content))


def find(connection: Connection, account_id: str, file_id: str, *, hold: bool = False) -> StoredFile | None:
    """Return a file that this account uploaded; None for an unknown one and for another account's alike.

    With `hold` it is not dropped before the end of the transaction, which cites it.
    """
    query = _FILES.where(file.c.id == file_id)
    record = FileRecord.first(connection, query.with_for_update(key_share=True, read=True) if hold else query)
    return record.stored if record and record.account_id == account_id else None


def find_any(connection: Connection, file_id: str) -> FileRecord | None:
    """Return a file, whoever sent it, or None; whether a caller may see it is not judged here."""
    return FileRecord.first(connection, _FILES.where(file.c.id == file_id))


_FILES = select(file.c.id, file.c.account_id, file.c.sha256, file.c.media_type, text("octet_length(bytes) AS size"))


def list_of(connection: Connection, ids: Sequence[str]) -> list[StoredFile]:
    """Return files by their ids, without their bytes."""
    found = FileRecord.all(connection, _FILES.where(file.c.id.in_(ids))) if ids else []
    return [each.stored for each in found]


def list_citing(connection: Connection, file_id: str) -> list[str]:
    """Return the references of the cases that cite a file: as an opinion, a scan or a piece, in a message, or as
    the decision that raises a quota of hours for them.

    A draft does not count: whoever writes one may put any id into it.
    """
    return list(connection.execute(_CITING, {"file": file_id}).scalars())


_IS_ABOUT = (quota_exception.c.siret == request.c.siret) & or_(
    quota_exception.c.reference.is_(None), quota_exception.c.reference == request.c.reference
)
_CITING = union(
    select(opinion.c.reference).where(opinion.c.file_id == bindparam("file")),
    select(request.c.reference).where(request.c.scan_id == bindparam("file")),
    select(request.c.reference).join(quota_exception, _IS_ABOUT).where(quota_exception.c.file_id == bindparam("file")),
    select(completion.c.reference).where(text(f"{CITED_FILES} @> to_jsonb(CAST(:file AS text))")),
    select(message.c.reference).where(
        text("message.files @> to_jsonb(CAST(:file AS text)) AND message.files <> '[]'::jsonb")
    ),
).order_by("reference")


def list_filed(connection: Connection, reference: str) -> list[StoredFile]:
    """Return the files of a case, oldest first: opinions, pieces, the scan of a request on paper."""
    return [each.stored for each in FileRecord.all(connection, _FILED, {"of": reference})]


_FILED = _FILES.where(
    text(
        "file.id IN (SELECT file_id FROM opinion WHERE reference = :of AND file_id IS NOT NULL"
        " UNION SELECT scan_id FROM request WHERE reference = :of AND scan_id IS NOT NULL"
        " UNION SELECT (piece ->> 'file')::uuid FROM completion, jsonb_path_query(supplied, '$.*') piece"
        "   WHERE reference = :of AND piece ->> 'file' IS NOT NULL)"
    )
).order_by(file.c.id)


def read(database: Database, file_id: str, size: int) -> Iterator[bytes]:
    """Yield the bytes of a file, each part in a transaction of its own: a slow reader holds no connection."""
    for start in range(0, size, CHUNK_BYTES):
        with database.begin() as connection:
            part = {"of": file_id, "start": start + 1, "length": CHUNK_BYTES}
            content: bytes = connection.execute(_PART, part).scalar_one()
        yield content


_PART = text("SELECT substr(bytes, :start, :length) FROM file WHERE id = CAST(:of AS uuid)")

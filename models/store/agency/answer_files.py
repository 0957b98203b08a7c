"""Files of answers of the paying agency: seen, applied, or set aside after some tries; each by its bytes, once."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, select, text, update
from sqlalchemy.dialects.postgresql import insert

from models.agency_answers import AnswerFault
from models.claim_labels import AnswerFileState
from models.engine.keys import MasterKey, seal, unseal
from models.engine.names import answers_id
from models.errors import Unknown
from models.identifiers import Instant
from models.store.agency import channels
from models.store.journal import keys
from models.store.journal.events import SYSTEM
from models.store.records import Record
from models.store.schema.agency import agency_file

MAX_TRIES: Final = 3
"""Runs that try a file before it is set aside."""
MAX_LISTED: Final = 100


class AnswerFileRecord(Record):
    """A file of answers, without its bytes."""

    id: str
    channel: str
    name: str
    sha256: str
    state: AnswerFileState
    tries: int
    reason: str | None
    seen_at: Instant
    ended_at: Instant | None

    @property
    def fault(self) -> AnswerFault | None:
        """Why it was not applied the last time."""
        return AnswerFault.of(self.reason) if self.reason else None


def note(connection: Connection, channel: str, name: str, content: bytes, master: MasterKey) -> AnswerFileRecord:
    """Keep a file that was read at the agency, once; returns it with its state, locked.

    Its bytes repeat our rows, with names and numbers of accounts, and may say anything of anybody: they are sealed.
    """
    digest = sha256(content).hexdigest()
    sealed = seal(_cipher(connection, channel, master), content, digest.encode())
    return _note(connection, {"channel": channel, "name": name, "sha256": digest, "bytes": sealed})


def _cipher(connection: Connection, channel: str, master: MasterKey) -> AESGCM:
    """Return the cipher of the files of a channel, under the key of the process that reads them."""
    return AESGCM(keys.get(connection, answers_id(channel), master))


def note_unread(connection: Connection, channel: str, name: str, size: int) -> AnswerFileRecord:
    """Keep the trace of a file too large to be read, by its name and size; its bytes stay at the agency."""
    digest = sha256(f"{name}|{size}".encode()).hexdigest()
    return _note(connection, {"channel": channel, "name": name, "sha256": digest})


def _note(connection: Connection, row: Mapping[str, object]) -> AnswerFileRecord:
    connection.execute(insert(agency_file).values(row).on_conflict_do_nothing())
    named = (agency_file.c[key] == row[key] for key in ("channel", "name", "sha256"))
    query = select(agency_file).where(*named).with_for_update()
    found = AnswerFileRecord.first(connection, query)
    assert found is not None  # noqa: S101 -- inserted above, and never deleted
    return found


def fail(connection: Connection, file_id: str, fault: AnswerFault, rows: Sequence[int] = ()) -> AnswerFileState:
    """Count a try that failed, for some rows or the whole file; the last one sets it aside, with an event of it."""
    row = connection.execute(_FAIL, {"id": file_id, "fault": fault, "most": MAX_TRIES}).mappings().one()
    if row["state"] == AnswerFileState.QUARANTINED:
        data = {"file": file_id, "name": str(row["name"]), "fault": fault.value}
        data |= {"rows": " ".join(map(str, rows))} if rows else {}
        channels.tell(connection, str(row["channel"]), "answer_quarantined", SYSTEM, **data)
    return AnswerFileState.of(str(row["state"]))


def end(connection: Connection, file_id: str, state: AnswerFileState) -> None:
    """Mark a file as applied, replayed or discarded."""
    values = {"state": state, "ended_at": text("clock_timestamp()")}
    connection.execute(update(agency_file).where(agency_file.c.id == file_id).values(values))


def hold(connection: Connection, file_id: str) -> AnswerFileRecord:
    """Lock a file and return it; raises `Unknown`."""
    found = AnswerFileRecord.first(connection, select(agency_file).where(agency_file.c.id == file_id).with_for_update())
    if found is None:
        raise Unknown(file_id)
    return found


def content(connection: Connection, file: AnswerFileRecord, master: MasterKey) -> bytes | None:
    """Return the bytes of a file, opened; None of one that was too large to be kept. Raises `InvalidTag` if altered."""
    query = select(agency_file.c.bytes).where(agency_file.c.id == file.id)
    sealed: bytes | None = connection.execute(query).scalar_one()
    return unseal(_cipher(connection, file.channel, master), sealed, file.sha256.encode()) if sealed else None


def is_kept(connection: Connection, channel: str, name: str, digest: str) -> bool:
    """Whether these very bytes are applied or set aside here: the agency need not keep them."""
    row = {"channel": channel, "name": name, "sha256": digest, "seen": AnswerFileState.SEEN}
    return connection.execute(_KEPT, row).first() is not None


def list_names_left(connection: Connection, channel: str) -> frozenset[str]:
    """Return the names of files that stay at the agency for good: too large, they were set aside unread."""
    ended = (agency_file.c.channel == channel, agency_file.c.bytes.is_(None), agency_file.c.ended_at.is_not(None))
    return frozenset(connection.execute(select(agency_file.c.name).where(*ended)).scalars())


def list_quarantined(connection: Connection) -> list[AnswerFileRecord]:
    """Return the files that are set aside, the oldest first."""
    query = select(agency_file).where(agency_file.c.state == AnswerFileState.QUARANTINED)
    return AnswerFileRecord.all(connection, query.order_by(agency_file.c.seen_at, agency_file.c.id).limit(MAX_LISTED))


_FAIL = text(
    "UPDATE agency_file SET tries = tries + 1, reason = :fault,"
    " state = CASE WHEN tries + 1 >= :most THEN 'quarantined' ELSE state END,"
    " ended_at = CASE WHEN tries + 1 >= :most THEN clock_timestamp() END"
    " WHERE id = CAST(:id AS uuid) AND state = 'seen' RETURNING state, channel, name"
)
_KEPT = text(
    "SELECT FROM agency_file WHERE channel = :channel AND name = :name AND sha256 = :sha256 AND state <> :seen"
    " AND bytes IS NOT NULL"
)

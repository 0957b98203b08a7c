"""Nominal files of claims, enveloped for the paying agency: made once, before the signature that states their digest.

The bytes are kept until the agency has answered or the claim ends otherwise, so that a repeated put is the same file;
then the digest alone stays.
"""

from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from models.store.records import Record
from models.store.schema.claims import claim_file


class NominalFile(Record):
    """A nominal file that a deposit refers to, and which claim it is of."""

    claim_id: str
    sha256: str


def find_digest(connection: Connection, claim_id: str) -> str | None:
    """Return the digest of the nominal file of a claim, None until it is made."""
    digest: str | None = connection.execute(_DIGEST, {"id": claim_id}).scalar()
    return digest


def keep(connection: Connection, claim_id: str, content: bytes) -> None:
    """Keep the nominal file of a claim, unless one was made before."""
    row = {"claim_id": claim_id, "sha256": sha256(content).hexdigest(), "bytes": content}
    connection.execute(insert(claim_file).values(row).on_conflict_do_nothing())


def list_unput(connection: Connection, deposit_uuid: str) -> list[NominalFile]:
    """Return the nominal files of a deposit that were not put yet, in the order of its lines."""
    return NominalFile.all(connection, _UNPUT, {"deposit": deposit_uuid})


def content(connection: Connection, claim_id: str) -> bytes:
    """Return the bytes of a nominal file; none once they are dropped."""
    kept: bytes = connection.execute(_BYTES, {"id": claim_id}).scalar_one()
    return kept


def mark_put(connection: Connection, claim_id: str) -> None:
    """Mark a nominal file as put."""
    connection.execute(_MARK, {"id": claim_id})


def put_again(connection: Connection, deposit_uuid: str) -> None:
    """Have the nominal files of a deposit whose bytes are kept put once more: the agency may have lost them."""
    connection.execute(_PUT_AGAIN, {"deposit": deposit_uuid})


def drop(connection: Connection, claim_id: str) -> None:
    """Drop the bytes of a nominal file that nobody puts any more: the agency answered, or the claim never leaves."""
    connection.execute(_DROP, {"id": claim_id})


_DIGEST: Final = text("SELECT sha256 FROM claim_file WHERE claim_id = CAST(:id AS uuid)")
_UNPUT: Final = text(
    "SELECT w.claim_id::text AS claim_id, f.sha256 FROM deposit_row w JOIN claim_file f ON f.claim_id = w.claim_id"
    " WHERE w.deposit_id = CAST(:deposit AS uuid) AND f.put_at IS NULL ORDER BY w.line"
)
_BYTES: Final = text("SELECT bytes FROM claim_file WHERE claim_id = CAST(:id AS uuid)")
_MARK: Final = text(
    "UPDATE claim_file SET put_at = clock_timestamp() WHERE claim_id = CAST(:id AS uuid) AND put_at IS NULL"
)
_PUT_AGAIN: Final = text(
    "UPDATE claim_file f SET put_at = NULL FROM deposit_row w"
    " WHERE w.deposit_id = CAST(:deposit AS uuid) AND w.claim_id = f.claim_id AND f.bytes <> ''"
)
# An answer proves that the file was put, also by a program that died before it marked it.
_DROP: Final = text(
    "UPDATE claim_file f SET bytes = '', put_at = CASE WHEN EXISTS (SELECT FROM deposit_row w WHERE w.claim_id ="
    " f.claim_id AND w.deposit_id IS NOT NULL) THEN coalesce(f.put_at, clock_timestamp()) ELSE f.put_at END"
    " WHERE f.claim_id = CAST(:id AS uuid)"
)

"""Nominal files of claims, enveloped for the paying agency: made once, so that a repeated put is the same bytes."""

from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from models.store.agency.channels import CLAIMS
from models.store.cases import holds
from models.store.records import Record
from models.store.schema.claims import claim_file


class NominalFile(Record):
    """A nominal file that a deposit refers to, and which claim it is of."""

    claim_id: str
    sha256: str


def list_missing(connection: Connection, limit: int) -> list[str]:
    """Return the claims that wait for the agency without their nominal file, the oldest first."""
    return [str(each) for each in connection.execute(_MISSING, {"limit": limit}).scalars()]


def keep(connection: Connection, claim_id: str, content: bytes) -> None:
    """Keep the nominal file of a claim, unless one was made before."""
    row = {"claim_id": claim_id, "sha256": sha256(content).hexdigest(), "bytes": content}
    connection.execute(insert(claim_file).values(row).on_conflict_do_nothing())


def list_unput(connection: Connection, deposit_uuid: str) -> list[NominalFile]:
    """Return the nominal files of a deposit that were not put yet, in the order of its lines."""
    return NominalFile.all(connection, _UNPUT, {"deposit": deposit_uuid})


def content(connection: Connection, claim_id: str) -> bytes:
    """Return the bytes of a nominal file."""
    kept: bytes = connection.execute(_BYTES, {"id": claim_id}).scalar_one()
    return kept


def mark_put(connection: Connection, claim_id: str) -> None:
    """Mark a nominal file as put."""
    connection.execute(_MARK, {"id": claim_id})


_MISSING: Final = text(
    "SELECT w.claim_id FROM deposit_row w JOIN claim c ON c.id = w.claim_id"  # noqa: S608  our own text
    " WHERE w.channel = :channel AND w.deposit_id IS NULL AND c.state = 'signed'"
    " AND NOT EXISTS (SELECT FROM claim_file f WHERE f.claim_id = w.claim_id)"
    f" AND NOT EXISTS (SELECT {holds.HOLDS_CLAIMS.format('w.reference')})"
    " ORDER BY w.created_at, w.key LIMIT :limit"
).bindparams(channel=CLAIMS)
_UNPUT: Final = text(
    "SELECT w.claim_id::text AS claim_id, f.sha256 FROM deposit_row w JOIN claim_file f ON f.claim_id = w.claim_id"
    " WHERE w.deposit_id = CAST(:deposit AS uuid) AND f.put_at IS NULL ORDER BY w.line"
)
_BYTES: Final = text("SELECT bytes FROM claim_file WHERE claim_id = CAST(:id AS uuid)")
_MARK: Final = text(
    "UPDATE claim_file SET put_at = clock_timestamp() WHERE claim_id = CAST(:id AS uuid) AND put_at IS NULL"
)

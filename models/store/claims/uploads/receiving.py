"""A file of a claim arrives: its row, with its sealed bytes, and the message that has it read."""

from datetime import date, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, insert, select, text

from models.engine.names import upload_process
from models.errors import Conflict
from models.store.claims.circumstances import Stated
from models.store.claims.uploads import profiles
from models.store.claims.uploads.sealing import SealedFile
from models.store.database import now
from models.store.journal import outbox
from models.store.schema.base import NEW_ID
from models.store.schema.uploads import upload

KEPT: Final = timedelta(days=1)
"""How long the bytes of a file are kept unless its claim is submitted before."""
BEING_READ: Final = (
    "Un fichier de cet établissement est encore en cours de lecture : envoyez le suivant dès qu’il est lu."
)


class ClaimedMonth(NamedTuple):
    """What a file claims: the authorization, the month (its first day), its part, and what is said beside the file."""

    reference: str
    siret: str
    party: str | None
    month: date
    part: int
    stated: Stated = Stated()


def new_id(connection: Connection) -> str:
    """Draw the id of a file, to which its bytes are bound before its row exists."""
    drawn: str = connection.execute(select(NEW_ID)).scalar_one()
    return str(drawn)


def hold_establishment(connection: Connection, siret: str) -> None:
    """Make whoever sends a file of an establishment, or states its profile, wait for the end of the transaction."""
    connection.execute(_HOLD, {"siret": siret})


def require_none_being_read(connection: Connection, siret: str, party: str | None) -> None:
    """Raise `Conflict` while a file of a party of an establishment is being read."""
    if connection.execute(_BEING_READ, {"siret": siret, "party": party}).first() is not None:
        raise Conflict("upload-being-read", BEING_READ)


def add(connection: Connection, account_id: str, claimed: ClaimedMonth, file: SealedFile) -> str:
    """Store a file and have it read with the last profile of its party; raises `Conflict`."""
    hold_establishment(connection, claimed.siret)
    require_none_being_read(connection, claimed.siret, claimed.party)
    profile = profiles.find_last(connection, claimed.siret, claimed.party)
    row = {
        "id": file.upload_id,
        "reference": claimed.reference,
        "account_id": account_id,
        "month": claimed.month,
        "part": claimed.part,
        **claimed.stated._asdict(),
        "sealed": file.sealed,
        "size": file.size,
        "digest": file.digest,
        "profile": profile.name if profile else None,
        "profile_version": profile.version if profile else None,
        "expires_at": now(connection) + KEPT,
    }
    connection.execute(insert(upload).values(row))
    outbox.enqueue(connection, upload_process(file.upload_id), "start")
    return file.upload_id


_HOLD = text("SELECT FROM establishment WHERE siret = :siret FOR NO KEY UPDATE")
_BEING_READ = text(
    "SELECT FROM upload u JOIN request r USING (reference) WHERE r.siret = :siret"
    " AND r.party IS NOT DISTINCT FROM CAST(:party AS uuid) AND u.state IN ('received', 'reading')"
)

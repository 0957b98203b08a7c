"""How a file of a claim ends: its claim is submitted, or a day passes. Nothing of its content stays with it."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, null, select, update

from models.claim_files import line_warnings
from models.claim_files.line_warnings import Warned
from models.claim_labels import UploadState
from models.engine.names import upload_process
from models.errors import Conflict
from models.store.claims import staging
from models.store.claims.uploads import records
from models.store.claims.uploads.records import OVER, UploadRecord
from models.store.journal import outbox
from models.store.schema.base import NEW_SALT, NOW
from models.store.schema.uploads import upload, upload_error

NOT_READ: Final = "Ce fichier n’a pas été lu sans erreur : sa demande ne peut pas encore être déposée."
NO_WEEKS: Final = (
    "Ce fichier ne donne pas les heures de chaque semaine (une DSN ne les dit pas) : complétez-les, puis déposez les "
    "lignes."
)
NO_HOURS: Final = "Ce fichier ne demande aucune heure chômée : il n’y a rien à déposer."
ENDED: Final = "Ce fichier a déjà été déposé, ou a été effacé : envoyez-le de nouveau."
_EMPTY: Final[dict[str, object]] = {
    "errors": 0,
    "warnings": 0,
    "people": None,
    "hours": None,
    "allowance_cents": None,
    "headers": [],
    "warned": null(),
    "refusal": None,
    "claim_id": None,
}
_NO_BYTES: Final[dict[str, object]] = {"sealed": None, "digest": NEW_SALT}
"""Random bytes take the place of the digest: from it a short file could be guessed."""


class Submitted(NamedTuple):
    """A claim that is staged, and what the check of its lines found worth a look."""

    claim_id: str
    warned: tuple[Warned, ...]


def take_for_submission(connection: Connection, upload_id: str, account_id: str) -> Submitted:
    """Return the claim staged of a file, whose bytes are dropped in this transaction; it can be taken once.

    Whoever may file for the establishment may submit what a colleague sent: the caller has judged that, `account_id` is
    recorded with the claim by the admission. Raises `Unknown` and `Conflict`.
    """
    standing = records.hold(connection, upload_id)
    if standing.state in OVER:
        raise Conflict("upload-ended", ENDED)
    if standing.state is not UploadState.READ:
        raise Conflict("upload-not-read", NOT_READ)
    if standing.claim_id is None:
        raise Conflict("upload-not-read", NO_WEEKS if standing.allowance_cents is None else NO_HOURS)
    warned = _warned(connection, standing)
    _drop_faults(connection, upload_id)
    row = {"state": UploadState.SUBMITTED, "headers": [], "warned": null()} | _NO_BYTES
    connection.execute(update(upload).where(upload.c.id == upload_id).values(row))
    outbox.enqueue(connection, upload_process(upload_id), "look")
    return Submitted(standing.claim_id, warned)


def _warned(connection: Connection, standing: UploadRecord) -> tuple[Warned, ...]:
    """Return what agents are told of the warnings of a file; of one read before this was kept, of those listed."""
    if standing.warned is not None:
        return line_warnings.of_data(standing.warned)
    listed = records.list_faults(connection, standing.id, warnings=True)
    return line_warnings.of_faults(each.fault for each in listed)


def forget(connection: Connection, upload_id: str) -> UploadState:
    """Drop a file that was not submitted: bytes, what was found in them, the claim staged. Return its state."""
    standing = records.hold(connection, upload_id)
    if standing.state in OVER:
        return standing.state
    drop_findings(connection, standing)
    row = {"state": UploadState.EXPIRED} | _NO_BYTES
    connection.execute(update(upload).where(upload.c.id == upload_id).values(row))
    return UploadState.EXPIRED


def forget_due(connection: Connection) -> int:
    """Forget every file whose day has passed, whatever became of its process; returns how many."""
    due = connection.execute(_DUE).scalars().all()
    for upload_id in due:
        forget(connection, upload_id)
    return len(due)


def drop_findings(connection: Connection, standing: UploadRecord) -> None:
    """Drop what was found in a file, and the claim staged of it. The caller holds the file."""
    _drop_faults(connection, standing.id)
    connection.execute(update(upload).where(upload.c.id == standing.id).values(_EMPTY))
    if standing.claim_id is not None:
        staging.drop(connection, [standing.claim_id])


def _drop_faults(connection: Connection, upload_id: str) -> None:
    connection.execute(delete(upload_error).where(upload_error.c.upload_id == upload_id))


_DUE = select(upload.c.id).where(upload.c.expires_at < NOW, upload.c.state.not_in(OVER)).order_by(upload.c.id)

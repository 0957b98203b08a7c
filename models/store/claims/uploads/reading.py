"""A file of a claim is read: every attempt begins at its first line, and what one attempt found counts once."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from sqlalchemy import Connection, insert, select, update

from law.amounts import to_cents
from models.claim_files import line_warnings
from models.claim_files.check import CheckedFile
from models.claim_files.claim import Claim
from models.claim_files.discretion import code_or_kind, value_or_kind
from models.claim_files.faults import OF_CODES, OF_IDENTITY, Fault
from models.claim_files.profile import ImportProfile, ReadingContext
from models.claim_files.reading import unread_sentence
from models.claim_labels import UploadState
from models.engine.keys import MasterKey
from models.engine.names import authorization_id, upload_process
from models.errors import Conflict
from models.store.cases import authorizations
from models.store.claims import circumstances
from models.store.claims.circumstances import Stated
from models.store.claims.uploads import ending, profiles, records
from models.store.claims.uploads.receiving import BEING_READ
from models.store.claims.uploads.records import OVER, UNREAD, UploadRecord
from models.store.claims.uploads.sealing import open_sealed
from models.store.journal import keys, outbox
from models.store.schema.uploads import upload, upload_error

MAX_PROFILES: Final = 20
"""Times that the columns of a file may be named otherwise: each time, a worker reads it whole."""
TOO_MANY: Final = "Les colonnes de ce fichier ont été indiquées trop de fois : envoyez-le de nouveau."


class OpenedFile(NamedTuple):
    """A file in clear, and what it is read and checked against."""

    content: bytes
    context: ReadingContext
    claim: Claim


def begin(connection: Connection, upload_id: str) -> UploadRecord:
    """Begin an attempt: drop whatever an earlier one left. A file that needs no reading is returned as it is."""
    standing = records.hold(connection, upload_id)
    if standing.state not in UNREAD:
        return standing
    ending.drop_findings(connection, standing)
    row = {"state": UploadState.READING, "lines": 0, "read": 0}
    connection.execute(update(upload).where(upload.c.id == upload_id).values(row))
    return records.get(connection, upload_id)


def open_file(connection: Connection, standing: UploadRecord, master: MasterKey) -> OpenedFile:
    """Unseal a file, and gather what it is checked against.

    Raises `NotAuthorized`, `KeyDestroyed`, and `InvalidTag` if its bytes were changed.
    """
    case, terms = authorizations.get(connection, standing.reference)
    profile = None
    if standing.profile and standing.profile_version:
        profile = profiles.find(connection, case.siret, standing.profile, standing.profile_version)
    stated = Stated(standing.structural, standing.sector, standing.holidays_worked)
    claim = circumstances.of_terms(connection, case, terms, standing.month, stated)
    key = keys.get(connection, authorization_id(standing.reference), master)
    sealed = connection.execute(select(upload.c.sealed).where(upload.c.id == standing.id)).scalar_one()
    if sealed is None:
        raise Conflict("upload-ended", ending.ENDED)
    return OpenedFile(
        content=open_sealed(standing.id, sealed, key),
        context=circumstances.reading_context(case, claim).model_copy(update={"profile": profile}),
        claim=claim,
    )


def read_again(connection: Connection, upload_id: str, profile: ImportProfile) -> bool:
    """Have a file that was read read again with another profile; False if it was read with this one.

    The caller holds the establishment. Raises `Conflict` while the file is read, once it is not kept any more, or
    after too many profiles.
    """
    standing = records.hold(connection, upload_id)
    if standing.state in OVER:
        raise Conflict("upload-ended", ending.ENDED)
    if standing.state in UNREAD:
        raise Conflict("upload-being-read", BEING_READ)
    if (standing.profile, standing.profile_version) == (profile.name, profile.version):
        return False
    if profiles.count_since(connection, upload_id) > MAX_PROFILES:
        raise Conflict("too-many-profiles", TOO_MANY)
    ending.drop_findings(connection, standing)
    row = {"state": UploadState.RECEIVED, "profile": profile.name, "profile_version": profile.version}
    connection.execute(update(upload).where(upload.c.id == upload_id).values(row))
    outbox.enqueue(connection, upload_process(upload_id), "look")
    return True


def set_progress(connection: Connection, upload_id: str, read: int, lines: int) -> None:
    """Say how many lines are checked, of how many."""
    being_read = (upload.c.id == upload_id, upload.c.state == UploadState.READING)
    connection.execute(update(upload).where(*being_read).values(read=read, lines=lines))


def is_still_read(connection: Connection, attempt: UploadRecord) -> bool:
    """Whether what an attempt found is still wanted; if so, the file is locked until the end of the transaction."""
    standing = records.hold(connection, attempt.id)
    same = (standing.profile, standing.profile_version) == (attempt.profile, attempt.profile_version)
    return same and standing.state is UploadState.READING


def finish(connection: Connection, attempt: UploadRecord, found: CheckedFile, claim_id: str | None = None) -> None:
    """Store what was found in a file, and the claim staged of it. The caller holds a file that is still read."""
    rows = [*_rows(attempt.id, found.errors), *_rows(attempt.id, found.warnings, after=len(found.errors))]
    if rows:
        connection.execute(insert(upload_error), rows)
    row = {
        "state": UploadState.WITH_ERRORS if found.error_count else UploadState.READ,
        "lines": found.lines,
        "read": found.lines,
        "errors": found.error_count,
        "warnings": found.warning_count,
        "people": found.people,
        "hours": found.worth.hours,
        "allowance_cents": to_cents(found.worth.allowance) if found.is_priced else None,
        "warned": line_warnings.as_data(found.warned),
        "headers": [each.model_dump(mode="json") for each in found.headers if unread_sentence(each)],
        "claim_id": claim_id,
    }
    connection.execute(update(upload).where(upload.c.id == attempt.id).values(row))


def refuse(connection: Connection, attempt: UploadRecord, sentence: str) -> None:
    """Store why a file is refused whole. The caller holds a file that is still read."""
    row = {"state": UploadState.UNREADABLE, "refusal": sentence}
    connection.execute(update(upload).where(upload.c.id == attempt.id).values(row))


def _rows(upload_id: str, faults: tuple[Fault, ...], after: int | None = None) -> Iterator[dict[str, object]]:
    for n, each in enumerate(faults, start=(after or 0) + 1):
        yield {
            "upload_id": upload_id,
            "n": n,
            "warning": after is not None,
            "line": each.line,
            "column": each.column,
            "code": each.code,
            "shown": _kept(each),
            "detail": each.detail,
        }


def _kept(fault: Fault) -> str:
    """Return what is kept of a value: nothing where it names somebody, as line and column say where it is."""
    if fault.code in OF_IDENTITY:
        return ""
    return (code_or_kind if fault.code in OF_CODES else value_or_kind)(fault.shown)

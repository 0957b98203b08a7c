"""People of a DSN, with whom a grid begins: read again from its sealed bytes, so that no row holds them in between.

A DSN gives people, contracts and the hours idle of the month, but neither weeks nor hourly pay: a claim can be begun
with it, and not be made of it. Once the claim of the grid is filed, the DSN is of no more use and is dropped.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from models.claim_files.lines import PrefilledPerson
from models.claim_files.reading import UnreadableFile
from models.claim_labels import UploadState
from models.engine.keys import KeyDestroyed
from models.engine.names import upload_process
from models.errors import Conflict, Unknown
from models.store.claims.uploads import ending, reading, records
from models.store.claims.uploads.reading import OpenedFile
from models.store.claims.uploads.records import UploadRecord
from models.store.journal import outbox
from models.store.people import quotas
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.services.claim_grids import MAX_PEOPLE
from starter.services.claim_readings import EXAMINING, read_charged
from starter.services.claim_views import ClaimAddress

NO_DSN: Final = "Ce fichier n’est pas une DSN lue sans erreur, ou il est effacé : envoyez-le de nouveau."
TOO_MANY: Final = f"Une grille prend {MAX_PEOPLE} salariés au plus : envoyez un fichier qui donne les heures."


def is_offered(state: UploadState, people: int | None, *, priced: bool) -> bool:
    """Whether a grid can begin with the people of a file: one that was read, has no weeks, and few people."""
    return state is UploadState.READ and not priced and 0 < (people or 0) <= MAX_PEOPLE


def read_people(
    context: Context, credential: PresentedCredential, to: ClaimAddress, upload_id: str
) -> list[PrefilledPerson]:
    """Return the people of a DSN who have hours idle in a month, once each, in its order.

    Raises `Unknown`, `Conflict` for another file or one that is not kept any more, `QuotaReached`,
    `ExaminerUnavailable`. The DSN is read outside of any transaction.
    """
    with context.admit(credential, Verb.FILE_CLAIM) as caller:
        opened = _open(context, caller, _find(caller, to, upload_id))
    try:
        file = read_charged(context, credential, opened.content, opened.context)
    except UnreadableFile as refused:
        raise Conflict("upload-not-read", refused.message) from refused
    return _once(each for each in file.people() if each.month == to.month)


def forget(context: Context, credential: PresentedCredential, to: ClaimAddress, upload_id: str) -> None:
    """Drop a DSN whose people are claimed; idempotent. What is no such file is left as it is."""
    with context.admit(credential, Verb.FILE_CLAIM) as caller, suppress(Unknown):
        file = _find(caller, to, upload_id)
        if _is_dsn(file):
            ending.forget(caller.connection, file.id)
            outbox.enqueue(caller.connection, upload_process(file.id), "look")


def _find(caller: Caller, to: ClaimAddress, upload_id: str) -> UploadRecord:
    return records.find_of(caller.connection, caller.request(to.reference).reference, to.month, as_uuid(upload_id))


def _is_dsn(file: UploadRecord) -> bool:
    """Whether a file is a DSN that was read: it alone has no amount."""
    return file.state is UploadState.READ and file.allowance_cents is None


def _open(context: Context, caller: Caller, file: UploadRecord) -> OpenedFile:
    if not _is_dsn(file):
        raise Conflict("upload-not-read", NO_DSN)
    if (file.people or 0) > MAX_PEOPLE:
        raise Conflict("upload-not-read", TOO_MANY)
    quotas.require_left(caller.connection, caller.account.id, EXAMINING, caller.shares)
    try:
        return reading.open_file(caller.connection, file, context.master)
    except KeyDestroyed as erased:
        raise Conflict("upload-ended", ending.ENDED) from erased


def _once(people: Iterable[PrefilledPerson]) -> list[PrefilledPerson]:
    """Return each person once, by the first contract, with the hours of all."""
    found: dict[str, PrefilledPerson] = {}
    for each in people:
        known = found.get(each.nir)
        found[each.nir] = known._replace(idle=known.idle + each.idle) if known else each
    return [each for each in found.values() if each.idle > 0]

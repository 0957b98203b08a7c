"""The acts on files of claims: the program `examining` alone parses the bytes, what it read is checked here."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Final, TypeVar

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.errors import naming_what_breaks
from activities.transactions import transactions
from law.allowance import HeadcountNeeded
from law.directory import UnknownDepartment
from law.rates import RateUnknown
from models.claim_files.check import CheckedFile, check
from models.claim_files.claim import Claim
from models.claim_files.reading import ClaimFile, UnreadableFile, as_read, measure
from models.claim_labels import UploadState
from models.examination.client import Examiner, ExaminerUnavailable
from models.labels import Part
from models.messages import acts
from models.messages.case import Ref
from models.messages.upload import UploadProgress
from models.store.cases.authorizations import NotAuthorized
from models.store.claims.refusals import AdmissionRefused
from models.store.claims.sealed_people import PeopleKeys
from models.store.claims.staged_lines import stage_lines
from models.store.claims.staging import StagedClaim
from models.store.claims.uploads import ending, reading, records
from models.store.claims.uploads.reading import OpenedFile
from models.store.claims.uploads.records import UploadRecord
from models.store.database import Database
from models.store.people import quotas

CONCURRENT_READINGS: Final = 1
"""Files of one worker read at once: each is one core’s work, and the memory of a worker is that of its longest file."""
BEAT_SECONDS: Final = 10.0
"""Between two heartbeats while the program reads, which says nothing before the end."""
NOT_AUTHORIZED: Final = "Aucune autorisation n’est en vigueur dans ce dossier : ce fichier n’a pas été lu."
Result = TypeVar("Result")


class StoredReadingActs(acts.ReadingActs):
    """Files read once each; whatever an attempt found is stored in one transaction, or not at all."""

    def __init__(self, database: Database, keys: PeopleKeys, examiner: Examiner) -> None:
        self._transaction = transactions(database)
        self._keys = keys
        self._examiner = examiner

    def read_upload(self, ref: Ref) -> UploadProgress:
        """Read a file from its first line; another attempt that ends first makes this one count for nothing."""
        with self._transaction() as connection:
            attempt = reading.begin(connection, ref.id)
        if attempt.state is UploadState.READING:
            with naming_what_breaks():
                self._read(attempt)
        with self._transaction() as connection:
            return _progress(records.get(connection, ref.id))

    def _read(self, attempt: UploadRecord) -> None:
        try:
            claim, file = self._open(attempt)
            found = check(file, claim, lambda read, lines: self._beat(attempt, read, lines))
            _beating(lambda: self._finish(attempt, claim, file, found), found.lines)
        except NotAuthorized:
            self._refuse(attempt, NOT_AUTHORIZED)
        except UnreadableFile as refused:
            self._refuse(attempt, refused.message)
        except (HeadcountNeeded, RateUnknown, UnknownDepartment) as impossible:
            self._refuse(attempt, str(impossible))
        except AdmissionRefused as refused:
            self._refuse(attempt, refused.detail)

    def _open(self, attempt: UploadRecord) -> tuple[Claim, ClaimFile]:
        """Return what the lines of a file are checked against, and what was read of it; its bytes are not held on."""
        with self._transaction() as connection:
            opened = reading.open_file(connection, attempt, self._keys.master)
        return opened.claim, self._have_read(attempt, opened)

    def _have_read(self, attempt: UploadRecord, opened: OpenedFile) -> ClaimFile:
        """Have the program read a file, and charge its sender with the time it took, whatever comes of it."""
        try:
            examined = _beating(lambda: measure(self._examiner, opened.content, opened.context))
        except ExaminerUnavailable as away:
            self._charge(attempt, away.milliseconds)
            raise ApplicationError("ExaminerUnavailable", type=Part.EXAMINER) from None
        self._charge(attempt, examined.milliseconds + 1, refused=examined.verdict.refusal is not None)
        return as_read(examined.verdict)

    def _charge(self, attempt: UploadRecord, milliseconds: int, *, refused: bool = False) -> None:
        with self._transaction() as connection:
            quotas.charge(connection, attempt.account_id, "examining", milliseconds)
            if refused:
                quotas.charge(connection, attempt.account_id, "refused_files", 1)

    def _beat(self, attempt: UploadRecord, read: int, lines: int) -> None:
        _heartbeat(read)
        with self._transaction() as connection:
            reading.set_progress(connection, attempt.id, read, lines)

    def _finish(self, attempt: UploadRecord, claim: Claim, file: ClaimFile, found: CheckedFile) -> None:
        """Store what was found, and stage the claim of a file without errors, in one transaction."""
        with self._transaction() as connection:
            if not reading.is_still_read(connection, attempt):
                return
            staged = None
            if found.is_priced and not found.error_count and found.worth.hours:
                stated = StagedClaim(attempt.reference, attempt.month, attempt.part, account_id=attempt.account_id)
                staged = stage_lines(connection, stated, file.lines(), claim, self._keys)
            reading.finish(connection, attempt, found, staged)

    def _refuse(self, attempt: UploadRecord, sentence: str) -> None:
        with self._transaction() as connection:
            if reading.is_still_read(connection, attempt):
                reading.refuse(connection, attempt, sentence)


class StoredUploadActs(acts.UploadActs):
    """Files that nobody waits for any more."""

    def __init__(self, database: Database) -> None:
        self._transaction = transactions(database)

    def forget_uploads(self, ref: Ref) -> UploadProgress:
        """Drop a file that was not submitted; idempotent."""
        with self._transaction() as connection:
            ending.forget(connection, ref.id)
            return _progress(records.get(connection, ref.id))


def _progress(standing: UploadRecord) -> UploadProgress:
    return UploadProgress(state=standing.state, lines=standing.lines, errors=standing.errors)


def _beating(work: Callable[[], Result], line: int = 0) -> Result:
    """Do in a thread what takes long without a word; beat meanwhile with the line that was come to."""
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)
        while not done.done():
            wait([done], BEAT_SECONDS)
            _heartbeat(line)
        return done.result()


def _heartbeat(line: int) -> None:
    if activity.in_activity():
        activity.heartbeat(line)

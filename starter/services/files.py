"""Files: uploaded before what cites them, and read by their sender or by whoever may read a case that cites them."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final, NamedTuple

from models.errors import Unknown
from models.examination.client import ExaminerUnavailable
from models.examination.shapes import FILE, FileVerdict
from models.store.cases import files
from models.store.cases.files import StoredFile
from models.store.journal.idempotency import digest
from models.store.people import authorities, quotas
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import Fault
from starter.http.uploads import accepted_type

QUOTAS_OF_FILES: Final[tuple[quotas.Kind, ...]] = ("files", "file_bytes", "refused_files", "examining")
EXTENSIONS: Final = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "text/csv": "csv"}
"""Extension of the name under which a file is saved, by its media type."""


class FileContent(NamedTuple):
    """A file that its reader may see, and its bytes in parts."""

    record: StoredFile
    parts: Iterator[bytes]

    @property
    def file_name(self) -> str:
        """File name for the browser: ours, since the sender’s is not kept."""
        return f"fichier-{self.record.sha256[:16]}.{EXTENSIONS.get(self.record.media_type, 'bin')}"


class CitedFile(NamedTuple):
    """A file of a case, who reads it, and its bytes in parts, which can be read once."""

    reader_id: str
    reference: str
    record: StoredFile
    parts: Iterator[bytes]

    @property
    def is_table(self) -> bool:
        """Whether it is shown as a table of text."""
        return self.record.media_type == "text/csv"


class Uploader(NamedTuple):
    """An account that uploads, and whether it has proven an authority."""

    account_id: str
    proven: bool


def admit(context: Context, credential: PresentedCredential, key: str | None) -> Uploader:
    """Return who uploads, or raise 403 unless they may; called before the bytes are read.

    Raises `QuotaReached` when the account has used up a quota of today, unless it repeats a call that was answered.
    """
    with context.admit(credential, Verb.SEND_FILE) as caller:
        if caller.answer(key) is None:
            quotas.require_left(caller.connection, caller.account.id, QUOTAS_OF_FILES, caller.shares)
        proven = not caller.is_employer or bool(authorities.list_proven(caller.connection, caller.account.id))
        return Uploader(caller.account.id, proven)


def store(context: Context, credential: PresentedCredential, content: bytes, key: str | None) -> StoredFile:
    """Store a file; raises `InvalidRequest` for one that is refused, `QuotaReached` beyond the day’s quota.

    It counts before it is judged, because judging is what costs; `ExaminerUnavailable`, when nobody can judge it now,
    gives the count back, but not the time of processor it took. A repeated call is answered without being judged.
    """
    fingerprint = sha256(content).hexdigest()
    body = digest(["files", fingerprint])
    with context.admit(credential, Verb.SEND_FILE) as caller:
        stored = _stored_before(caller, key, body)
        if stored is not None:
            return stored
        _count(caller, len(content))
    kind = accepted_type(_judge(context, credential, content))
    with context.admit(credential, Verb.SEND_FILE) as caller:
        file_id = caller.once(key, body, lambda: files.add(caller.connection, caller.account.id, kind, content).id)
    return StoredFile(id=file_id, sha256=fingerprint, media_type=kind, size=len(content))


def _stored_before(caller: Caller, key: str | None, body: bytes) -> StoredFile | None:
    answer = caller.answer(key, body)
    return files.find(caller.connection, caller.account.id, answer) if answer else None


def _count(caller: Caller, size: int) -> None:
    shares = caller.shares()
    quotas.use(caller.connection, caller.account.id, "files", 1, shares)
    quotas.use(caller.connection, caller.account.id, "file_bytes", size, shares)


def _judge(context: Context, credential: PresentedCredential, content: bytes) -> FileVerdict:
    """Have a file judged; count the time of processor that it took, and a refusal: it costs like the others."""
    try:
        examined = context.examiner.measure(FILE, content)
    except ExaminerUnavailable as away:
        with context.admit(credential, Verb.SEND_FILE) as caller:
            quotas.give_back(caller.connection, caller.account.id, "files", 1)
            quotas.give_back(caller.connection, caller.account.id, "file_bytes", len(content))
            quotas.charge(caller.connection, caller.account.id, "examining", away.milliseconds)
        raise
    with context.admit(credential, Verb.SEND_FILE) as caller:
        quotas.charge(caller.connection, caller.account.id, "examining", examined.milliseconds + 1)
        if examined.verdict.refusal:
            quotas.charge(caller.connection, caller.account.id, "refused_files", 1)
    return examined.verdict


def file_faults(caller: Caller, file_id: str, pointer: str) -> Iterator[Fault]:
    """Yield a fault unless this account uploaded the file, which is then kept for what is about to cite it."""
    if files.find(caller.connection, caller.account.id, file_id, hold=True) is None:
        message = "Aucun fichier envoyé par votre compte ne porte cet identifiant."
        yield Fault(pointer=pointer, code="file-unknown", message=message)


def read(context: Context, credential: PresentedCredential, file_id: str) -> FileContent:
    """Return a file to its sender, or to whoever may read a case that cites it; raises `Unknown`.

    An agent’s reading is noted as one of the case.
    """
    with context.admit(credential, Verb.READ_FILE) as caller:
        record = files.find_any(caller.connection, as_uuid(file_id))
        if record is None:
            raise Unknown(file_id)
        case = _readable_case(caller, record.id)
        if case is None and record.account_id != caller.account.id:
            raise Unknown(file_id)
        caller.note_reading(f"{case}/{record.id}" if case else record.id)
    return FileContent(record.stored, files.read(context.database, record.id, record.size))


def open_cited(context: Context, credential: PresentedCredential, reference: str, file_id: str) -> CitedFile:
    """Return a file that a case cites, and note the reading; raises `Unknown` for any other case or file."""
    with context.admit(credential, Verb.READ_FILE) as caller:
        case = caller.request(reference).reference
        record = files.find_any(caller.connection, as_uuid(file_id))
        if record is None or case not in files.list_citing(caller.connection, record.id):
            raise Unknown(file_id)
        caller.note_reading(f"{case}/{record.id}")
    parts = files.read(context.database, record.id, record.size)
    return CitedFile(caller.account.id, case, record.stored, parts)


def _readable_case(caller: Caller, file_id: str) -> str | None:
    """Return the first case that cites a file and that the caller may read, or None."""
    for reference in files.list_citing(caller.connection, file_id):
        try:
            return caller.request(reference).reference
        except Unknown:
            continue
    return None

"""Files, uploaded before the request or opinion that cites them."""

from collections.abc import Iterator
from hashlib import sha256

from models.store.cases import files
from models.store.cases.files import StoredFile
from models.store.journal.idempotency import digest
from starter.auth.caller import Caller
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import Fault
from starter.http.uploads import media_type


def admit(context: Context, credential: PresentedCredential) -> None:
    """Raise 403 unless the caller may upload files; called before the bytes are read."""
    with context.admit(credential, Verb.SEND_FILE):
        pass


def store(context: Context, credential: PresentedCredential, content: bytes, key: str | None) -> StoredFile:
    """Store a file; raises `InvalidRequest` for a type that is not accepted, or a broken or active file."""
    kind, fingerprint = media_type(content), sha256(content).hexdigest()
    with context.admit(credential, Verb.SEND_FILE) as caller:
        file_id = caller.once(
            key,
            digest(["files", fingerprint]),
            lambda: files.add(caller.connection, caller.account.id, kind, content).id,
        )
    return StoredFile(id=file_id, sha256=fingerprint, media_type=kind, size=len(content))


def file_faults(caller: Caller, file_id: str, pointer: str) -> Iterator[Fault]:
    """Yield a fault unless this account uploaded the file."""
    if files.find(caller.connection, caller.account.id, file_id) is None:
        message = "Aucun fichier envoyé par votre compte ne porte cet identifiant."
        yield Fault(pointer=pointer, code="file-unknown", message=message)

"""Documents of a case; the first reading by a person of the employer is an event of the case."""

from dataclasses import dataclass

from models.document_codes import code_digest
from models.errors import Unknown
from models.store.cases import documents, first_readings
from models.store.cases.documents import DocumentRecord, PrintedDocument
from starter.auth import rate_limits
from starter.auth.caller import as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """A sealed document and its bytes."""

    record: DocumentRecord
    content: bytes

    @property
    def file_name(self) -> str:
        """File name for the browser."""
        return f"{self.record.own_number}-{self.record.kind}.pdf"


def read_document(
    context: Context, credential: PresentedCredential, reference: str, document_id: str
) -> DocumentContent:
    """Return a document that the caller may see; employers see only published ones. Raises `Unknown`."""
    with context.admit(credential, Verb.READ_DOCUMENT) as caller:
        request = caller.request(reference)
        visible = documents.list_of(caller.connection, request.reference, published_only=caller.is_employer)
        normalized = as_uuid(document_id)
        record = next((each for each in visible if each.id == normalized), None)
        if record is None:
            raise Unknown(document_id)
        if caller.is_employer:
            first_readings.record(caller.connection, record, caller.actor)
        content = caller.document(record)
    return DocumentContent(record, content)


def find_printed(context: Context, origin: bytes, code: str) -> PrintedDocument | None:
    """Return what bears the code printed on a document, for anybody; None for any other code, of whatever cause.

    Raises 429 beyond the limit by address, which counts only codes that lead nowhere.
    """
    with context.database.begin() as connection:
        attempt = rate_limits.count(connection, "verification", origin)
        rate_limits.note_slowdown(connection, "verification", attempt)
        found = documents.find_by_code(connection, code_digest(code))
        if found:
            rate_limits.take_back(connection, attempt)
    return found

"""Documents of a case; the first reading by a person of the employer is an event of the case."""

from dataclasses import dataclass

from models.errors import Unknown
from models.store.cases import documents, first_readings
from models.store.cases.documents import DocumentRecord
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
        return f"{self.record.number}-{self.record.kind}.pdf"


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

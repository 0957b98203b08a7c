"""Messages about a file of a claim: ids, instants and counts, nothing of its content."""

from models.claim_labels import UploadState
from models.identifiers import Instant, Message


class KeptUpload(Message):
    """Input of the process of a file: its authorization, its id, and until when its bytes are kept."""

    reference: str
    id: str
    expires_at: Instant


class UploadProgress(Message):
    """What became of a file: its state, its lines and how many of them have an error."""

    state: UploadState
    lines: int
    errors: int

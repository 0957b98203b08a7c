"""The process of a file of a claim."""

from typing import Final

from sqlalchemy import Connection
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from models.engine.names import STATUS
from models.engine.process_kind import Launch, ProcessKind
from models.messages.upload import KeptUpload
from models.store.claims.uploads import records
from models.store.claims.uploads.records import EXPECTED_UPLOADS, OVER, STATUS_OF_FILES


def launch_upload(upload: KeptUpload) -> Launch:
    """Describe the process of a file."""
    summary = f"Fichier d’une demande d’indemnisation · {upload.reference}"
    attributes = TypedSearchAttributes([SearchAttributePair(STATUS, STATUS_OF_FILES)])
    return Launch(upload.id, upload, summary, attributes=attributes)


def _load(connection: Connection, upload: str) -> Launch | None:
    standing = records.get(connection, upload)
    if standing.state in OVER:
        return None
    kept = KeptUpload(reference=standing.reference, id=standing.id, expires_at=standing.expires_at)
    return launch_upload(kept)


UPLOAD: Final = ProcessKind(
    workflow="Upload",
    prefix="upload",
    input=KeptUpload,
    load=_load,
    signal="look",
    expected=EXPECTED_UPLOADS,
)
"""Lives for a day at most: until the claim is submitted, or the bytes are dropped. Its key goes some days later."""

"""The processes of jobs that a caller waits for: verify a document, preview a decision."""

from typing import Final

from models.engine.process_kind import Launch, ProcessKind
from models.messages.case import Ref
from models.messages.verification import Upload


def launch_verification(upload: Upload) -> Launch:
    """Describe the verification of an uploaded document."""
    return Launch(upload.id, upload, "Vérification d’un document")


def launch_preview(ref: Ref) -> Launch:
    """Describe the preview of a decision (`ref.id`: the job)."""
    return Launch(ref.id, ref, f"Projet de décision · {ref.reference}")


VERIFICATION: Final = ProcessKind(workflow="Verification", prefix="verification", input=Upload, short_lived=True)
"""Lives for seconds. The HTTP program has no signature library, so a worker verifies."""
PREVIEW: Final = ProcessKind(workflow="Preview", prefix="preview", input=Ref, short_lived=True)
"""Lives for seconds: a decision is registered, composed and undone in one transaction, then rendered unsigned."""

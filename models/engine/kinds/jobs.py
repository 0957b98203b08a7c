"""The processes of jobs that a caller waits for: verify a document, preview an act, look an establishment up."""

from typing import Final
from uuid import uuid4

from models.engine.process_kind import Launch, ProcessKind
from models.messages.case import Ref
from models.messages.verification import Upload


def launch_verification(upload: Upload) -> Launch:
    """Describe the verification of an uploaded document."""
    return Launch(upload.id, upload, "Vérification d’un document")


def launch_preview(ref: Ref) -> Launch:
    """Describe the preview of a decision or of a request for pieces (`ref.id`: the job)."""
    return Launch(ref.id, ref, f"Projet de document · {ref.reference}")


def launch_look_up(siret: str) -> Launch:
    """Describe the look-up of an establishment that somebody is about to enrol."""
    job = uuid4().hex
    return Launch(job, Ref(reference=siret, id=job), "Recherche d’un établissement")


VERIFICATION: Final = ProcessKind(workflow="Verification", prefix="verification", input=Upload, short_lived=True)
"""Lives for seconds. The HTTP program has no signature library, so a worker verifies."""
PREVIEW: Final = ProcessKind(workflow="Preview", prefix="preview", input=Ref, short_lived=True)
"""Lives for seconds: an act is registered, composed and undone in one transaction, then rendered unsigned."""
LOOK_UP: Final = ProcessKind(workflow="LookUp", prefix="look-up", input=Ref, short_lived=True)
"""Lives for seconds: only workers ask the register of establishments, behind one limiter."""

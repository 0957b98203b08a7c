"""Verification of one uploaded document: the HTTP server has no signature library, so a process does it."""

from temporalio import workflow

from models.messages.acts import DocumentActs
from models.messages.verification import Upload
from workflows.parts.running_acts import run_without_parking


@workflow.defn(name="Verification")
class VerificationWorkflow:
    """Vérification d'un document : the result is kept in the register until it is read."""

    @workflow.run
    async def run(self, upload: Upload) -> None:
        """Verify the document, then end."""
        await run_without_parking(DocumentActs.verify_document, upload, "Vérifier le document")

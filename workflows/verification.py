"""Verification of one uploaded document: a caller waits while a worker of the queue `verifying` has it judged."""

from temporalio import workflow

from models.engine.names import VERIFYING
from models.messages.acts import VerificationActs
from models.messages.verification import Upload
from workflows.parts.running_acts import AGAIN_WHILE_AWAITED, run_without_parking


@workflow.defn(name="Verification")
class VerificationWorkflow:
    """Vérification d'un document : the result is kept in the register until it is read."""

    @workflow.run
    async def run(self, upload: Upload) -> None:
        """Verify the document, then end."""
        await run_without_parking(
            VerificationActs.verify_document, upload, "Vérifier le document", VERIFYING, AGAIN_WHILE_AWAITED
        )

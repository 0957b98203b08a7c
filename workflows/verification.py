"""Verification of one uploaded document: the doors hold no signature library, so a process does it."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from models.acts import Documents
from models.verification import Upload
from models.wire import SIGNING

WAIT = timedelta(minutes=1)
"""Somebody waits for the answer: it comes soon or not at all."""


@workflow.defn(name="Verification")
class VerificationWorkflow:
    """Vérification d'un document : its result is kept in the register."""

    @workflow.run
    async def run(self, upload: Upload) -> None:
        """Verify, and be done."""
        await workflow.execute_activity_method(
            Documents.verify_document,
            upload,
            task_queue=SIGNING,
            schedule_to_close_timeout=WAIT,
            retry_policy=RetryPolicy(maximum_attempts=3),
            summary="Vérifier le document",
        )

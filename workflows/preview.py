"""Preview of a decision that is not taken: the doors hold no document library, so a process does it."""

from temporalio import workflow

from models.messages.acts import DocumentActs
from models.messages.case import Ref
from workflows.parts.running_acts import run_without_parking


@workflow.defn(name="Preview")
class PreviewWorkflow:
    """Projet de décision : drawn unsigned, kept in the register until it is read."""

    @workflow.run
    async def run(self, ref: Ref) -> None:
        """Draw, and be done."""
        await run_without_parking(DocumentActs.preview_decision, ref, "Composer le projet de décision")

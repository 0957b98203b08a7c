"""Preview of a decision that is not taken: the doors hold no document library, so a process does it."""

from temporalio import workflow

from models.messages.acts import Documents
from models.messages.case import Ref
from workflows.parts.running_acts import answer_soon


@workflow.defn(name="Preview")
class PreviewWorkflow:
    """Projet de décision : drawn unsigned, kept in the register until it is read."""

    @workflow.run
    async def run(self, ref: Ref) -> None:
        """Draw, and be done."""
        await answer_soon(Documents.preview_decision, ref, "Composer le projet de décision")

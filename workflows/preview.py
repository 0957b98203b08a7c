"""Preview of an act not done yet: the HTTP server has no document library, so a process composes it."""

from temporalio import workflow

from models.engine.names import SIGNING
from models.messages.acts import DocumentActs
from models.messages.case import Ref
from workflows.parts.running_acts import run_without_parking


@workflow.defn(name="Preview")
class PreviewWorkflow:
    """Projet de décision ou de demande de pièces : composed unsigned, kept in the register until it is read."""

    @workflow.run
    async def run(self, ref: Ref) -> None:
        """Compose the preview, then end."""
        await run_without_parking(DocumentActs.preview_decision, ref, "Composer le projet de document", SIGNING)

"""The nightly run: time-stamp the events of all cases together, and delete what has been kept long enough."""

from temporalio import workflow

from models.messages.acts import DocumentActs, Process, RegisterActs
from workflows.parts.running_acts import ActRunner


@workflow.defn(name="Chain")
class ChainWorkflow(ActRunner):
    """Horodatage du journal : started by a schedule."""

    @workflow.run
    async def run(self) -> None:
        """Time-stamp new events, so that none can be back-dated; delete what has been kept long enough."""
        process = Process(id=workflow.info().workflow_id)
        await self.perform(DocumentActs.stamp_chain, process)
        await self.perform(RegisterActs.forget_old, process)

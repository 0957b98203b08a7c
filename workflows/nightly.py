"""What is done every night: the events of all cases are time-stamped together, and what is old is forgotten."""

from temporalio import workflow

from models.messages.acts import DocumentActs, Process, RegisterActs
from workflows.parts.running_acts import ActRunner


@workflow.defn(name="Chain")
class ChainWorkflow(ActRunner):
    """Horodatage du journal : started by a schedule."""

    @workflow.run
    async def run(self) -> None:
        """Stamp what is new, so that nothing can be written into the past; forget what is old."""
        process = Process(id=workflow.info().workflow_id)
        await self.perform(DocumentActs.stamp_chain, process)
        await self.perform(RegisterActs.forget_old, process)

"""What is done every night: the events of all cases are time-stamped together, and what is old is forgotten."""

from temporalio import workflow

from models.messages.acts import Documents, Process, Register
from workflows.parts.running_acts import Performing


@workflow.defn(name="Chain")
class ChainWorkflow(Performing):
    """Horodatage du journal : started by a schedule."""

    @workflow.run
    async def run(self) -> None:
        """Stamp what is new, so that nothing can be written into the past; forget what is old."""
        process = Process(id=workflow.info().workflow_id)
        await self.perform(Documents.stamp_chain, process)
        await self.perform(Register.forget_old, process)

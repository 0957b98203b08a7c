"""Once a day the events of every case are time-stamped together, so that none can be written afterwards."""

from temporalio import workflow

from models.acts import Documents, Process
from workflows.performing import Performing


@workflow.defn(name="Chain")
class ChainWorkflow(Performing):
    """Horodatage du journal : started by a schedule."""

    @workflow.run
    async def run(self) -> None:
        """Stamp what is new."""
        await self.perform(Documents.stamp_chain, Process(id=workflow.info().workflow_id))

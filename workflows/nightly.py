"""The nightly run: time-stamp the events of all cases together, audit them, copy the anchors outside.

It also deletes what has been kept long enough.
"""

from datetime import timedelta
from typing import Final

from temporalio import workflow

from models.engine.names import CHAIN
from models.messages.acts import AuditOrder, DocumentActs, EvidenceActs, Process, RegisterActs
from workflows.parts.running_acts import FIRST_PARKING_PAUSE, ActRunner

COPYING_LIMIT: Final = timedelta(hours=18)
"""Copies that are away for longer are left to the next night: a run must end before the next one starts."""
SUNDAY: Final = 6


@workflow.defn(name="Chain")
class ChainWorkflow(ActRunner):
    """Horodatage du journal : started by a schedule."""

    @workflow.run
    async def run(self) -> None:
        """Time-stamp new events, so that none can be back-dated; then audit, forget, and copy the anchors."""
        process = Process(id=workflow.info().workflow_id)
        await self.perform(DocumentActs.stamp_chain, process)
        audited = workflow.patched("audit")
        if audited:
            await self._audit()
        await self.perform(RegisterActs.forget_old, process)
        if audited:
            await self._copy_anchors(process)

    async def _audit(self) -> None:
        """Examine what is new, and everything on Sundays; an audit that cannot run never holds up the night."""
        order = AuditOrder(everything=workflow.now().weekday() == SUNDAY)
        await self.attempt(EvidenceActs.audit_register, order, CHAIN)

    async def _copy_anchors(self, process: Process) -> None:
        """Copy the anchors, trying again until the folder answers or the next night is near."""
        pause, spent = FIRST_PARKING_PAUSE, timedelta()
        while not await self.attempt(EvidenceActs.copy_anchors, process, CHAIN) and spent < COPYING_LIMIT:
            await workflow.sleep(pause, summary="En attente : copier les ancrages hors du registre")
            pause, spent = self.next_pause(pause), spent + pause

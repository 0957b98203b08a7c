"""Notices that no other process sends: their process has ended, or they belong to no process."""

from temporalio import workflow

from models.messages.acts import Process
from workflows.parts.notices import NoticeSender


@workflow.defn(name="Announcement")
class AnnouncementWorkflow(NoticeSender):
    """Avis par courriel, hors de tout dossier."""

    @workflow.run
    async def run(self, process: Process) -> None:
        """Send the waiting notices, and those that arrive meanwhile."""
        self.announce()
        self._finished = True
        await self.send_notices()

    @workflow.signal(name="announce", description="Des avis attendent d’être envoyés")
    def on_announce(self) -> None:
        """Take note that notices are waiting."""
        self.announce()

"""Notices that no other process sends: about something that is over, or to somebody who is no part of it."""

from temporalio import workflow

from models.messages.acts import Process
from workflows.parts.notices import NoticeSender


@workflow.defn(name="Announcement")
class AnnouncementWorkflow(NoticeSender):
    """Avis par courriel, hors de tout dossier."""

    @workflow.run
    async def run(self, process: Process) -> None:
        """Send what waits, and what comes meanwhile."""
        self.announce()
        self._over = True
        await self.post_notices()

    @workflow.signal(name="announce", description="Des avis attendent d’être envoyés")
    def hear(self) -> None:
        """Hear that notices wait."""
        self.announce()

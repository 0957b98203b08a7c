"""Mails are a courtesy: they wait for their server beside the procedure, never in it."""

from temporalio import workflow

from models.messages.acts import MailActs, Process
from workflows.parts.running_acts import ActRunner


class NoticeSender(ActRunner):
    """A process that announces things; `announce` says that notices wait in the register."""

    def __init__(self) -> None:
        super().__init__()
        self._letters = 0
        self._over = False

    def announce(self) -> None:
        """Have the notices that wait sent, whenever the mail server answers."""
        self._letters += 1

    async def post_notices(self) -> None:
        """Send notices as they come, until the process is over and none waits."""
        while self._letters or not self._over:
            await workflow.wait_condition(lambda: bool(self._letters) or self._over)
            if self._letters:
                self._letters = 0
                await self.perform(MailActs.send_notices, Process(id=workflow.info().workflow_id))
                await self.posted()

    async def posted(self) -> None:
        """Hear that what waited has been sent."""

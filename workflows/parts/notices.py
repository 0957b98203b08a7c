"""Notices by mail are a courtesy: they wait for the mail server beside the procedure and never delay it."""

from temporalio import workflow

from models.messages.acts import MailActs, Process
from workflows.parts.running_acts import ActRunner


class NoticeSender(ActRunner):
    """A process with notices to send; `announce` says that some are waiting in the register."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = 0
        self._finished = False

    def announce(self) -> None:
        """Have the waiting notices sent as soon as the mail server answers."""
        self._waiting += 1

    async def send_notices(self) -> None:
        """Send notices as they arrive, until the process is finished and none is waiting."""
        while self._waiting or not self._finished:
            await workflow.wait_condition(lambda: bool(self._waiting) or self._finished)
            if self._waiting:
                self._waiting = 0
                await self.perform(MailActs.send_notices, Process(id=workflow.info().workflow_id))
                await self.on_notices_sent()

    async def on_notices_sent(self) -> None:
        """Called after each sending; a process may act on it."""

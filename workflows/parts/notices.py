"""Notices by mail are a courtesy: they wait for the mail server beside the procedure and never delay it."""

import asyncio
from datetime import timedelta

from temporalio import workflow

from models.messages.acts import MailActs, MailsDeferred, Process
from workflows.parts.running_acts import ActRunner

LAST_NOTICES_WAIT = timedelta(days=7)
"""How long the end of a case or a draft waits for its last mails: longer than a mailbox may refuse them."""


class NoticeSender(ActRunner):
    """A process with notices to send; `announce` says that some are waiting in the register."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting = 0
        self._finished = False
        self._sending = False
        self._retry_after: float | None = None
        """Seconds before the next attempt at mailboxes that refuse for now."""

    def announce(self) -> None:
        """Have the waiting notices sent as soon as the mail server answers."""
        self._waiting += 1

    async def send_notices(self) -> None:
        """Send notices as they arrive, until the process is finished and none is waiting.

        A mailbox that refuses for now is tried again beside everything else, until the register gives it up.
        """
        while self._waiting or self._retry_after or not self._finished:
            await self._until_notices_wait()
            if self._waiting:
                self._waiting = 0
                self._sending = True
                sent = await self.perform(MailActs.send_notices, Process(id=workflow.info().workflow_id))
                self._retry_after = sent.retry_after if isinstance(sent, MailsDeferred) else None
                self._sending = False
                await self.on_notices_sent()

    async def _until_notices_wait(self) -> None:
        if self._retry_after is None:
            await workflow.wait_condition(lambda: bool(self._waiting) or self._finished)
            return
        pause = timedelta(seconds=self._retry_after)
        try:
            await workflow.wait_condition(
                lambda: bool(self._waiting), timeout=pause, timeout_summary="Une boîte refuse un avis pour l’instant"
            )
        except TimeoutError:
            self.announce()

    async def end_notices(self, sending: asyncio.Task[None]) -> None:
        """Let the last notices leave, for `LAST_NOTICES_WAIT` at most; nothing is announced any more."""
        self._finished = True
        is_idle = not (self._waiting or self._sending or self._retry_after)
        if is_idle or not workflow.patched("last-mails-bounded"):
            await sending
        elif await self.is_sent_within(sending, LAST_NOTICES_WAIT):
            await sending  # raises what it raised

    async def is_sent_within(self, sending: asyncio.Task[None], limit: timedelta) -> bool:
        """Wait for the last notices; after the limit they are given up, with the incident that they opened."""
        try:
            await workflow.wait_condition(sending.done, timeout=limit, timeout_summary="Derniers avis par courriel")
        except TimeoutError:
            await self.unpark(MailActs.send_notices.__name__)
            return False
        return True

    async def on_notices_sent(self) -> None:
        """Called after each sending; a process may act on it."""

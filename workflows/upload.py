"""The life of a file of a claim: it is read, and forgotten after a day unless its claim is submitted before."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from temporalio import workflow

from models.claim_labels import UploadState
from models.messages.acts import ReadingActs, UploadActs
from models.messages.case import Ref
from models.messages.upload import KeptUpload, UploadProgress
from workflows.parts import operator_texts
from workflows.parts.running_acts import ActRunner

FIRST_PAUSE = timedelta(seconds=5)
"""Before a file that came back unread is offered again; each pause is twice the one before."""
LONGEST_PAUSE = timedelta(minutes=2)


@workflow.defn(name="Upload")
class UploadWorkflow(ActRunner):
    """Fichier d'une demande d'indemnisation : lu, puis effacé au bout d'un jour."""

    @workflow.init
    def __init__(self, upload: KeptUpload) -> None:
        super().__init__()
        self._ref = Ref(reference=upload.reference, id=upload.id)
        self._is_asked = False
        self._state = UploadState.RECEIVED

    @workflow.signal(name="look", description="Regarder à nouveau le fichier : profil d’import changé, ou déposé")
    def look(self) -> None:
        """Ask the register again: the file is to be read with another profile, or was submitted."""
        self._is_asked = True

    @workflow.run
    async def run(self, upload: KeptUpload) -> UploadProgress:
        """Read the file whenever that is asked; forget it once its day has passed, even while it cannot be read."""
        reading = asyncio.create_task(self._read_whenever_asked())
        left = upload.expires_at - workflow.now()
        try:
            await workflow.wait_condition(
                lambda: self._is_over,
                timeout=max(left, timedelta()),
                timeout_summary=operator_texts.UNTIL_UPLOAD_EXPIRES,
            )
        except TimeoutError:
            await self.perform(UploadActs.forget_uploads, self._ref)
            self.resume()  # an act that was parked finds nothing left to read
            self.look()
        return await reading

    async def _read_whenever_asked(self) -> UploadProgress:
        pause = FIRST_PAUSE
        while True:
            self._is_asked = False
            progress = await self.perform(ReadingActs.read_upload, self._ref)
            self._state = progress.state
            self.describe(operator_texts.upload(progress))
            if self._is_over:
                return progress
            if self._state in (UploadState.RECEIVED, UploadState.READING):
                await self._wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                await workflow.wait_condition(lambda: self._is_asked)
                pause = FIRST_PAUSE

    async def _wait(self, pause: timedelta) -> None:
        """Wait until a worker may have a place for the file, or until it is asked for.

        Files wait in their queue now: only workers of earlier releases returned one unread, while they read another.
        """
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._is_asked, timeout=pause, timeout_summary=operator_texts.UNTIL_UPLOAD_HAS_A_PLACE
            )

    @property
    def _is_over(self) -> bool:
        return self._state in (UploadState.SUBMITTED, UploadState.EXPIRED)

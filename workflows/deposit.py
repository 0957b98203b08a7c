"""Deposits of one channel with the paying agency (ASP): one file at a time, within its caps, until no row waits."""

from contextlib import suppress
from datetime import timedelta

from temporalio import workflow

from models.messages.agency_acts import AgencyActs
from models.messages.deposit import Channel, Deposit
from workflows.parts import operator_texts
from workflows.parts.running_acts import ActRunner

GATHERING_PAUSE = timedelta(seconds=1)
"""Rows that arrive together share a file; the agency also dates file names to the second."""

LEAST_PAUSE = timedelta(seconds=1)
"""Before a channel is asked again whether it is open: its clock, the register's, may be behind ours."""


@workflow.defn(name="Deposit")
class DepositWorkflow(ActRunner):
    """Transmission à l'ASP d'un flux : started by the first row, ends when nothing waits."""

    def __init__(self) -> None:
        super().__init__()
        self._rows_waiting = True
        self._files = 0

    @workflow.run
    async def run(self, channel: Channel) -> int:
        """Write files as long as rows arrive; returns how many were written."""
        while self._rows_waiting:
            self._rows_waiting = False
            await workflow.sleep(GATHERING_PAUSE, summary="Rassembler les lignes")
            await self._deposit_waiting_rows(channel)
            if workflow.info().is_continue_as_new_suggested():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(channel)
        return self._files

    async def _deposit_waiting_rows(self, channel: Channel) -> None:
        while deposit := await self._next_deposit(channel):
            await self.perform(AgencyActs.put_deposit, deposit)
            self._files += 1
            rows = f"{deposit.rows} ligne{'s' if deposit.rows > 1 else ''}"
            self.describe(f"Dernier fichier : `{deposit.name}` ({rows}).")

    async def _next_deposit(self, channel: Channel) -> Deposit | None:
        """Reserve the next file once the channel is open, however long that takes."""
        if workflow.patched("windows"):
            await self._until_open(channel)
        return await self.perform(AgencyActs.prepare_deposit, channel)

    async def _until_open(self, channel: Channel) -> None:
        """Wait until the hours of the agency begin or its freeze ends; an operator who ends it wakes the process."""
        while True:
            seen = self._resumes
            opening = await self.perform(AgencyActs.preflight, channel)
            if opening.open:
                return
            self.describe(operator_texts.closed_channel(opening))
            pause = max(opening.opens_at - workflow.now(), LEAST_PAUSE) if opening.opens_at else None
            with suppress(TimeoutError):
                await workflow.wait_condition(
                    lambda: self._resumes != seen,  # noqa: B023  awaited in this turn
                    timeout=pause,
                    timeout_summary=operator_texts.UNTIL_OPENING,
                )

    @workflow.signal(name="deposit", description="Une ligne attend dans ce flux")
    def deposit(self) -> None:
        """Take note that a row is waiting."""
        self._rows_waiting = True

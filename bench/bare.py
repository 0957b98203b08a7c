"""The bare equivalent of a silent case: the same timers and the same acts one after the other, and nothing else.

No clock that stops, no update, no parking, no search-attribute update: the cost of any workflow of this shape.
"""

from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow

from law.reminders import reminders
from models.messages.acts import DocumentActs, MailActs, Process, RegisterActs
from models.messages.case import Case, DocumentRef, Ref, Reminder

ACT_TIMEOUT = timedelta(minutes=2)


@workflow.defn(name="Bare")
class BareWorkflow:
    """Receipt, the reminders still to come, the deadline, attestation, hand-over; all on one queue."""

    @workflow.run
    async def run(self, case: Case) -> None:
        """Do what a silent case does, from its filing to its hand-over."""
        ref = Ref(reference=case.reference, id="")
        await self._seal(DocumentActs.issue_receipt, Ref(reference=case.reference, id="1"))
        await workflow.execute_activity_method(RegisterActs.control, ref, start_to_close_timeout=ACT_TIMEOUT)
        await self._send_notices()
        for rank, at in enumerate(reminders(case.receipt.silence(case.department))):
            if at > workflow.now():
                await workflow.sleep(at - workflow.now())
                reminder = Reminder(subject=case.reference, kind="silence", rung=rank, instant=at)
                await workflow.execute_local_activity_method(
                    RegisterActs.remind, reminder, start_to_close_timeout=ACT_TIMEOUT
                )
                await self._send_notices()
        await workflow.sleep(case.receipt.tacit_acceptance_at - workflow.now())
        await workflow.execute_local_activity_method(
            RegisterActs.establish_silence, ref, start_to_close_timeout=ACT_TIMEOUT
        )
        await self._seal(DocumentActs.issue_attestation, ref)
        await workflow.execute_local_activity_method(RegisterActs.hand_over, ref, start_to_close_timeout=ACT_TIMEOUT)
        await self._send_notices()

    async def _seal(self, act: Callable[[DocumentActs, Ref], DocumentRef], ref: Ref) -> None:
        await workflow.execute_activity_method(act, ref, start_to_close_timeout=ACT_TIMEOUT)

    async def _send_notices(self) -> None:
        process = Process(id=workflow.info().workflow_id)
        await workflow.execute_activity_method(MailActs.send_notices, process, start_to_close_timeout=ACT_TIMEOUT)


@workflow.defn(name="BareMidnight")
class BareMidnightWorkflow:
    """The bare equivalent of a midnight: a timer, then two activities."""

    @workflow.run
    async def run(self, case: Case) -> None:
        """Wait, then run two activities."""
        ref = Ref(reference=case.reference, id="")
        left = case.receipt.tacit_acceptance_at - workflow.now()
        await workflow.sleep(max(left, timedelta(milliseconds=1)))
        await workflow.execute_activity_method(DocumentActs.issue_attestation, ref, start_to_close_timeout=ACT_TIMEOUT)
        process = Process(id=workflow.info().workflow_id)
        await workflow.execute_activity_method(MailActs.send_notices, process, start_to_close_timeout=ACT_TIMEOUT)


@workflow.defn(name="Waiting")
class WaitingWorkflow:
    """A process with nothing left to do but wait for its instant."""

    @workflow.run
    async def run(self, case: Case) -> None:
        """Wait for the instant."""
        await workflow.sleep(case.receipt.tacit_acceptance_at - workflow.now())

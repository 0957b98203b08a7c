"""The bare shape of a silent case: the same timers and the same acts one after the other, and nothing else.

No clock that stops, no update, no parking, no search attribute that moves: what any workflow of this shape costs.
"""

from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow

from law.reminders import reminders
from models.messages.acts import DocumentActs, MailActs, Process, RegisterActs
from models.messages.case import Case, DocumentRef, Ref, Reminder

LIMIT = timedelta(minutes=2)


@workflow.defn(name="Bare")
class BareWorkflow:
    """Receipt, the reminders that are still ahead, the deadline, attestation, hand-over; all on one queue."""

    @workflow.run
    async def run(self, case: Case) -> None:
        """Do what a silent case does, from its filing to its hand-over."""
        ref = Ref(reference=case.reference, id="")
        await self._seal(DocumentActs.issue_receipt, Ref(reference=case.reference, id="1"))
        await workflow.execute_activity_method(RegisterActs.control, ref, start_to_close_timeout=LIMIT)
        await self._post()
        for rung, at in enumerate(reminders(case.receipt.silence(case.department))):
            if at > workflow.now():
                await workflow.sleep(at - workflow.now())
                rung_of = Reminder(subject=case.reference, kind="silence", rung=rung, instant=at)
                await workflow.execute_local_activity_method(
                    RegisterActs.remind, rung_of, start_to_close_timeout=LIMIT
                )
                await self._post()
        await workflow.sleep(case.receipt.tacit_acceptance_at - workflow.now())
        await workflow.execute_local_activity_method(
            RegisterActs.establish_silence, ref, start_to_close_timeout=LIMIT
        )
        await self._seal(DocumentActs.issue_attestation, ref)
        await workflow.execute_local_activity_method(
            RegisterActs.hand_over, ref, start_to_close_timeout=LIMIT
        )
        await self._post()

    async def _seal(self, act: Callable[[DocumentActs, Ref], DocumentRef], ref: Ref) -> None:
        await workflow.execute_activity_method(act, ref, start_to_close_timeout=LIMIT)

    async def _post(self) -> None:
        process = Process(id=workflow.info().workflow_id)
        await workflow.execute_activity_method(MailActs.send_notices, process, start_to_close_timeout=LIMIT)


@workflow.defn(name="BareMidnight")
class BareMidnightWorkflow:
    """What is bare of a midnight: a timer, then two activities."""

    @workflow.run
    async def run(self, case: Case) -> None:
        """Wait, then do two things."""
        ref = Ref(reference=case.reference, id="")
        left = case.receipt.tacit_acceptance_at - workflow.now()
        await workflow.sleep(max(left, timedelta(milliseconds=1)))
        await workflow.execute_activity_method(
            DocumentActs.issue_attestation, ref, start_to_close_timeout=LIMIT
        )
        process = Process(id=workflow.info().workflow_id)
        await workflow.execute_activity_method(MailActs.send_notices, process, start_to_close_timeout=LIMIT)


@workflow.defn(name="Waiting")
class WaitingWorkflow:
    """A process that has done all it had to, and waits for its instant."""

    @workflow.run
    async def run(self, case: Case) -> None:
        """Wait."""
        await workflow.sleep(case.receipt.tacit_acceptance_at - workflow.now())

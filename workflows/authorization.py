"""The life of one request for authorization, from its receipt to the forfeiture of its last claim.

R. 5122-4: the decision is notified within the delay; when it ends without one, silence is acceptance. The
register decides which came first, by comparing instants; this process wakes at those instants and asks it.
"""

import asyncio
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from law.reminders import authority_reminders, council_reminder
from models.engine.names import DEADLINE, OUTCOME, RULE, STATUS
from models.labels import Outcome
from models.messages.acts import DocumentActs, RegisterActs
from models.messages.case import (
    AlreadySettled,
    Case,
    Ended,
    Held,
    NotDue,
    Notified,
    Publication,
    Receipt,
    Ref,
    Reminder,
    SilenceOutcome,
)
from workflows.parts import operator_texts, reminders
from workflows.parts.asking_again import control_until_confirmed
from workflows.parts.bank_changes import BankChanges
from workflows.parts.claims import outlast_claims
from workflows.parts.clock import LegalClock


@workflow.defn(name="Authorization")
class AuthorizationWorkflow(BankChanges):
    """Demande préalable d'autorisation (R. 5122-2 à R. 5122-4)."""

    @workflow.init
    def __init__(self, case: Case) -> None:
        super().__init__()
        self._case = case
        self._clock = LegalClock(case.receipt.tacit_acceptance_at)
        self._reminders = reminders.before_silence(case.reference, case.department, case.receipt)
        self._completion_reminder: Reminder | None = None
        self._settlement: AlreadySettled | None = None
        self._opinion_awaited = case.opinion_due_on is not None
        self._checking = asyncio.Lock()
        self._releases = 0
        self._forfeited = False

    @workflow.run
    async def run(self, case: Case) -> Ended:
        """Acknowledge, wait for a decision or for silence, conclude, then stay open until nothing can follow."""
        receipt = case.receipt
        self.describe(operator_texts.under_review(case, receipt.rule, receipt.tacit_acceptance_at))
        steps = (self._acknowledge(), self._control(), self._await_opinion())
        beside = [asyncio.create_task(step) for step in steps]
        sending = asyncio.create_task(self.send_notices())
        settlement = await self._decision_or_silence()
        if await self._conclude(settlement):
            beside.append(asyncio.create_task(self._hand_over_when_released(settlement)))
        await self._inform_council(settlement)
        await self._outlast_claims(settlement)
        self._forfeited = True
        await asyncio.gather(*beside)
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self.end_notices(sending)
        await self.perform(RegisterActs.close_case, self._ref())
        await workflow.wait_condition(workflow.all_handlers_finished)
        self.describe(operator_texts.closed(case, settlement.outcome, settlement.effect_at))
        return Ended(reference=case.reference, outcome=settlement.outcome)

    # The steps of the procedure

    async def _acknowledge(self) -> None:
        """Récépissé électronique de dépôt (R. 5122-26, II)."""
        await self.perform(DocumentActs.issue_receipt, self._ref(str(self._case.receipt.version)))
        self.announce()

    async def _control(self) -> None:
        """Automatic checks inform the agent within the delay; they block nothing."""
        await control_until_confirmed(self, self._ref(), lambda: self._settlement is not None)

    async def _decision_or_silence(self) -> AlreadySettled:
        """Wait until an outcome is notified, or until silence becomes the outcome (R. 5122-4)."""
        while self._settlement is None:
            reminder = self._next_reminder()
            instant = reminder.instant if reminder else self._clock.deadline_at
            if not await self._clock.reach(instant, self._timer_summary(reminder)):
                continue
            if reminder is None or self._clock.is_over:
                await self._check_register()
            else:
                await self._remind(reminder)
        return self._settlement

    async def _conclude(self, settlement: AlreadySettled) -> Held | None:
        """Attest silence (CRPA L. 232-3), give notice of a decision it overtook, hand the authorization over.

        Returns what holds the hand-over, if anything does.
        """
        held = None
        self._show(settlement)
        if settlement.outcome == "tacit":
            await self.perform(DocumentActs.issue_attestation, self._ref())
        if settlement.void:
            await self.perform(DocumentActs.issue_void_notice, self._ref(settlement.void))
        if settlement.outcome in ("granted", "tacit"):
            held = await self.perform(RegisterActs.hand_over, self._ref())
        self.announce()
        return held

    async def _hand_over_when_released(self, settlement: AlreadySettled) -> None:
        """Hand the authorization over once nothing holds it; remind the employer until then, or until forfeiture.

        No command of this step is in the history of a case that was never held, so it needs no patch.
        """
        self.describe(operator_texts.held(self._case, settlement.outcome, settlement.effect_at))
        instants = authority_reminders(settlement.effect_at)
        held: Held | None = Held(reasons=())
        while held and not self._forfeited:
            rung = sum(instant <= workflow.now() for instant in instants)
            await self._await_release(instants[rung] if rung < len(instants) else None)
            if not self._forfeited:
                held = await self.perform(RegisterActs.hand_over, self._ref(str(rung + 1)))
                self.announce()
        self.describe(operator_texts.settled(self._case, settlement.outcome, settlement.effect_at))

    async def _await_release(self, until: datetime | None) -> None:
        seen = self._releases
        await self._clock.until(
            until, lambda: self._releases != seen or self._forfeited, operator_texts.UNTIL_AUTHORITY_REMINDER
        )

    async def _inform_council(self, settlement: AlreadySettled) -> None:
        """Remind the employer to inform the works council of the decision (R. 5122-4)."""
        if self._case.council and settlement.outcome is not Outcome.DESISTED:
            instant = council_reminder(settlement.effect_at)
            await self._clock.until(instant, lambda: False, operator_texts.UNTIL_COUNCIL)
            await self._remind(Reminder(subject=self._case.reference, kind="inform_council", rung=0))

    async def _outlast_claims(self, settlement: AlreadySettled) -> None:
        """Keep an authorization open until its last claim would be out of time (L. 5122-1, IV)."""
        if settlement.outcome in ("granted", "tacit"):
            await outlast_claims(self, self._clock, self._case)

    async def _await_opinion(self) -> None:
        """Remind the employer of an outstanding opinion; flag it if it never arrives (R. 5122-2)."""
        case = self._case
        if case.opinion_due_on is None:
            return
        for reminder in reminders.before_opinion(
            case.reference, case.department, case.opinion_due_on, case.receipt.received_at
        ):
            if not await self._clock.until(reminder.instant, self._opinion_is_moot, operator_texts.UNTIL_OPINION):
                return
            await self._remind(reminder)

    # Updates and queries

    @workflow.update(name="decide", description="Signer puis notifier une décision enregistrée")
    async def decide(self, ref: Ref) -> Publication:
        """Sign a registered decision and notify it, if it is still in time."""
        if self._settlement is None:
            await self.perform(DocumentActs.sign_decision, ref)
        async with self._checking:
            publication = await self.perform(RegisterActs.notify_decision, ref)
            if isinstance(publication, Notified) and publication.outcome:
                self._on_outcome(AlreadySettled(outcome=publication.outcome, effect_at=publication.at))
        return publication

    @workflow.update(name="request_completion", description="Sceller puis notifier une demande de pièces")
    async def request_completion(self, ref: Ref) -> Publication:
        """Seal a registered request for pieces and notify it; if in time, it stops the clock (CRPA L. 114-5)."""
        if self._settlement is None:
            await self.perform(DocumentActs.seal_completion_request, ref)
        async with self._checking:
            publication = await self.perform(RegisterActs.notify_completion_request, ref)
            if isinstance(publication, Notified) and self._settlement is None:
                self._stop_clock(publication)
        self.announce()
        return publication

    @workflow.update(name="complete", description="Regarder à nouveau le délai : pièces reçues, ou demande annulée")
    async def complete(self, ref: Ref) -> None:
        """Check the clock again; a new reception (`ref.id` is its version) gets its own receipt."""
        await self._check_register()
        if ref.id:
            await self.perform(DocumentActs.issue_receipt, ref)
            self.announce()

    @workflow.update(name="desist", description="Prendre acte du désistement de l’employeur")
    async def desist(self, ref: Ref) -> None:
        """Take note that the employer abandoned the request."""
        await self._check_register()

    @workflow.update(name="supply_opinion", description="Prendre acte de l’avis du CSE reçu")
    async def supply_opinion(self, ref: Ref) -> None:
        """Take note of an opinion that followed the request."""
        self._opinion_awaited = False

    @workflow.update(name="release_hand_over", description="Transmettre à l’ASP, si plus rien ne la retient")
    async def release_hand_over(self, ref: Ref) -> None:
        """Take note that a reason to hold the hand-over was removed; the register says whether any is left."""
        self._releases += 1
        if self._settlement is None:  # a run that has just started again
            await self._check_register()

    @decide.validator
    @request_completion.validator
    @complete.validator
    @desist.validator
    @supply_opinion.validator
    @release_hand_over.validator
    def _concerns_this_case(self, ref: Ref) -> None:
        if ref.reference != self._case.reference:
            raise ApplicationError("Ce message concerne un autre dossier.", type="other-case")

    @workflow.query(name="wakes_at", description="Prochain instant attendu")
    def wakes_at(self) -> datetime | None:
        """Return the next instant that a timer waits for."""
        return self._clock.wakes_at

    # The clock

    async def _check_register(self) -> None:
        """Establish silence if it is due; checks run one at a time, so that the newest answer is applied last."""
        async with self._checking:
            self._on_outcome(await self.perform(RegisterActs.establish_silence, self._ref()))

    def _on_outcome(self, answer: SilenceOutcome) -> None:
        """Apply the register's answer on this case."""
        if self._settlement is not None:
            return
        if isinstance(answer, NotDue):
            moved = answer.deadline_at != self._clock.deadline_at
            self._clock.sync_with_register(answer.deadline_at, answer.seconds_left)
            if moved and answer.deadline_at:
                self._restart_clock(answer.receipt, answer.deadline_at)
        else:
            outcome = answer.outcome if isinstance(answer, AlreadySettled) else Outcome.TACIT
            self._settlement = AlreadySettled(outcome=outcome, effect_at=answer.effect_at, void=answer.void)
            self._clock.restart(None)

    def _restart_clock(self, receipt: Receipt, deadline_at: datetime) -> None:
        self._reminders = reminders.before_silence(self._case.reference, self._case.department, receipt)
        self.describe(operator_texts.under_review(self._case, receipt.rule, deadline_at))
        workflow.upsert_search_attributes(
            [STATUS.value_set("under_review"), DEADLINE.value_set(deadline_at), RULE.value_set(receipt.rule)]
        )

    def _stop_clock(self, notified: Notified) -> None:
        self._completion_reminder = Reminder(
            subject=self._case.reference, kind="completion", rung=0, instant=notified.limit_at
        )
        self._clock.restart(None)
        self.describe(operator_texts.awaiting_completion(self._case, notified.limit_at))
        workflow.upsert_search_attributes([STATUS.value_set("awaiting_completion"), DEADLINE.value_unset()])

    def _next_reminder(self) -> Reminder | None:
        return self._completion_reminder if self._clock.deadline_at is None else self._clock.next(self._reminders)

    def _timer_summary(self, reminder: Reminder | None) -> str:
        if self._clock.deadline_at is None:
            return operator_texts.UNTIL_LIMIT
        return operator_texts.UNTIL_REMINDER if reminder else operator_texts.UNTIL_SILENCE

    # Helpers

    async def _remind(self, reminder: Reminder) -> None:
        if reminder is self._completion_reminder:
            self._completion_reminder = None
        if await self.perform(RegisterActs.remind, reminder):
            self.announce()

    def _opinion_is_moot(self) -> bool:
        closed = self._settlement is not None and self._settlement.outcome in (
            Outcome.REFUSED,
            Outcome.DESISTED,
        )
        return closed or not self._opinion_awaited

    def _show(self, settlement: AlreadySettled) -> None:
        self.describe(operator_texts.settled(self._case, settlement.outcome, settlement.effect_at))
        workflow.upsert_search_attributes(
            [STATUS.value_set(settlement.outcome.status), OUTCOME.value_set(settlement.outcome)]
        )

    def _ref(self, subject: str = "") -> Ref:
        return Ref(reference=self._case.reference, id=subject)

"""The life of one request for authorization, from its receipt to the forfeiture of its last claim.

R. 5122-4: the decision is notified within the delay; at its end, silence is acceptance. Which of the two came
first is for the register to say, by instants; this process wakes at those instants and asks.
"""

import asyncio
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from law.calendar import midnight
from law.claim import claims_forfeited_on
from law.reminders import council_reminder
from models.engine.names import DEADLINE, OUTCOME, RULE, STATUS
from models.messages.acts import DocumentActs, RegisterActs
from models.messages.case import (
    AlreadySettled,
    Case,
    Ended,
    NotDue,
    Notified,
    Publication,
    Receipt,
    Ref,
    Reminder,
    SilenceOutcome,
)
from workflows.parts import operator_texts, reminders
from workflows.parts.clock import LegalClock
from workflows.parts.notices import NoticeSender

STATUSES = {
    "granted": "authorized",
    "tacit": "tacitly_authorized",
    "refused": "refused",
    "desisted": "desisted",
}


@workflow.defn(name="Authorization")
class AuthorizationWorkflow(NoticeSender):
    """Demande préalable d'autorisation (R. 5122-2 à R. 5122-4)."""

    @workflow.init
    def __init__(self, case: Case) -> None:
        super().__init__()
        self._case = case
        self._clock = LegalClock(case.receipt.tacit_acceptance_at)
        self._rungs = reminders.before_silence(case.reference, case.department, case.receipt)
        self._limit: Reminder | None = None
        self._standing: AlreadySettled | None = None
        self._opinion_awaited = case.opinion_due_on is not None
        self._checking = asyncio.Lock()

    @workflow.run
    async def run(self, case: Case) -> Ended:
        """Acknowledge, wait for a decision or for silence, conclude, then live until nothing can follow."""
        receipt = case.receipt
        workflow.set_current_details(
            operator_texts.under_review(case, receipt.rule, receipt.tacit_acceptance_at)
        )
        steps = (self._acknowledge(), self._control(), self._await_opinion())
        beside = [asyncio.create_task(step) for step in steps]
        posting = asyncio.create_task(self.post_notices())
        standing = await self._decision_or_silence()
        await self._conclude(standing)
        await self._inform_council(standing)
        await self._outlast_claims(standing)
        await asyncio.gather(*beside)
        await workflow.wait_condition(workflow.all_handlers_finished)
        self._over = True  # nothing is announced any more
        await posting
        await self.perform(RegisterActs.close_case, self._ref())
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.set_current_details(operator_texts.closed(case, standing.outcome, standing.effect_at))
        return Ended(reference=case.reference, outcome=standing.outcome)

    # The steps of the procedure

    async def _acknowledge(self) -> None:
        """Récépissé électronique de dépôt (R. 5122-26, II)."""
        await self.perform(DocumentActs.issue_receipt, self._ref(str(self._case.receipt.version)))
        self.announce()

    async def _control(self) -> None:
        """Controls inform the agent within the delay, and hold nothing up."""
        await self.perform(RegisterActs.control, self._ref())

    async def _decision_or_silence(self) -> AlreadySettled:
        """Wait for an outcome: one is notified, or the instant comes and silence is one (R. 5122-4)."""
        while self._standing is None:
            rung = self._next_rung()
            instant = rung.instant if rung else self._clock.deadline_at
            if not await self._clock.reach(instant, self._awaited(rung)):
                continue
            if rung is None or self._clock.is_over:
                await self._check_register()
            else:
                await self._remind(rung)
        return self._standing

    async def _conclude(self, standing: AlreadySettled) -> None:
        """Attest the silence (CRPA L. 232-3), tell of a decision it overtook, hand the authorization over."""
        self._show(standing)
        if standing.outcome == "tacit":
            await self.perform(DocumentActs.issue_attestation, self._ref())
        if standing.void:
            await self.perform(DocumentActs.issue_void_notice, self._ref(standing.void))
        if standing.outcome in ("granted", "tacit"):
            await self.perform(RegisterActs.hand_over, self._ref())
        self.announce()

    async def _inform_council(self, standing: AlreadySettled) -> None:
        """The employer informs the works council of the decision (R. 5122-4): a reminder."""
        if self._case.council and standing.outcome != "desisted":
            instant = council_reminder(standing.effect_at)
            await self._clock.until(instant, lambda: False, operator_texts.UNTIL_COUNCIL)
            await self._remind(Reminder(subject=self._case.reference, kind="inform_council", rung=0))

    async def _outlast_claims(self, standing: AlreadySettled) -> None:
        """An authorization lives until its last claim would be out of time (L. 5122-1, IV)."""
        if standing.outcome in ("granted", "tacit"):
            forfeited_on = claims_forfeited_on(self._case.end_on, self._case.filed_on).forfeited_on
            instant = midnight(forfeited_on, self._case.department)
            await self._clock.until(instant, lambda: False, operator_texts.UNTIL_FORFEITURE)

    async def _await_opinion(self) -> None:
        """An opinion that may follow the request is reminded of, and its want is flagged (R. 5122-2)."""
        case = self._case
        if case.opinion_due_on is None:
            return
        for rung in reminders.before_opinion(
            case.reference, case.department, case.opinion_due_on, case.receipt.received_at
        ):
            if not await self._clock.until(rung.instant, self._opinion_is_moot, operator_texts.UNTIL_OPINION):
                return
            await self._remind(rung)

    # What is said to it

    @workflow.update(name="decide", description="Signer puis notifier une décision enregistrée")
    async def decide(self, ref: Ref) -> Publication:
        """Sign a registered decision and notify it, if it is still in time."""
        if self._standing is None:
            await self.perform(DocumentActs.sign_decision, ref)
        async with self._checking:
            found = await self.perform(RegisterActs.notify_decision, ref)
            if isinstance(found, Notified) and found.outcome:
                self._on_outcome(AlreadySettled(outcome=found.outcome, effect_at=found.at))
        return found

    @workflow.update(name="request_completion", description="Sceller puis notifier une demande de pièces")
    async def request_completion(self, ref: Ref) -> Publication:
        """Seal a registered request for pieces and notify it: in time, it stops the clock (CRPA L. 114-5)."""
        if self._standing is None:
            await self.perform(DocumentActs.seal_completion_request, ref)
        async with self._checking:
            found = await self.perform(RegisterActs.notify_completion_request, ref)
            if isinstance(found, Notified) and self._standing is None:
                self._stop_clock(found)
        self.announce()
        return found

    @workflow.update(
        name="complete", description="Regarder à nouveau le délai : pièces reçues, ou demande annulée"
    )
    async def complete(self, ref: Ref) -> None:
        """Look at the clock again; a new reception (`ref.id`, its version) gets its own receipt."""
        await self._check_register()
        if ref.id:
            await self.perform(DocumentActs.issue_receipt, ref)
            self.announce()

    @workflow.update(name="desist", description="Prendre acte du désistement de l’employeur")
    async def desist(self, ref: Ref) -> None:
        """Take note that the employer gave the request up."""
        await self._check_register()

    @workflow.update(name="supply_opinion", description="Prendre acte de l’avis du CSE reçu")
    async def supply_opinion(self, ref: Ref) -> None:
        """Take note of an opinion that followed the request."""
        self._opinion_awaited = False

    @decide.validator
    @request_completion.validator
    @complete.validator
    @desist.validator
    @supply_opinion.validator
    def _concerns_this_case(self, ref: Ref) -> None:
        if ref.reference != self._case.reference:
            raise ApplicationError("Ce message concerne un autre dossier.", type="other-case")

    @workflow.query(name="wakes_at", description="Prochain instant attendu")
    def wakes_at(self) -> datetime | None:
        """Return the next instant that is waited for."""
        return self._clock.wakes_at

    # The clock

    async def _check_register(self) -> None:
        """Establish silence if it is due; one look at a time, so that the last one heard is the last one taken."""
        async with self._checking:
            self._on_outcome(await self.perform(RegisterActs.establish_silence, self._ref()))

    def _on_outcome(self, found: SilenceOutcome) -> None:
        """Believe what the register says of this case."""
        if self._standing is not None:
            return
        if isinstance(found, NotDue):
            moved = found.deadline_at != self._clock.deadline_at
            self._clock.sync_with_register(found.deadline_at, found.seconds_left)
            if moved and found.deadline_at:
                self._restart_clock(found.receipt, found.deadline_at)
        else:
            outcome = found.outcome if isinstance(found, AlreadySettled) else "tacit"
            self._standing = AlreadySettled(outcome=outcome, effect_at=found.effect_at, void=found.void)
            self._clock.restart(None)

    def _restart_clock(self, receipt: Receipt, deadline_at: datetime) -> None:
        self._rungs = reminders.before_silence(self._case.reference, self._case.department, receipt)
        workflow.set_current_details(operator_texts.under_review(self._case, receipt.rule, deadline_at))
        workflow.upsert_search_attributes(
            [STATUS.value_set("under_review"), DEADLINE.value_set(deadline_at), RULE.value_set(receipt.rule)]
        )

    def _stop_clock(self, found: Notified) -> None:
        self._limit = Reminder(
            subject=self._case.reference, kind="completion", rung=0, instant=found.limit_at
        )
        self._clock.restart(None)
        workflow.set_current_details(operator_texts.awaiting_completion(self._case, found.limit_at))
        workflow.upsert_search_attributes([STATUS.value_set("awaiting_completion"), DEADLINE.value_unset()])

    def _next_rung(self) -> Reminder | None:
        return self._limit if self._clock.deadline_at is None else self._clock.next(self._rungs)

    def _awaited(self, rung: Reminder | None) -> str:
        if self._clock.deadline_at is None:
            return operator_texts.UNTIL_LIMIT
        return operator_texts.UNTIL_REMINDER if rung else operator_texts.UNTIL_SILENCE

    # The rest

    async def _remind(self, rung: Reminder) -> None:
        if rung is self._limit:
            self._limit = None
        if await self.perform(RegisterActs.remind, rung):
            self.announce()

    def _opinion_is_moot(self) -> bool:
        dead = self._standing is not None and self._standing.outcome in ("refused", "desisted")
        return dead or not self._opinion_awaited

    def _show(self, standing: AlreadySettled) -> None:
        workflow.set_current_details(operator_texts.settled(self._case, standing.outcome, standing.effect_at))
        workflow.upsert_search_attributes(
            [STATUS.value_set(STATUSES[standing.outcome]), OUTCOME.value_set(standing.outcome)]
        )

    def _ref(self, subject: str = "") -> Ref:
        return Ref(reference=self._case.reference, id=subject)

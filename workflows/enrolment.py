"""The life of one request to enrol, from its receipt to its activation (R. 5122-26, I).

Credentials leave within the hour; when they have not, operators are alerted before its end, and the breach is
measured after it. Which instants have come is for the register to say; this process wakes and asks.
"""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from models.bodies.enrolment import TO_BE_TOLD, Enrolment, EnrolmentState
from models.engine.names import DEADLINE, STATUS
from models.messages.acts import DocumentActs, EnrolmentActs, RegisterActs
from models.messages.case import Incident, Ref, Reminder
from workflows.parts import operator_texts, reminders
from workflows.parts.clock import LegalClock
from workflows.parts.notices import NoticeSender

DELAY_INCIDENT = "delay"
"""Part of the incident that alerts operators: no service is known to be broken, the time is."""
RETRY_INTERVAL = timedelta(minutes=10)
"""Between two tries to send credentials that are due within the hour."""
STATUSES = {"open": "enrolling", "activated": "enrolled", "lapsed": "lapsed"}


@workflow.defn(name="Enrolment")
class EnrolmentWorkflow(NoticeSender):
    """Adhésion aux conditions générales d'utilisation (R. 5122-26, I)."""

    @workflow.init
    def __init__(self, enrolment: Enrolment) -> None:
        super().__init__()
        self._enrolment = enrolment
        self._delay = LegalClock(enrolment.alert_at)
        self._expiry = LegalClock(None)
        self._rungs: list[Reminder] = []
        self._standing: EnrolmentState | None = None
        self._alerted = False
        self._next: Enrolment | None = None

    @workflow.run
    async def run(self, enrolment: Enrolment) -> EnrolmentState:
        """Acknowledge, identify, send credentials within their delay; end when they are used, or lapse."""
        workflow.set_current_details(operator_texts.enrolling(enrolment))
        beside = [asyncio.create_task(step) for step in (self._acknowledge(), self._identify())]
        posting = asyncio.create_task(self.post_notices())
        await self._issue_credentials()
        watching = asyncio.create_task(self._watch_delay())
        standing = await self._activation_or_lapse()
        await asyncio.gather(*beside, watching)
        await self._identify_again(standing)
        workflow.set_current_details(operator_texts.ended_enrolment(standing))
        workflow.upsert_search_attributes([STATUS.value_set(STATUSES[standing.status])])
        await workflow.wait_condition(workflow.all_handlers_finished)
        self._over = True
        await posting
        if self._next:
            workflow.continue_as_new(self._next)
        return standing

    # The steps of the procedure

    async def _acknowledge(self) -> None:
        """Récépissé électronique de l'adhésion (R. 5122-26, I)."""
        await self.perform(DocumentActs.issue_enrolment_receipt, self._ref())

    async def _identify(self) -> None:
        """The register of establishments informs agents, and holds nothing up."""
        if await self.perform(EnrolmentActs.identify, self._ref()) in TO_BE_TOLD:
            self.announce()

    async def _issue_credentials(self) -> None:
        self._on_outcome(await self.perform(EnrolmentActs.issue_credentials, self._ref()))
        self.announce()

    async def _watch_delay(self) -> None:
        """Wake before the limit and at it while the credentials have not left."""
        while not self._has_left():
            instant = self._standing.watch_at if self._standing else None
            if await self._delay.reach(instant, operator_texts.UNTIL_CREDENTIALS):
                await self._watch()
        await self._close_alert()

    async def _activation_or_lapse(self) -> EnrolmentState:
        while self._standing is None or self._standing.status == "open":
            rung = self._expiry.next(self._rungs)
            instant = rung.instant if rung else self._expiry.deadline_at
            summary = operator_texts.UNTIL_ACTIVATION_REMINDER if rung else operator_texts.UNTIL_EXPIRY
            if not await self._expiry.reach(instant, summary):
                continue
            if rung is None or self._expiry.is_over:
                self._on_outcome(await self.perform(EnrolmentActs.lapse_enrolment, self._ref()))
                self.announce()
            elif await self.perform(RegisterActs.remind, rung):
                self.announce()
        return self._standing

    async def _identify_again(self, standing: EnrolmentState) -> None:
        """A register of establishments that was away is asked once more before anything is filed."""
        if standing.status == "activated" and standing.listed == "away":
            await self._identify()

    # What is said to it

    @workflow.update(name="resend", description="Émettre d’autres identifiants, demandés par l’employeur")
    async def resend(self, ref: Ref) -> None:
        """Issue other credentials: they were asked for again, or the address was corrected."""
        if self._standing is None or self._standing.status == "open":
            await self._issue_credentials()

    @workflow.update(
        name="complete", description="Regarder à nouveau l’adhésion : activée, caduque, ou en retard"
    )
    async def complete(self, ref: Ref) -> None:
        """Look at the enrolment again: the credentials were used, or an instant has come."""
        self._on_outcome(await self.perform(EnrolmentActs.lapse_enrolment, self._ref()))
        if not self._has_left():
            await self._watch()

    @resend.validator
    @complete.validator
    def _concerns_this_establishment(self, ref: Ref) -> None:
        if ref.reference != self._enrolment.siret:
            raise ApplicationError("Ce message concerne une autre adhésion.", type="other-case")

    @workflow.signal(name="enrolled", description="Une adhésion commence ; elle suit celle qui s’achève")
    def enrolled(self, enrolment: Enrolment) -> None:
        """Hear of an enrolment that begins: this one, or the one that follows it."""
        if enrolment.id != self._enrolment.id:
            self._next = enrolment

    @workflow.query(name="wakes_at", description="Prochain instant attendu")
    def wakes_at(self) -> datetime | None:
        """Return the next instant that is waited for."""
        awaited = [each for each in (self._delay.wakes_at, self._expiry.wakes_at) if each]
        return min(awaited, default=None)

    # The rest

    async def posted(self) -> None:
        """Hear whether the credentials are among what has been sent."""
        if self._standing and self._standing.sent_at is None:
            await self._watch()

    def longer(self, pause: timedelta) -> timedelta:
        """Within their delay, what holds the credentials up is tried often enough to keep it; then ever more rarely."""
        within = workflow.now() < self._enrolment.due_at and not self._has_left()
        return min(super().longer(pause), RETRY_INTERVAL) if within else super().longer(pause)

    async def _watch(self) -> None:
        found = await self.perform(EnrolmentActs.watch_credentials, self._ref())
        alerted = found.sent_at is None and found.watch_at != self._enrolment.alert_at
        self._on_outcome(found)
        if alerted and not self._alerted:
            self._alerted = True
            await self.perform(RegisterActs.open_incident, self._late())

    async def _close_alert(self) -> None:
        if self._alerted:
            await self.perform(RegisterActs.close_incident, self._late())

    def _late(self) -> Incident:
        return Incident(subject=workflow.info().workflow_id, act="send_credentials", part=DELAY_INCIDENT)

    def _has_left(self) -> bool:
        found = self._standing
        return found is not None and (found.sent_at is not None or found.status != "open")

    def _on_outcome(self, found: EnrolmentState) -> None:
        """Believe what the register says of this enrolment."""
        self._standing = found
        self._delay.sync_with_register(found.watch_at, _left(found.watch_at, found.now))
        if found.expires_at and found.expires_at != self._expiry.deadline_at:
            self._rungs = reminders.before_expiry(self._enrolment.siret, found)
            workflow.upsert_search_attributes([DEADLINE.value_set(found.expires_at)])
        self._expiry.sync_with_register(found.expires_at, _left(found.expires_at, found.now))
        workflow.set_current_details(operator_texts.awaiting_activation(self._enrolment, found))

    def _ref(self) -> Ref:
        return Ref(reference=self._enrolment.siret, id=self._enrolment.id)


def _left(instant: datetime | None, now: datetime) -> float:
    """Seconds until an instant, by the register's clock."""
    return (instant - now).total_seconds() if instant else 0

"""The life of one request to enrol, from its receipt to its activation (R. 5122-26, I).

Credentials must leave within the hour: operators are alerted shortly before it ends, and a breach is measured
after it. The register decides which instants have passed; this process wakes and asks it.
"""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from models.engine.names import DEADLINE, STATUS, subject_of
from models.labels import Part
from models.messages.acts import DocumentActs, EnrolmentActs, RegisterActs
from models.messages.case import Incident, Ref, Reminder
from models.messages.enrolment import REPORTED_TO_AGENTS, Enrolment, EnrolmentState, Listed
from workflows.parts import operator_texts, reminders
from workflows.parts.asking_again import pauses
from workflows.parts.clock import LegalClock
from workflows.parts.notices import NoticeSender

RETRY_INTERVAL = timedelta(minutes=10)
"""Pause between two attempts to send credentials that are due within the hour."""
LAST_MAILS_WAIT = timedelta(hours=1)
"""How long the end of an enrolment waits for its last mails, which are a courtesy."""
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
        self._reminders: list[Reminder] = []
        self._state: EnrolmentState | None = None
        self._alerted = False
        self._next: Enrolment | None = None

    @workflow.run
    async def run(self, enrolment: Enrolment) -> EnrolmentState:
        """Acknowledge, identify, send credentials within their delay; end when they are used or lapse."""
        self.describe(operator_texts.enrolling(enrolment))
        receipt_last = workflow.patched("receipt-when-activated")
        steps = (self._identify(),) if receipt_last else (self._acknowledge(), self._identify())
        beside = [asyncio.create_task(step) for step in steps]
        sending = asyncio.create_task(self.send_notices())
        await self._issue_credentials()
        watching = asyncio.create_task(self._watch_delay())
        state = await self._activation_or_lapse()
        await asyncio.gather(*beside, watching)
        await self._identify_again(state)
        if receipt_last and state.status == "activated":
            await self._acknowledge()
        self.describe(operator_texts.ended_enrolment(state))
        workflow.upsert_search_attributes([STATUS.value_set(STATUSES[state.status])])
        await workflow.wait_condition(workflow.all_handlers_finished)
        self._finished = True
        await self._last_mails(sending)
        if self._next:
            workflow.continue_as_new(self._next)
        return state

    # The steps of the procedure

    async def _acknowledge(self) -> None:
        """Récépissé électronique de l'adhésion (R. 5122-26, I), once its code has shown whose address it is.

        A stranger can request enrolments without end; each receipt costs a seal and a time-stamp.
        """
        await self.perform(DocumentActs.issue_enrolment_receipt, self._ref())

    async def _identify(self) -> None:
        """The directory of establishments informs agents; it blocks nothing. It is asked again while it is away."""
        if await self._ask_directory() != "away" or not workflow.patched("identify-again"):
            return
        async for _ in pauses(self._has_ended):
            if await self._ask_directory() != "away":
                return

    async def _ask_directory(self) -> Listed:
        listed = await self.perform(EnrolmentActs.identify, self._ref())
        if listed in REPORTED_TO_AGENTS:
            self.announce()
        return listed

    async def _issue_credentials(self) -> None:
        self._on_outcome(await self.perform(EnrolmentActs.issue_credentials, self._ref()))
        self.announce()

    async def _watch_delay(self) -> None:
        """Wake before the limit and at it, until the credentials have left."""
        while not self._nothing_to_watch():
            instant = self._state.watch_at if self._state else None
            if await self._delay.reach(instant, operator_texts.UNTIL_CREDENTIALS):
                await self._check_credentials()
        await self._close_alert()

    async def _activation_or_lapse(self) -> EnrolmentState:
        while self._state is None or self._state.status == "open":
            reminder = self._expiry.next(self._reminders)
            instant = reminder.instant if reminder else self._expiry.deadline_at
            summary = operator_texts.UNTIL_ACTIVATION_REMINDER if reminder else operator_texts.UNTIL_EXPIRY
            if not await self._expiry.reach(instant, summary):
                continue
            if reminder is None or self._expiry.is_over:
                self._on_outcome(await self.perform(EnrolmentActs.lapse_enrolment, self._ref()))
                self.announce()
            elif await self.perform(RegisterActs.remind, reminder):
                self.announce()
        return self._state

    async def _identify_again(self, state: EnrolmentState) -> None:
        """Query the directory of establishments once more if it was unavailable, before anything is filed."""
        if state.status == "activated" and state.listed == "away":
            await self._ask_directory()

    async def _last_mails(self, sending: asyncio.Task[None]) -> None:
        if not workflow.patched("end-despite-mails"):
            await sending
        elif await self.is_sent_within(sending, LAST_MAILS_WAIT):
            await sending  # raises what it raised

    # Updates, signals and queries

    @workflow.update(name="resend", description="Émettre d’autres identifiants, demandés par l’employeur")
    async def resend(self, ref: Ref) -> None:
        """Issue new credentials: the employer asked for them, or the address was corrected."""
        if self._state is None or self._state.status == "open":
            await self._issue_credentials()

    @workflow.update(name="complete", description="Regarder à nouveau l’adhésion : activée, caduque, ou en retard")
    async def complete(self, ref: Ref) -> None:
        """Check the enrolment again: the credentials were used, or an instant has passed."""
        self._on_outcome(await self.perform(EnrolmentActs.lapse_enrolment, self._ref()))
        if not self._nothing_to_watch():
            await self._check_credentials()

    @resend.validator
    @complete.validator
    def _concerns_this_establishment(self, ref: Ref) -> None:
        if ref.reference not in (self._enrolment.siret, self._enrolment.id):
            raise ApplicationError("Ce message concerne une autre adhésion.", type="other-case")

    @workflow.signal(name="enrolled", description="Une adhésion commence ; elle suit celle qui s’achève")
    def enrolled(self, enrolment: Enrolment) -> None:
        """Take note of an enrolment that begins: this one, or the one that follows it."""
        if enrolment.id != self._enrolment.id:
            self._next = enrolment

    @workflow.query(name="wakes_at", description="Prochain instant attendu")
    def wakes_at(self) -> datetime | None:
        """Return the next instant that a timer waits for."""
        instants = [each for each in (self._delay.wakes_at, self._expiry.wakes_at) if each]
        return min(instants, default=None)

    # Helpers

    async def on_notices_sent(self) -> None:
        """Check whether the credentials were among the notices just sent."""
        if self._state and self._state.sent_at is None:
            await self._check_credentials()

    def next_pause(self, pause: timedelta) -> timedelta:
        """Retry often while the credentials can still leave within their delay; then at ever longer pauses."""
        within = workflow.now() < self._enrolment.due_at and not self._nothing_to_watch()
        return min(super().next_pause(pause), RETRY_INTERVAL) if within else super().next_pause(pause)

    async def _check_credentials(self) -> None:
        state = await self.perform(EnrolmentActs.watch_credentials, self._ref())
        alerted = state.sent_at is None and not state.refused and state.watch_at != self._enrolment.alert_at
        self._on_outcome(state)
        if alerted and not self._alerted:
            self._alerted = True
            await self.perform(RegisterActs.open_incident, self._delay_incident())

    async def _close_alert(self) -> None:
        if self._alerted:
            await self.perform(RegisterActs.close_incident, self._delay_incident())

    def _delay_incident(self) -> Incident:
        return Incident(subject=workflow.info().workflow_id, act="send_credentials", part=Part.DELAY)

    def _has_ended(self) -> bool:
        return self._state is not None and self._state.status != "open"

    def _nothing_to_watch(self) -> bool:
        state = self._state
        return state is not None and (state.sent_at is not None or state.status != "open")

    def _on_outcome(self, state: EnrolmentState) -> None:
        """Apply the register's answer on this enrolment."""
        self._state = state
        self._delay.sync_with_register(state.watch_at, _seconds_left(state.watch_at, state.now))
        if state.expires_at and state.expires_at != self._expiry.deadline_at:
            self._reminders = reminders.before_expiry(subject_of(workflow.info().workflow_id), state)
            workflow.upsert_search_attributes([DEADLINE.value_set(state.expires_at)])
        self._expiry.sync_with_register(state.expires_at, _seconds_left(state.expires_at, state.now))
        self.describe(operator_texts.awaiting_activation(self._enrolment, state))

    def _ref(self) -> Ref:
        return Ref(reference=self._enrolment.siret, id=self._enrolment.id)


def _seconds_left(instant: datetime | None, now: datetime) -> float:
    """Seconds until an instant, by the register's clock."""
    return (instant - now).total_seconds() if instant else 0

"""The life of a draft: it may be filed until its window closes, then it lapses (R. 5122-2, R. 5122-3)."""

import asyncio
from datetime import datetime

from temporalio import workflow

from models.engine.names import DEADLINE, STATUS
from models.messages.acts import RegisterActs
from models.messages.case import Ref
from models.messages.draft import Draft, DraftEnd
from workflows.parts import operator_texts, reminders
from workflows.parts.clock import LegalClock
from workflows.parts.notices import NoticeSender


@workflow.defn(name="Draft")
class DraftWorkflow(NoticeSender):
    """Brouillon de demande préalable : son délai de dépôt."""

    @workflow.init
    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self._clock = LegalClock(draft.accepted_until)
        self._end: DraftEnd | None = None

    @workflow.run
    async def run(self, draft: Draft) -> DraftEnd:
        """Remind the employer while the window is open; end when the draft is filed or lapses."""
        self.describe(operator_texts.open_draft(draft))
        self._reminders = reminders.before_lapse(draft, workflow.now())
        if workflow.info().continued_run_id:
            self.announce()  # the run before may have left some
        sending = asyncio.create_task(self.send_notices())
        end = await self._filing_or_lapse()
        self.describe(operator_texts.ended_draft(end))
        workflow.upsert_search_attributes([STATUS.value_set(end.status)])
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self.end_notices(sending)
        return end

    async def _filing_or_lapse(self) -> DraftEnd:
        while self._end is None:
            if workflow.info().is_continue_as_new_suggested():
                await self._go_on_in_a_new_run()
                continue
            reminder = self._clock.next(self._reminders)
            instant = reminder.instant if reminder else self._clock.deadline_at
            summary = operator_texts.UNTIL_DRAFT_REMINDER if reminder else operator_texts.UNTIL_LAPSE
            if not await self._clock.reach(instant, summary):
                continue
            if reminder is None or self._clock.is_over:
                self._on_outcome(await self.perform(RegisterActs.lapse_draft, self._ref()))
            else:
                await self.perform(RegisterActs.remind, reminder)
                self.announce()
        if self._end.status == "lapsed":
            self.announce()
        return self._end

    async def _go_on_in_a_new_run(self) -> None:
        """Leave a long history behind: the engine takes 2,000 updates a run, and a draft may be moved for years."""
        await workflow.wait_condition(workflow.all_handlers_finished)
        if self._end is None:
            workflow.continue_as_new(self._draft)

    @workflow.update(name="complete", description="Regarder à nouveau le brouillon : déposé, ou modifié")
    async def complete(self, ref: Ref) -> DraftEnd:
        """Check the draft again: it was filed under a reference, or its window moved."""
        state = await self.perform(RegisterActs.lapse_draft, ref)
        self._on_outcome(state)
        return state

    @workflow.query(name="wakes_at", description="Prochain instant attendu")
    def wakes_at(self) -> datetime | None:
        """Return the next instant that a timer waits for."""
        return self._clock.wakes_at

    def _on_outcome(self, state: DraftEnd) -> None:
        if state.status == "draft":
            self._clock.sync_with_register(state.accepted_until, state.seconds_left)
            self._draft = self._draft.model_copy(update={"accepted_until": state.accepted_until})
            self._reminders = reminders.before_lapse(self._draft, workflow.now())
            workflow.upsert_search_attributes([DEADLINE.value_set(state.accepted_until)])
        else:
            self._end = state
            self._clock.restart(None)

    def _ref(self) -> Ref:
        return Ref(reference=self._draft.id, id=self._draft.id)

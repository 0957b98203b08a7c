"""The life of one version of a claim, from its receipt to the agency’s answer.

The register decides where a claim stands; this process is woken whenever it changed there, asks, and does the one
thing that is next: hold, control, put its people into a file, sign, hand over. Payments have processes of their own.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from models.claim_labels import ClaimState
from models.engine.names import OUTCOME, STATUS
from models.labels import DocumentKind
from models.messages.acts import ClaimActs, DocumentActs
from models.messages.agency_acts import NominalActs
from models.messages.case import DocumentOrder, DocumentRef, Ref
from models.messages.claim import ClaimEnd, ClaimStanding, MonthlyClaim
from workflows.parts import operator_texts
from workflows.parts.notices import NoticeSender


@workflow.defn(name="Claim")
class ClaimWorkflow(NoticeSender):
    """Demande d'indemnisation (R. 5122-5, R. 5122-14 ; arrêté du 24 juillet 2014, art. 5)."""

    @workflow.init
    def __init__(self, claim: MonthlyClaim) -> None:
        super().__init__()
        self._claim = claim
        self._changes = 0
        self._seen = 0

    @workflow.run
    async def run(self, claim: MonthlyClaim) -> ClaimEnd:
        """Acknowledge, then do what the register asks for until nothing more can follow."""
        self.describe(operator_texts.claim_in_state(claim, ClaimStanding(state=ClaimState.ADMITTED)))
        sending = asyncio.create_task(self.send_notices())
        acknowledging = asyncio.create_task(self._acknowledge())
        end = await self._follow()
        await acknowledging
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self.end_notices(sending)
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.upsert_search_attributes([STATUS.value_set(end.state), OUTCOME.value_set(end.state)])
        return ClaimEnd(subject=claim.subject, state=end.state)

    # The steps of the procedure

    async def _acknowledge(self) -> None:
        """Récépissé de la demande d'indemnisation (CRPA R. 112-11-1)."""
        order = DocumentOrder(reference=self._claim.reference, id=self._claim.id, kind=DocumentKind.CLAIM_RECEIPT)
        await self.perform(DocumentActs.issue_document, order)
        self.announce()

    async def _follow(self) -> ClaimStanding:
        """Do what is next, as the register has it, until the claim is over."""
        while not (standing := await self._look()).is_over:
            await self._go_on(standing)
        return standing

    async def _look(self) -> ClaimStanding:
        """Ask the register where the claim stands; it is held or released there."""
        self._seen = self._changes  # read first: what changes meanwhile is looked at again
        standing = await self.perform(ClaimActs.look_at_claim, self._ref())
        if standing.told:
            self.announce()
        self.describe(operator_texts.claim_in_state(self._claim, standing))
        return standing

    async def _go_on(self, standing: ClaimStanding) -> None:
        """Take the next step, or wait for whoever takes it."""
        if standing.refused:
            await self._sign(DocumentActs.sign_claim_refusal)
        elif standing.state is ClaimState.ADMITTED:
            await self.perform(ClaimActs.control_claim, self._ref())
        elif standing.to_envelop:
            await self.perform(NominalActs.envelop_people, self._ref())
        elif standing.state is ClaimState.AGREED:
            await self._sign(DocumentActs.sign_claim)
        else:
            if standing.state is ClaimState.SIGNED:
                await self._hand_over()
            await self._until_changed()

    async def _sign(self, act: Callable[[DocumentActs, Ref], DocumentRef | None]) -> None:
        """Sign what an agent decided (arrêté du 24 juillet 2014, art. 5); nothing is signed without a power to sign."""
        if await self.perform(act, self._ref()):
            self.announce()

    async def _hand_over(self) -> None:
        """Queue the signed claim for the paying agency, once nothing holds its case; idempotent."""
        if held := await self.perform(ClaimActs.hand_over_claim, self._ref()):
            self.describe(operator_texts.held_claim(self._claim, held))

    async def _until_changed(self) -> None:
        """Wait for an agent, the employer or the agency: for none of them is an instant known."""
        await workflow.wait_condition(lambda: self._changes != self._seen)

    # Updates and queries

    @workflow.update(name="look", description="Regarder à nouveau le registre : la demande d’indemnisation a changé")
    async def look(self, ref: Ref) -> None:
        """Note that the register changed. An act that is parked is tried again: there may be nothing to do any more."""
        self._changes += 1
        self.resume()

    @workflow.update(name="complete", description="Regarder à nouveau le registre, rétabli d’une sauvegarde")
    async def complete(self, ref: Ref) -> None:
        """Note that the register may have changed, as reconciliation tells processes of every kind."""
        self._changes += 1

    @look.validator
    @complete.validator
    def _concerns_this_claim(self, ref: Ref) -> None:
        if ref.reference != self._claim.subject:
            raise ApplicationError("Ce message concerne une autre demande d’indemnisation.", type="other-claim")

    @workflow.query(name="wakes_at", description="Prochain instant attendu")
    def wakes_at(self) -> datetime | None:
        """Return no instant: nothing here waits for one."""
        return None

    def _ref(self) -> Ref:
        return Ref(reference=self._claim.reference, id=self._claim.id)

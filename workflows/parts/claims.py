"""How long an authorization stays open: until its last claim would be out of time (L. 5122-1, IV).

The register says when: the period that counts is the one granted, which may have changed while the process waited.
"""

from temporalio import workflow

from law.calendar import midnight
from law.forfeiture import forfeiture
from models.messages.acts import RegisterActs
from models.messages.case import Case, Ref
from workflows.parts import operator_texts
from workflows.parts.clock import LegalClock
from workflows.parts.running_acts import ActRunner


async def outlast_claims(process: ActRunner, clock: LegalClock, case: Case) -> None:
    """Wait until the claims of an authorization are out of time, by the register's clock."""
    if not workflow.patched("period-granted"):
        await _outlast_period_requested(clock, case)
        if not workflow.patched("period-granted-at-last"):
            return
    ref = Ref(reference=case.reference, id="")
    while (claims := await process.perform(RegisterActs.find_forfeiture, ref)).seconds_left > 0:
        clock.adopt_time(claims.forfeited_at, claims.seconds_left)
        await clock.until(claims.forfeited_at, lambda: False, operator_texts.UNTIL_FORFEITURE)


async def _outlast_period_requested(clock: LegalClock, case: Case) -> None:
    """Wait as open cases began to before the register was asked: by the period requested, whatever was granted."""
    instant = midnight(forfeiture(case.end_on, case.filed_on).forfeited_on, case.department)
    await clock.until(instant, lambda: False, operator_texts.UNTIL_FORFEITURE)

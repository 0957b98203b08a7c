"""How a process asks the register of establishments again: a queue, never a refusal, and nothing waits for it."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Final

from temporalio import workflow

from models.messages.acts import RegisterActs
from models.messages.case import NOT_CONFIRMED, Ref
from workflows.parts import operator_texts
from workflows.parts.running_acts import ActRunner

FIRST_PAUSE: Final = timedelta(minutes=1)
"""A minute after its calls were spent, the register may be asked again."""
GROWTH: Final = 5
MAX_TRIES: Final = 6
"""One minute, then five times longer each time: the last try is almost three days later. The next request of the
establishment asks again; until then the agent sees that nothing is confirmed."""


async def pauses(is_over: Callable[[], bool]) -> AsyncIterator[None]:
    """Yield after each pause, until `is_over`, which ends the pause too."""
    for attempt in range(MAX_TRIES):
        try:
            pause = FIRST_PAUSE * GROWTH**attempt
            await workflow.wait_condition(is_over, timeout=pause, timeout_summary=operator_texts.UNTIL_CONFIRMED)
        except TimeoutError:
            yield
        else:
            return


async def control_until_confirmed(process: ActRunner, ref: Ref, is_over: Callable[[], bool]) -> None:
    """Control a request; again while the register of establishments has not answered and nothing is decided."""
    if NOT_CONFIRMED not in await process.perform(RegisterActs.control, ref) or not workflow.patched("control-again"):
        return
    async for _ in pauses(is_over):
        if NOT_CONFIRMED not in await process.perform(RegisterActs.control, ref):
            return

"""The legal clock of one request: it runs to an instant, stops, and starts again; timers are disposable."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from temporalio import workflow

from models.messages.case import Reminder

SHORTEST_TIMER = timedelta(milliseconds=1)
"""A timer of nothing is no timer."""


class LegalClock:
    """A deadline, or none while the clock is stopped.

    The register's clock judges. `_ahead` is by how much the engine's clock was found to run ahead of it: it
    shifts when timers fire, never the instant itself.
    """

    def __init__(self, deadline_at: datetime | None) -> None:
        self.deadline_at = deadline_at
        self._ahead = timedelta()
        self._restarts = 0
        self._awaited: list[datetime] = []

    @property
    def wakes_at(self) -> datetime | None:
        """The next instant that is waited for, as the law dates it."""
        return min(self._awaited, default=None)

    @property
    def is_over(self) -> bool:
        """Whether the deadline has come, as far as the engine knows."""
        return self.deadline_at is not None and workflow.now() - self._ahead >= self.deadline_at

    def restart(self, deadline_at: datetime | None) -> None:
        """Stop the clock (None) or restart it; `reach` looks again."""
        self.deadline_at = deadline_at
        self._restarts += 1

    def sync_with_register(self, deadline_at: datetime | None, seconds_left: float) -> None:
        """Believe the register: its deadline, and its time."""
        if deadline_at:
            registers_now = deadline_at - timedelta(seconds=seconds_left)
            self._ahead = max(workflow.now() - registers_now, timedelta())
        self.restart(deadline_at)

    def next(self, rungs: Iterable[Reminder]) -> Reminder | None:
        """Return the first reminder still ahead; none is made up for once its time has passed."""
        now = workflow.now()
        return next((rung for rung in rungs if rung.instant and rung.instant > now), None)

    async def reach(self, instant: datetime | None, summary: str) -> bool:
        """Wait until `instant` (None: for ever); False when the clock turned before."""
        seen = self._restarts
        return await self.until(instant, lambda: self._restarts != seen, summary)

    async def until(self, instant: datetime | None, unless: Callable[[], bool], summary: str) -> bool:
        """Wait until `instant` (None: for ever); False when `unless` became true before."""
        if instant is None:
            await workflow.wait_condition(unless)
            return False
        self._awaited.append(instant)
        try:
            left = max(instant - workflow.now() + self._ahead, SHORTEST_TIMER)
            await workflow.wait_condition(unless, timeout=left, timeout_summary=summary)
        except TimeoutError:
            return True
        finally:
            self._awaited.remove(instant)
        return False

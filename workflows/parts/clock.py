"""The legal clock of one request: it runs to an instant, stops, and starts again; timers are disposable."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from temporalio import workflow

from models.messages.case import Reminder

SHORTEST_TIMER = timedelta(milliseconds=1)
"""The engine starts no timer for a duration of zero."""


class LegalClock:
    """A deadline, or none while the clock is stopped.

    The register's clock is authoritative. `_ahead` is how far the engine's clock was found to run ahead of it: it
    shifts the moment when timers fire, never the legal instant.
    """

    def __init__(self, deadline_at: datetime | None) -> None:
        self.deadline_at = deadline_at
        self._ahead = timedelta()
        self._restarts = 0
        self._instants: list[datetime] = []

    @property
    def wakes_at(self) -> datetime | None:
        """The next instant that a timer waits for, as the law dates it."""
        return min(self._instants, default=None)

    @property
    def is_over(self) -> bool:
        """Whether the deadline has come, as far as the engine knows."""
        return self.deadline_at is not None and workflow.now() - self._ahead >= self.deadline_at

    def restart(self, deadline_at: datetime | None) -> None:
        """Stop the clock (None) or restart it; a pending `reach` returns False."""
        self.deadline_at = deadline_at
        self._restarts += 1

    def sync_with_register(self, deadline_at: datetime | None, seconds_left: float) -> None:
        """Adopt the register's deadline and its time."""
        if deadline_at:
            self.adopt_time(deadline_at, seconds_left)
        self.restart(deadline_at)

    def adopt_time(self, instant: datetime, seconds_left: float) -> None:
        """Adopt the register's time: by its clock, `instant` is `seconds_left` away."""
        registers_now = instant - timedelta(seconds=seconds_left)
        self._ahead = max(workflow.now() - registers_now, timedelta())

    def next(self, reminders: Iterable[Reminder]) -> Reminder | None:
        """Return the first reminder still to come; a missed reminder is not sent late."""
        now = workflow.now()
        return next((each for each in reminders if each.instant and each.instant > now), None)

    async def reach(self, instant: datetime | None, summary: str) -> bool:
        """Wait until `instant` (None: for ever); False when the clock was stopped or restarted before."""
        seen = self._restarts
        return await self.until(instant, lambda: self._restarts != seen, summary)

    async def until(self, instant: datetime | None, unless: Callable[[], bool], summary: str) -> bool:
        """Wait until `instant` (None: for ever); False when `unless` became true before."""
        if instant is None:
            await workflow.wait_condition(unless)
            return False
        self._instants.append(instant)
        try:
            left = max(instant - workflow.now() + self._ahead, SHORTEST_TIMER)
            await workflow.wait_condition(unless, timeout=left, timeout_summary=summary)
        except TimeoutError:
            return True
        finally:
            self._instants.remove(instant)
        return False

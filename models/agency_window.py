"""When files may be put at the paying agency: in some hours of working days, some files in each.

Hours and working days are those of Paris. Without hours, files may be put at any time.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from law.calendar import is_working_day, local
from law.directory import PARIS

USUAL_HOURS: Final = (8, 10, 12, 14, 16, 18)
"""Hours of the agency’s other exchanges, in each of which it takes one file."""
_HOUR: Final = timedelta(hours=1)


class Window(NamedTuple):
    """Hours of working days in which files may be put, and how many in each; no hours: always."""

    hours: Sequence[int]
    files: int

    def hour_of(self, at: datetime) -> datetime:
        """Return the beginning of the hour of an instant."""
        return local(at, PARIS).replace(minute=0, second=0, microsecond=0)

    def opens_at(self, at: datetime, put: int) -> datetime | None:
        """Return the next opening after an instant; None if it is open then. `put`: files put in this hour already."""
        if not self.hours:
            return None
        hour = self.hour_of(at)
        if self._is_open(hour) and put < self.files:
            return None
        while not self._is_open(hour := local(hour.astimezone(UTC) + _HOUR, PARIS)):
            pass
        return hour

    def _is_open(self, hour: datetime) -> bool:
        return hour.hour in self.hours and is_working_day(hour.date(), PARIS)


class Queue(NamedTuple):
    """How long rows take to reach the agency."""

    files: int
    rows_a_day: int
    working_days: int


def queue(rows: int, most_rows: int, window: Window) -> Queue:
    """Return how many files rows make, and how many working days they take within the caps and the window."""
    files, a_day = math.ceil(rows / most_rows), len(window.hours) * window.files
    return Queue(files, a_day * most_rows, math.ceil(files / a_day))

"""How long there is left, in the largest unit that still says something."""

from datetime import datetime, timedelta
from typing import Final

from law.texts import NO_BREAK_SPACE

_UNITS: Final = (
    (timedelta(days=2), timedelta(days=1), "jour"),
    (timedelta(hours=2), timedelta(hours=1), "heure"),
    (timedelta(), timedelta(minutes=1), "minute"),
)
"""From how much on a unit is used, how long it is, its name."""


def time_left(now: datetime, end: datetime) -> str:
    """Return the time left until an instant in whole units: « 12 jours », « 5 heures »; empty once it is past."""
    left = end - now
    if left <= timedelta():
        return ""
    unit, name = next((unit, name) for least, unit, name in _UNITS if left >= least)
    count = max(left // unit, 1)
    return f"{count}{NO_BREAK_SPACE}{name}{'s' * (count > 1)}"

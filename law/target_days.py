"""Days on which transfers in euro are settled: those of TARGET, the same for the whole euro area.

Closed on Saturdays, Sundays, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26 December: the calendar that the
European Central Bank fixed on 14 December 2000, from 2002 on. Holidays of one country, or of a département, change
nothing here.
"""

from datetime import date, timedelta
from typing import Final

from dateutil.easter import easter

from law.dated import Dated, DatedValue
from law.texts import Text

_ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_FIXED: Final = Dated(
    "le calendrier de TARGET",
    DatedValue(
        date(2002, 1, 1), frozenset({(1, 1), (5, 1), (12, 25), (12, 26)}), Text.TARGET_CALENDAR, Text.TARGET_CALENDAR
    ),
)
_FROM_EASTER: Final = (timedelta(days=-2), timedelta(days=1))
"""Good Friday and Easter Monday."""


def is_settlement_day(day: date) -> bool:
    """Tell whether transfers in euro are settled on a day; raises BeforeFirstText before 2002."""
    closed = _FIXED.on(day).value
    if day.weekday() >= _SATURDAY or (day.month, day.day) in closed:
        return False
    return day - easter(day.year) not in _FROM_EASTER


def settlement_day_from(day: date) -> date:
    """Return a day itself when transfers are settled on it, else the first such day after it."""
    while not is_settlement_day(day):
        day += _ONE_DAY
    return day


def settlement_day_until(day: date) -> date:
    """Return a day itself when transfers are settled on it, else the last such day before it.

    What is due on a closed day is ordered for the day before: no text gives more days (R. 5122-14).
    """
    while not is_settlement_day(day):
        day -= _ONE_DAY
    return day


def settlement_days_after(day: date, count: int) -> date:
    """Return the settlement day that comes a number of settlement days after a day; `count` is at least 1."""
    for _ in range(count):
        day = settlement_day_from(day + _ONE_DAY)
    return day

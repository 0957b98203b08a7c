"""What a file is checked against: the month, the period authorised, and what the employer said of the establishment."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple

from law.calendar import add_months
from law.hours import WORKING_DAYS
from law.pay import Circumstances
from law.worth import SATURDAY
from models.identifiers import Period

_ONE_DAY: Final = timedelta(days=1)
_SUNDAY: Final = 6
_MIDDLE: Final = 2
"""Of the working days, Wednesday: its month has most of them."""


class Days(NamedTuple):
    """Consecutive days of one week and month, both included."""

    first: date
    last: date

    @property
    def number(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1

    @property
    def working(self) -> int:
        """How many of them are from Monday to Friday."""
        return max(min(self.last.weekday(), WORKING_DAYS - 1) - self.first.weekday() + 1, 0)

    @property
    def last_working(self) -> date:
        """The last of them from Monday to Friday, or the last one if they are a weekend."""
        after = max(self.last.weekday() - (WORKING_DAYS - 1), 0)
        return self.last - after * _ONE_DAY if self.working else self.last


@dataclass(frozen=True, slots=True)
class Claim:
    """The claim of a month, as far as it is known; `month` is its first day."""

    month: date | None = None
    period: Period | None = None
    where: Circumstances = field(default_factory=lambda: Circumstances("75"))
    structural: bool = False
    """The hours of contracts above the legal duration are structural overtime."""
    direct: bool = False
    """The agency pays the employees themselves, and needs what is stated of them for that."""
    holidays_worked: bool | None = None
    """What the establishment usually does on public holidays; None when it did not say."""
    received_on: date | None = None
    """Local day on which the claim is received: hours of later days are not idle yet; None if they are not judged."""


def usual_month(weeks: Iterable[date]) -> date | None:
    """Return the month that most weeks, given by their Mondays, have days in; None if there is no such month."""
    counts = Counter(weeks)
    touched = Counter[date]()
    for monday, count in counts.items():
        for month in {monday.replace(day=1), sunday(monday).replace(day=1)}:
            touched[month] += count
    most = max(touched.values(), default=0)
    if 2 * most <= counts.total():
        return None
    return max((month for month in touched if touched[month] == most), key=lambda month: _working_days(counts, month))


def _working_days(counts: Counter[date], month: date) -> int:
    return sum(
        count
        for monday, count in counts.items()
        for number in range(SATURDAY)
        if (monday + number * _ONE_DAY).replace(day=1) == month
    )


def weeks_of_month(month: date) -> list[date]:
    """Return the Mondays of the weeks that have a working day in a month, given by its first day."""
    monday = month - month.weekday() * _ONE_DAY
    weeks = []
    while monday < add_months(month, 1):
        if monday + SATURDAY * _ONE_DAY > month:
            weeks.append(monday)
        monday = sunday(monday) + _ONE_DAY
    return weeks


def days_claimed(monday: date, claim: Claim) -> Days | None:
    """Return the days of a week that a claim of a known month covers; None if there are none."""
    found = None if claim.month is None else days_of_month(monday, claim.month)
    return found if found is None or claim.period is None else days_of_period(found, claim.period)


def own_month(monday: date) -> date:
    """Return the month that has most working days of a week."""
    return (monday + _MIDDLE * _ONE_DAY).replace(day=1)


def sunday(monday: date) -> date:
    """Return the last day of a week."""
    return monday + _SUNDAY * _ONE_DAY


def days_of_month(monday: date, month: date) -> Days | None:
    """Return the days of a week that are of a month, given by its first day; None if it has none."""
    return _both(monday, sunday(monday), month, add_months(month, 1) - _ONE_DAY)


def days_of_period(days: Days, period: Period) -> Days | None:
    """Return the days that are of a period; None if none is."""
    return _both(days.first, days.last, period.start_on, period.end_on)


def _both(first: date, last: date, start_on: date, end_on: date) -> Days | None:
    begun, ended = max(first, start_on), min(last, end_on)
    return Days(begun, ended) if begun <= ended else None

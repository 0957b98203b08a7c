"""Counting days: legal time of a département, its midnights, its working days, and months.

A legal day is a local date of the département of the establishment; it has 23, 24 or 25 hours. No text names
the zone for the delay: the legal time of the département (décret n° 2017-292) is an inference.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from jours_feries_france import JoursFeries

from law.dated import Dated, DatedValue
from law.directory import department as department_of
from law.texts import Reason, Text, because

_HOLIDAY_ZONES: Final = {
    "57": "Alsace-Moselle",
    "67": "Alsace-Moselle",
    "68": "Alsace-Moselle",
    "971": "Guadeloupe",
    "972": "Martinique",
    "973": "Guyane",
    "974": "La Réunion",
    "975": "Saint-Pierre-et-Miquelon",
    "976": "Mayotte",
}
_SATURDAY: Final = 5

_LEGAL_TIME: Final = Dated(
    "l’heure légale",
    DatedValue(date(2013, 7, 1), None, Text.R_5122_4, Text.LEGAL_TIME_USAGE),
    DatedValue(date(2017, 3, 9), None, Text.R_5122_4, Text.DECREE_2017_292),
)


class NaiveInstant(ValueError):
    """An instant has no offset, so it could mean several moments; the message is a French sentence."""

    def __init__(self) -> None:
        super().__init__("Un instant doit porter son décalage horaire, par exemple « +02:00 ».")


def legal_zone(department: str) -> ZoneInfo:
    """Return the zone of the legal time of a département."""
    return department_of(department).zone


def local(instant: datetime, department: str) -> datetime:
    """Return an instant in the legal time of a département; raises NaiveInstant without an offset."""
    if instant.utcoffset() is None:
        raise NaiveInstant
    return instant.astimezone(legal_zone(department))


def midnight(day: date, department: str) -> datetime:
    """Return the first instant of a local day, even if midnight is skipped or occurs twice that day."""
    first = datetime.combine(day, time.min, legal_zone(department))
    return first.astimezone(UTC).astimezone(first.tzinfo)


def legal_time_reason(article: Text, day: date, department: str) -> Reason:
    """Explain in which legal time the days of a département are counted for the delay of an article."""
    found = department_of(department)
    text = f"Les jours se comptent à l’heure légale du département {found.genitive}."
    return because(article, text, found.legal_time, _LEGAL_TIME.on(day).source)


@lru_cache(maxsize=256)
def _public_holidays(year: int, zone: str) -> frozenset[date]:
    return frozenset(JoursFeries.for_year(year, zone).values())


def is_holiday(day: date, department: str) -> bool:
    """Tell whether a day is a public holiday of the département."""
    zone = _HOLIDAY_ZONES.get(department_of(department).code, "Métropole")
    return day in _public_holidays(day.year, zone)


def is_working_day(day: date, department: str) -> bool:
    """Tell whether a day is neither a Saturday, a Sunday nor a public holiday of the département."""
    return day.weekday() < _SATURDAY and not is_holiday(day, department)


def next_working_day(day: date, department: str) -> date:
    """Return the day itself when it is a working day of the département, else the first one after it."""
    while not is_working_day(day, department):
        day += timedelta(days=1)
    return day


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, clipped to that month's end; `months` may be negative."""
    return day + relativedelta(months=months)

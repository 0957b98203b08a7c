"""What an employer can say of the establishment beside the hours of a month, as far as amounts of it depend on that."""

from datetime import date
from typing import NamedTuple

from law.hours import usual_holidays
from law.rates import Sector, own_rates
from law.work_time import above_legal
from models.identifiers import Period
from models.store.cases.records import RequestRecord


class TermChoices(NamedTuple):
    """What is asked of a month: nothing of what changes no hour and no amount of it."""

    sectors: tuple[Sector, ...]
    """Those that have shares of their own then and there."""
    structural: bool
    """Whether structural overtime counts."""
    holidays: tuple[date, ...]
    """Working days that are payable only where public holidays are worked."""


def choices(case: RequestRecord, days: Period) -> TermChoices:
    """Return what can be said of the days of a month under an authorization."""
    holidays = usual_holidays(days.start_on, days.end_on, case.department)
    sectors = own_rates(days.start_on, days.end_on, case.department)
    return TermChoices(sectors, above_legal(days.end_on).value, holidays)

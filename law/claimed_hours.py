"""Whether the hours that a claim states for one employee and week can be true and paid (R. 5122-11, R. 5122-19).

A claim knows less than the payroll: hours assimilated to work may hold a public holiday or not, the programme of an
annualised week is not stated, and of a week across two months only the hours of its own days are there. An excess is
therefore found where the hours exceed what could be paid under any of these; the caps over both halves of such a week
are judged where both claims stand. Days of a part of a week may be longer than a fifth of it (a part-timer of Monday
and Tuesday): hours beyond their share are only a signal.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import Enum, auto
from functools import lru_cache
from typing import Final, NamedTuple

from law.amounts import CENT
from law.hours import WORKING_DAYS, Week, counted_duration, lost_days
from law.texts import Reason, number_in_french
from law.work_time import IN_DAYS, LEGAL_WEEK, LONGEST_WEEK, PLANNED, Mode

HOURS_OF_A_CALENDAR_DAY: Final = Decimal(24)
_ZERO: Final = Decimal(0)
_UNPLANNED: Final = PLANNED | IN_DAYS
"""Modes in which the weekly hours of the contract say nothing of one week."""


class Excess(Enum):
    """What hours exceed."""

    CALENDAR = auto()
    """All hours of its days, or the contract by more than the longest week exceeds the legal one."""
    LEGAL_WEEK = auto()
    """The legal duration, within the contract: hours that need a ground of their own (L. 5122-3)."""
    PAYABLE = auto()
    """The duration that counts less hours worked."""
    HOLIDAY = auto()
    """What is payable if the establishment does not work on public holidays, which nobody stated: only a signal."""
    PART_OF_WEEK = auto()
    """The share of the duration that counts for the working days of a part of a week: only a signal."""


class WeekTerms(NamedTuple):
    """What the hours of a week are judged by: its Monday, weekly hours of the contract, mode and département.

    `holidays_worked` is what the establishment usually does, None when it did not say; `structural`: the hours of the
    contract above the legal duration are structural overtime.
    """

    monday: date
    contract_hours: Decimal
    mode: Mode
    department: str
    holidays_worked: bool | None = None
    structural: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """Most hours of a week: worked and idle together, idle alone, idle without public holidays, and by contract."""

    together: Decimal
    idle: Decimal
    without_holidays: Decimal
    contract: Decimal | None
    """None where the contract says nothing of one week."""
    implausible: Decimal | None


@lru_cache(maxsize=65_536)
def bounds(terms: WeekTerms) -> Bounds:
    """Return the bounds of a week; raises BeforeFirstText and UnknownDepartment."""
    legal = LEGAL_WEEK.on(terms.monday).value
    together = weekly_limit(terms.monday, terms.contract_hours, terms.mode, structural=terms.structural)
    if terms.mode in _UNPLANNED:
        contract, implausible = None, None
    else:
        contract = terms.contract_hours
        implausible = contract + LONGEST_WEEK.on(terms.monday).value - legal
    certain = _open_share(together, _week(terms, holidays_worked=terms.holidays_worked is not False))
    usual = _open_share(together, _week(terms, holidays_worked=bool(terms.holidays_worked)))
    return Bounds(together, certain, usual, contract, implausible)


def excess(found: Bounds, worked: Decimal, idle: Decimal, days: int, working_days: int = WORKING_DAYS) -> Excess | None:
    """Return what the hours of a week exceed, if anything.

    `days` of the calendar are those that the claim covers, `working_days` those of them from Monday to Friday.
    """
    together = worked + idle
    if together > HOURS_OF_A_CALENDAR_DAY * days:
        return Excess.CALENDAR
    if not idle:
        return None
    if together <= found.together and idle <= found.idle:
        if together > part_of_week(found, working_days):
            return Excess.PART_OF_WEEK
        return Excess.HOLIDAY if idle > found.without_holidays else None
    if found.implausible is not None and together > found.implausible:
        return Excess.CALENDAR
    if found.contract is not None and found.together < together <= found.contract:
        return Excess.LEGAL_WEEK
    return Excess.PAYABLE


def payable(found: Bounds, worked: Decimal) -> Decimal:
    """Return the most idle hours that can be paid beside hours worked."""
    return max(min(found.together - worked, found.idle), _ZERO)


def part_of_week(found: Bounds, working_days: int) -> Decimal:
    """Return the share of some working days in the hours that a week counts, each a fifth of it, to the cent above."""
    return (found.together * working_days / WORKING_DAYS).quantize(CENT, ROUND_CEILING)


def weekly_limit(monday: date, contract_hours: Decimal, mode: Mode, *, structural: bool) -> Decimal:
    """Return the most hours of a week for which one employee is paid, under all claims together.

    The legal duration or that of the contract, if it is shorter or its hours above count (structural or equivalent
    ones); the legal one where the contract says nothing of one week. Raises BeforeFirstText.
    """
    return _limit(monday, contract_hours, mode, structural=structural)[0]


def limit_reasons(monday: date, contract_hours: Decimal, mode: Mode, *, structural: bool) -> list[Reason]:
    """Return why the most hours of a week are those; raises BeforeFirstText."""
    return _limit(monday, contract_hours, mode, structural=structural)[1]


def _limit(monday: date, contract_hours: Decimal, mode: Mode, *, structural: bool) -> tuple[Decimal, list[Reason]]:
    if mode in _UNPLANNED:
        legal = LEGAL_WEEK.on(monday)
        text = "La durée légale : ce mode ne dit pas les heures de chaque semaine."
        return legal.value, [legal.reason(text, f"{number_in_french(legal.value)} h")]
    return counted_duration(Week(monday, contract_hours, mode=mode, structural=structural))


def is_possible_contract(weekly_hours: Decimal, on: date) -> bool:
    """Whether a contract may have these weekly hours; raises BeforeFirstText."""
    return _ZERO < weekly_hours <= LONGEST_WEEK.on(on).value


def _week(terms: WeekTerms, *, holidays_worked: bool) -> Week:
    return Week(
        monday=terms.monday,
        contract_hours=terms.contract_hours,
        mode=terms.mode,
        department=terms.department,
        holidays_worked=holidays_worked,
        structural=terms.structural,
    )


def _open_share(hours: Decimal, week: Week) -> Decimal:
    return hours * (WORKING_DAYS - len(lost_days(week))) / WORKING_DAYS

"""Payable hours of one employee and week, and their months (R. 5122-11, R. 5122-19, D. 5122-15).

Payable is the duration that counts, without public holidays that the establishment does not work, minus hours worked or
assimilated (leave, sick leave). A week across two months is split by its working days (R. 5122-19, second paragraph).
What the establishment usually does on public holidays is the employer’s word; 1 May is never payable.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from law.amounts import CENT
from law.calendar import is_holiday
from law.dated import DatedValue
from law.texts import Reason, Text, because, in_french, number_in_french
from law.work_time import (
    ANNUAL,
    HOURS_OF_A_DAY,
    HOURS_OF_AN_AIRCREW_DAY,
    IN_DAYS,
    LEGAL_WEEK,
    PLANNED,
    Mode,
    above_legal,
    annual_reduction,
)

WORKING_DAYS: Final = 5
"""Of a week: Monday to Friday."""
_HALF: Final = Decimal("0.5")
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Week:
    """One week of an employee: its Monday, hours as decimals; days idle for the modes that count days.

    `collective_hours` is the collective duration, for a programme that of this week; `structural`: the contract’s hours
    above the legal duration are structural overtime; `holidays_worked`: the establishment works on public holidays.
    """

    monday: date
    contract_hours: Decimal
    worked: Decimal = _ZERO
    collective_hours: Decimal | None = None
    mode: Mode = Mode.WEEKLY
    days: int = 0
    half_days: int = 0
    department: str = "75"
    holidays_worked: bool = False
    structural: bool = False


@dataclass(frozen=True, slots=True)
class PayableHours:
    """Payable hours, their share of each month (first days), and why."""

    hours: Decimal
    by_month: dict[date, Decimal]
    why: tuple[Reason, ...]


def payable_hours(week: Week) -> PayableHours:
    """Return the payable hours of a week.

    Raises ValueError for a day that is no Monday, BeforeFirstText and UnknownDepartment.
    """
    if week.monday.weekday() != 0:
        raise ValueError(f"Le {in_french(week.monday)} n’est pas un lundi.")
    hours, why = _of_days(week) if week.mode in IN_DAYS else _of_hours(week)
    if week.mode in ANNUAL and not (entry := annual_reduction(week.monday)).value:
        text = "Un forfait annuel n’est indemnisé que pour les jours de fermeture de l’établissement ou d’une partie."
        why.append(entry.reason(text, week.mode.label))
    by_month = _by_month(week, hours)
    if len(by_month) > 1:
        shares = " et ".join(_hours_in_french(each) for each in by_month.values())
        text = "La semaine est partagée entre les deux mois par ses jours ouvrés."
        why.append(because(Text.R_5122_19, text, shares, Text.R_5122_19))
    return PayableHours(hours, by_month, tuple(why))


def _of_hours(week: Week) -> tuple[Decimal, list[Reason]]:
    duration, why = counted_duration(week)
    lost = lost_days(week)
    if lost:
        duration -= duration * len(lost) / WORKING_DAYS
        why.append(_without_holidays(lost, duration))
    hours = max(duration - week.worked, _ZERO).quantize(CENT, ROUND_HALF_UP)
    text = f"Moins les heures travaillées ou assimilées : {_hours_in_french(week.worked)}."
    why.append(because(Text.R_5122_11, text, _hours_in_french(hours), Text.R_5122_11))
    return hours, why


def _without_holidays(lost: list[date], left: Decimal) -> Reason:
    text = f"Jour férié qui n’est pas travaillé, ou 1er mai : {', '.join(map(in_french, lost))}."
    return because(Text.R_5122_11, text, _hours_in_french(left), Text.PRACTICE_HOLIDAYS)


def counted_duration(week: Week) -> tuple[Decimal, list[Reason]]:
    """Return the weekly duration that counts, in hours and before public holidays, and why; for modes in hours."""
    legal, above = LEGAL_WEEK.on(week.monday), above_legal(week.monday)
    own = _own_duration(week)
    if own > legal.value and above.value and (week.structural or week.mode is Mode.EQUIVALENCE):
        text = "Les heures de la durée stipulée ou collective au-delà de la durée légale comptent."
        return own, [above.reason(text, _hours_in_french(own))]
    duration = min(own, legal.value)
    text = "La durée légale, ou la durée collective ou stipulée au contrat si elle est inférieure."
    return duration, [legal.reason(text, _hours_in_french(duration))]


def _own_duration(week: Week) -> Decimal:
    """Return the duration of the programme, else the lesser of the collective one and that of the contract."""
    if week.collective_hours is None:
        return week.contract_hours
    return week.collective_hours if week.mode in PLANNED else min(week.collective_hours, week.contract_hours)


def _of_days(week: Week) -> tuple[Decimal, list[Reason]]:
    is_aircrew = week.mode is Mode.AIRCREW
    entry = (HOURS_OF_AN_AIRCREW_DAY if is_aircrew else HOURS_OF_A_DAY).on(week.monday)
    days, limit = week.days + _HALF * week.half_days, LEGAL_WEEK.on(week.monday)
    hours = days * entry.value
    text = f"{number_in_french(days)} jour(s) à {_hours_in_french(entry.value)}, une demi-journée pour moitié."
    why = [entry.reason(text, _hours_in_french(hours))]
    if hours > limit.value:
        hours = limit.value
        why.append(limit.reason("Dans la limite de la durée légale de la semaine.", _hours_in_french(hours)))
    if is_aircrew:
        why += _not_deducted(week, entry, hours)
    else:
        hours = _left_of_week(week, hours, entry, why)
    return hours.quantize(CENT, ROUND_HALF_UP), why


def _not_deducted(week: Week, entry: DatedValue[Decimal], hours: Decimal) -> list[Reason]:
    """Explain that hours worked, if there are some, change nothing where days are counted."""
    worked = f"les heures travaillées ou assimilées ({_hours_in_french(week.worked)})"
    text = f"Ce mode compte les jours chômés : {worked} n’en sont pas déduites."
    return [entry.reason(text, _hours_in_french(hours))] if week.worked else []


def _left_of_week(week: Week, hours: Decimal, entry: DatedValue[Decimal], why: list[Reason]) -> Decimal:
    """Return the hours of a forfait in days that the week has left: leave, rest and public holidays are deducted."""
    lost, legal = lost_days(week), LEGAL_WEEK.on(week.monday).value
    left = legal - legal * len(lost) / WORKING_DAYS
    if left < hours:
        hours = left
        why.append(_without_holidays(lost, hours))
    left = max(left - week.worked, _ZERO)
    if left < hours:
        hours = left
        text = f"Moins les heures travaillées ou assimilées : {_hours_in_french(week.worked)}."
        why.append(because(Text.R_5122_11, text, _hours_in_french(hours), Text.R_5122_11))
    else:
        why += _not_deducted(week, entry, hours)
    return hours


def _by_month(week: Week, hours: Decimal) -> dict[date, Decimal]:
    days = [day for day in _working_days(week.monday) if week.mode is Mode.AIRCREW or _is_payable(week, day)]
    first, last = week.monday.replace(day=1), (week.monday + timedelta(days=WORKING_DAYS - 1)).replace(day=1)
    if first == last or not days:
        return {first: hours}
    before = sum(day < last for day in days)
    of_first = (hours * before / len(days)).quantize(CENT, ROUND_HALF_UP)
    shares = {first: of_first, last: hours - of_first}
    return {month: share for month, share in shares.items() if share} or {first: hours}


def _working_days(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(WORKING_DAYS)]


def lost_days(week: Week) -> list[date]:
    """Return the working days that are not payable: 1 May, and public holidays that are not worked."""
    return [day for day in _working_days(week.monday) if not _is_payable(week, day)]


def usual_holidays(first: date, last: date, department: str) -> tuple[date, ...]:
    """Return the working days of some days that are payable only if the establishment works on public holidays."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    working = (day for day in days if day.weekday() < WORKING_DAYS)
    return tuple(day for day in working if not _is_labour_day(day) and is_holiday(day, department))


def _is_labour_day(day: date) -> bool:
    return (day.month, day.day) == (5, 1)


def _is_payable(week: Week, day: date) -> bool:
    if _is_labour_day(day):
        return False
    return week.holidays_worked or not is_holiday(day, week.department)


def _hours_in_french(hours: Decimal) -> str:
    return f"{number_in_french(hours)} h"

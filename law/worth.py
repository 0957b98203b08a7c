"""What some idle hours are worth over a period, month by month (R. 5122-14: liquidated by month).

The unit is one product for each month and row of rates: the hourly amount, rounded, times the hours, rounded. Without
their calendar, hours are spread over the working days of the period (Monday to Friday): an estimate, which a claim by
the week replaces.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Final

from law.allowance import HourlyAmounts, hourly_amounts
from law.amounts import CENT, euros_in_french, to_the_cent
from law.pay import Circumstances, Pay
from law.smic import smic
from law.texts import Reason, Text, because, in_french, number_in_french

SATURDAY: Final = 5
"""As `date.weekday` numbers it: hours are spread over the days before it."""
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """Hours of one month under one row of rates, and their worth in euros; `month` is its first day."""

    month: date
    hours: Decimal
    allowance: Decimal
    indemnity: Decimal


@dataclass(frozen=True, slots=True)
class Worth:
    """Hourly amounts of the first day, totals in euros, months in their order, and why."""

    hourly: HourlyAmounts
    allowance: Decimal
    indemnity: Decimal
    months: tuple[Part, ...]
    why: tuple[Reason, ...]


def worth(on: date, to: date, hours: Decimal, pay: Pay, where: Circumstances) -> Worth:
    """Return what `hours` idle from a day to another, both included, are worth; raises like `hourly_amounts`.

    Raises ValueError for a period that ends before it begins.
    """
    if to < on:
        raise ValueError("La période s’achève avant de commencer.")
    parts, why = list[Part](), list[Reason]()
    for month, amounts, its_hours in spread(on, to, hours, pay, where):
        part = _part(month, amounts, its_hours)
        parts.append(part)
        why += _new(why, amounts.why)
        why.append(_product(part, amounts))
    months = tuple(_sum(month, of_month) for month, of_month in groupby(parts, key=lambda part: part.month))
    return Worth(
        hourly=hourly_amounts(on, pay, where),
        allowance=sum((each.allowance for each in months), _ZERO),
        indemnity=sum((each.indemnity for each in months), _ZERO),
        months=months,
        why=tuple(why),
    )


def foresight(last: date, today: date, department: str) -> tuple[Reason, ...]:
    """Say of hours that are idle after today that their figures are those known today; nothing of past hours.

    The figures change each January at least; raises BeforeFirstText and UnknownDepartment.
    """
    if last <= today:
        return ()
    entry = smic(last, department)
    text = f"Pour des jours à venir, ces chiffres sont ceux connus le {in_french(today)} : un texte peut les changer."
    return (entry.reason(text, f"SMIC de {euros_in_french(entry.value)} depuis le {in_french(entry.since)}"),)


def _part(month: date, amounts: HourlyAmounts, hours: Decimal) -> Part:
    return Part(month, hours, to_the_cent(amounts.allowance * hours), to_the_cent(amounts.indemnity * hours))


def spread(
    on: date, to: date, hours: Decimal, pay: Pay, where: Circumstances
) -> Iterator[tuple[date, HourlyAmounts, Decimal]]:
    """Yield the hours of each month and row, whose sum is exactly `hours`; raises like `hourly_amounts`."""
    days = [on + timedelta(days=number) for number in range((to - on).days + 1)]
    working = [day for day in days if day.weekday() < SATURDAY] or days
    done, given = 0, _ZERO
    for (month, amounts), same in groupby(
        working, key=lambda day: (day.replace(day=1), hourly_amounts(day, pay, where))
    ):
        done += len(list(same))
        share = (hours * done / len(working)).quantize(CENT, ROUND_HALF_UP)
        until = hours if done == len(working) else min(share, hours)
        yield month, amounts, until - given
        given = until


def _sum(month: date, parts: Iterable[Part]) -> Part:
    of_month = list(parts)
    return Part(
        month,
        sum((each.hours for each in of_month), _ZERO),
        sum((each.allowance for each in of_month), _ZERO),
        sum((each.indemnity for each in of_month), _ZERO),
    )


def _new(told: list[Reason], reasons: Iterable[Reason]) -> list[Reason]:
    return [each for each in reasons if each not in told]


def _product(part: Part, amounts: HourlyAmounts) -> Reason:
    text = (
        f"{number_in_french(part.hours)} h à {euros_in_french(amounts.allowance)} pour l’employeur, "
        f"à {euros_in_french(amounts.indemnity)} pour le salarié."
    )
    return because(
        Text.R_5122_14,
        text,
        f"{euros_in_french(part.allowance)} et {euros_in_french(part.indemnity)}",
        Text.PRACTICE_ROUNDING,
    )

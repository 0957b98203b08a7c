"""What the idle hours of a claim are worth: one product a person, month and row of rates (R. 5122-14).

The unit is a month of one person: hours of all weeks at the same hourly amounts are added before the one product that
is rounded. A row that begins within a week splits it by working days, as `law.worth` does for a free period.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from law.allowance import HourlyAmounts, hourly_amounts
from law.amounts import to_the_cent
from law.apprentices import apprentice_starts
from law.floors import floor_rows
from law.pay import Circumstances, Pay
from law.rates import rate_starts
from law.smic import smic_rows
from law.texts import Reason
from law.worth import spread

_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True, eq=False)
class HourlyRate:
    """Hourly amounts in euros under one row; the same object for whatever has the same amounts for the same reasons."""

    allowance: Decimal
    indemnity: Decimal
    why: tuple[Reason, ...] = ()


MonthAndRate = tuple[date, HourlyRate]
"""First day of a month, and a rate: hours of a person under the same one are one product."""


class ClaimedWorth(NamedTuple):
    """Hours, and euros."""

    hours: Decimal = _ZERO
    allowance: Decimal = _ZERO
    indemnity: Decimal = _ZERO

    def plus(self, other: "ClaimedWorth") -> "ClaimedWorth":
        """Return the sum of both."""
        return ClaimedWorth(
            self.hours + other.hours, self.allowance + other.allowance, self.indemnity + other.indemnity
        )


class HourlyRates:
    """Hourly amounts under given circumstances, each calculated once a pay and row of rates."""

    def __init__(self, where: Circumstances) -> None:
        self._where = where
        starts = rate_starts(where.department, where.scheme, where.sector) | apprentice_starts()
        starts |= {entry.since for rows in smic_rows() for entry in rows}
        starts |= {entry.since for entry in floor_rows(where.department)}
        self._starts = sorted(starts)
        self._known: dict[tuple[int, Pay], HourlyRate] = {}
        self._rates: dict[HourlyAmounts, HourlyRate] = {}

    def starts_within(self, first: date, last: date) -> list[date]:
        """Return the days after the first, up to the last, on which an hourly amount may change."""
        return self._starts[bisect_right(self._starts, first) : bisect_right(self._starts, last)]

    def split(self, first: date, last: date, hours: Decimal, pay: Pay) -> Iterator[tuple[MonthAndRate, Decimal]]:
        """Yield the hours of each row within some days of one month, whose sum is exactly `hours`.

        Raises RateUnknown, HeadcountNeeded, BeforeFirstText and UnknownDepartment.
        """
        month, row = first.replace(day=1), bisect_right(self._starts, first)
        if row == bisect_right(self._starts, last):
            yield (month, self._of_row(row, first, pay)), hours
            return
        for _, amounts, share in spread(first, last, hours, pay, self._where):
            yield (month, self._rate(amounts)), share

    def _of_row(self, row: int, on: date, pay: Pay) -> HourlyRate:
        known = self._known.get((row, pay))
        if known is None:
            known = self._known[row, pay] = self._rate(hourly_amounts(on, pay, self._where))
        return known

    def _rate(self, amounts: HourlyAmounts) -> HourlyRate:
        return self._rates.setdefault(amounts, HourlyRate(amounts.allowance, amounts.indemnity, amounts.why))


def product(rate: HourlyRate, hours: Decimal) -> ClaimedWorth:
    """Return what the hours of one person in one month at one rate are worth."""
    return ClaimedWorth(hours, to_the_cent(rate.allowance * hours), to_the_cent(rate.indemnity * hours))


def add(each: Iterable[ClaimedWorth]) -> ClaimedWorth:
    """Return the sum."""
    total = ClaimedWorth()
    for worth in each:
        total = total.plus(worth)
    return total

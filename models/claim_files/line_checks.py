"""Checks of one line against the law: its week, its hours, its pay. Every number is of `law/`."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from law.claimed_hours import Bounds, Excess, WeekTerms, bounds, excess, is_possible_contract, part_of_week, payable
from law.claimed_pay import PayFault, pay_fault
from law.hours import WORKING_DAYS
from law.texts import number_in_french
from law.work_time import IN_DAYS, Mode
from models.claim_files.claim import Claim, Days, days_of_month, days_of_period, own_month, sunday
from models.claim_files.faults import FaultCode
from models.claim_files.fields import Field
from models.claim_files.lines import ClaimLine

SIGNALS: Final = frozenset({FaultCode.WAGE_OUTLIER})
"""Kinds that never make a line wrong."""
_OF_EXCESS: Final = {
    Excess.CALENDAR: FaultCode.HOURS_ABOVE_CALENDAR,
    Excess.LEGAL_WEEK: FaultCode.ABOVE_LEGAL_WEEK,
    Excess.PAYABLE: FaultCode.IDLE_ABOVE_PAYABLE,
    Excess.HOLIDAY: FaultCode.IDLE_ABOVE_PAYABLE,
    Excess.PART_OF_WEEK: FaultCode.IDLE_ABOVE_PAYABLE,
}
_OF_PAY: Final = {
    PayFault.MISSING: FaultCode.WAGE_MISSING,
    PayFault.BELOW_SMIC: FaultCode.WAGE_BELOW_SMIC,
    PayFault.UNUSUAL: FaultCode.WAGE_OUTLIER,
}


class Finding(NamedTuple):
    """A fault of a line, at one of its values."""

    code: FaultCode
    field: Field
    shown: str
    detail: str = ""
    signal: bool = False
    """It is worth a look, and does not make the line wrong."""
    of_week: Excess | None = None
    """Lines of the same week have it for the same reason, which is said once."""


class LineChecks:
    """Checks lines one by one; `month` is that of the claim, None when the file does not tell it."""

    def __init__(self, claim: Claim, month: date | None) -> None:
        self._claim, self._month = claim, month
        self._days = lru_cache(maxsize=None)(self._days_of_week)
        self._pay = lru_cache(maxsize=65_536)(self._pay_fault)

    def days(self, line: ClaimLine) -> Days | None:
        """Return the days of its week that a line claims; None when the week is outside the month or the period."""
        found = self._days(line.week)
        return found if isinstance(found, Days) else None

    def findings(self, line: ClaimLine) -> Iterator[Finding]:
        """Yield what is wrong with a line by itself; raises BeforeFirstText and RateUnknown."""
        days = self._days(line.week)
        if not isinstance(days, Days):
            yield Finding(days, Field.WEEK, f"{line.week:%d/%m/%Y}")
            return
        if self._month is not None and days.first.replace(day=1) != self._month:
            yield Finding(FaultCode.WEEK_OUTSIDE_MONTH, Field.WEEK, f"{line.week:%d/%m/%Y}", signal=True)
        if self._claim.received_on is not None and days.last_working > self._claim.received_on:
            yield Finding(FaultCode.HOURS_TO_COME, Field.WEEK, f"{line.week:%d/%m/%Y}")
        if line.mode not in IN_DAYS and not is_possible_contract(line.contract_hours, line.week):
            yield Finding(FaultCode.CONTRACT_HOURS, Field.CONTRACT_HOURS, _hours(line.contract_hours))
        elif (found := self._hours_finding(line, days)) is not None:
            yield found
        code = self._pay(days.first, line.hourly_gross, line.apprentice)
        if code is not None:
            shown = "" if line.hourly_gross is None else number_in_french(line.hourly_gross)
            yield Finding(code, Field.HOURLY_GROSS, shown, signal=code in SIGNALS)

    def _days_of_week(self, monday: date) -> Days | FaultCode:
        """Return the days of a week that the claim covers, or why there are none."""
        days = None if self._month is None else days_of_month(monday, self._month)
        if days is None:
            if self._claim.month is not None:
                return FaultCode.WEEK_OUTSIDE_MONTH
            days = days_of_month(monday, own_month(monday))
        if days is not None and self._claim.period is not None:
            days = days_of_period(days, self._claim.period)
        return FaultCode.WEEK_OUTSIDE_PERIOD if days is None else days

    def _hours_finding(self, line: ClaimLine, days: Days) -> Finding | None:
        found = bounds(
            WeekTerms(
                monday=line.week,
                contract_hours=line.contract_hours,
                mode=Mode(line.mode),
                department=self._claim.where.department,
                holidays_worked=self._claim.holidays_worked,
                structural=self._claim.structural,
            )
        )
        working = self._working_days(line.week, days)
        above = excess(found, line.worked, line.idle, days.number, working)
        if above is None:
            return None
        stated = f"{_hours(line.worked)} travaillées et {_hours(line.idle)} chômées"
        if (text := _signal(above, found, working)) is not None:
            shown = stated if above is Excess.PART_OF_WEEK else _hours(line.idle)
            return Finding(_OF_EXCESS[above], Field.IDLE, shown, text, signal=True, of_week=above)
        most = payable(found, line.worked)
        return Finding(_OF_EXCESS[above], Field.IDLE, stated, f"Indemnisables : {_hours(most)}.")

    def _working_days(self, monday: date, days: Days) -> int:
        """Return the working days that a line claims: those of the whole week in a file of several months."""
        if self._month is None and self._claim.period is not None:
            whole = days_of_period(Days(monday, sunday(monday)), self._claim.period)
            return days.working if whole is None else whole.working
        return WORKING_DAYS if self._month is None else days.working

    def _pay_fault(self, on: date, hourly_gross: Decimal | None, apprentice: bool) -> FaultCode | None:
        found = pay_fault(on, hourly_gross, self._claim.where, apprentice=apprentice)
        return None if found is None else _OF_PAY[found]


def _signal(above: Excess, found: Bounds, working_days: int) -> str | None:
    """Return what is worth a look, if the hours are not certainly wrong."""
    match above:
        case Excess.HOLIDAY:
            return f"Si l’établissement ne travaille pas les jours fériés : {_hours(found.without_holidays)} au plus."
        case Excess.PART_OF_WEEK:
            days = f"{working_days} jour{'s' if working_days > 1 else ''} ouvré{'s' if working_days > 1 else ''}"
            most = _hours(part_of_week(found, working_days))
            return f"La demande couvre {days} de cette semaine : {most} travaillées et chômées, à parts égales."
        case _:
            return None


def _hours(hours: Decimal) -> str:
    return f"{number_in_french(hours)} h"

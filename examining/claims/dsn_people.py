"""The people of a DSN, one at a time as the file is streamed: what may be read of them, of their contracts and pay.

Rubrics that are not listed here are dropped as they are read: R. 5122-21 names no more.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from examining.claims import texts
from examining.claims.numbers import hours
from examining.claims.refused import FileRefused
from models.claim_files.faults import FaultCode
from models.claim_files.refusals import RefusalCode

START: Final = "S10.G00"
END: Final = "S90.G00.90"
"""Total of the sending, with which every DSN ends."""
MONTH: Final = "S20.G00.05.005"
SIREN: Final = "S21.G00.06.001"
NIC: Final = "S21.G00.11.001"
NIR: Final = "S21.G00.30.001"
FAMILY_NAME: Final = "S21.G00.30.002"
USAGE_NAME: Final = "S21.G00.30.003"
FIRST_NAMES: Final = "S21.G00.30.004"
NTT: Final = "S21.G00.30.020"
CONTRACT_START: Final = "S21.G00.40.001"
PCS: Final = "S21.G00.40.004"
DEVICE: Final = "S21.G00.40.008"
CONTRACT_NUMBER: Final = "S21.G00.40.009"
UNIT: Final = "S21.G00.40.011"
QUOTITY: Final = "S21.G00.40.013"
MODE: Final = "S21.G00.40.078"
PAY_START: Final = "S21.G00.51.001"
PAY_END: Final = "S21.G00.51.002"
PAY_CONTRACT: Final = "S21.G00.51.010"
PAY_TYPE: Final = "S21.G00.51.011"
PAY_HOURS: Final = "S21.G00.51.012"
IDLE_TYPE: Final = "019"
"""Remuneration « Heures d’activité partielle »."""
_OF_PERSON: Final = frozenset({NIR, FAMILY_NAME, USAGE_NAME, FIRST_NAMES, NTT})
_OF_CONTRACT: Final = frozenset({PCS, DEVICE, CONTRACT_NUMBER, UNIT, QUOTITY, MODE})
_OF_PAY: Final = frozenset({PAY_START, PAY_END, PAY_CONTRACT, PAY_TYPE, PAY_HOURS})
_OF_DECLARATION: Final = {
    MONTH: re.compile(r"\d{8}", re.ASCII),
    SIREN: re.compile(r"\d{9}", re.ASCII),
    NIC: re.compile(r"\d{5}", re.ASCII),
}
SIREN_LENGTH: Final = 9
_RUBRIC: Final = re.compile(r"(S\d\d\.G\d\d\.\d\d\.\d\d\d),'(.*)'\s*", re.ASCII)
_DATE: Final = re.compile(r"(\d\d)(\d\d)(\d{4})", re.ASCII)


class Declaration(NamedTuple):
    """The declaration of an establishment that people stand in: its line, SIRET (empty if not stated) and month."""

    line: int = 0
    siret: str = ""
    month: date | None = None


class Period(NamedTuple):
    """A pay period of several months, none of which is declared: its line and days."""

    line: int
    start: date
    end: date

    @property
    def told(self) -> str:
        """The days as people read them."""
        return f"du {self.start:%d/%m/%Y} au {self.end:%d/%m/%Y}"


@dataclass(slots=True)
class MonthHours:
    """Hours idle of one month, and the line where they begin."""

    line: int
    total: Decimal = Decimal(0)
    below_zero: str = ""
    """The first hours that put others right by less than nothing, as they are written."""
    wrong: tuple[FaultCode | None, str] = (None, "")
    """What is wrong with the first hours that could not be added, and how they are written."""
    period: Period | None = None
    """The first pay period that holds later months too: nothing says how many of its hours are of this one."""

    @property
    def is_left(self) -> bool:
        """Whether there are hours, or what may be some; all of them may have been corrected away."""
        return bool(self.total) or self.wrong[0] is not None

    @property
    def fault(self) -> tuple[FaultCode | None, str]:
        """What is wrong with hours of the month, or with their sum; a correction below zero is not by itself."""
        if self.wrong[0] is None and self.total < 0:
            return FaultCode.HOURS_NEGATIVE, self.below_zero
        return self.wrong

    def add(self, written: str) -> None:
        """Add hours idle, or deduct those written below zero."""
        plain = written.strip()
        is_below_zero = plain.startswith("-")
        number = hours(plain.removeprefix("-"))
        if number.fault is not None:
            self.wrong = self.wrong if self.wrong[0] else (number.fault, written)
        elif is_below_zero:
            self.total -= Decimal(number.text)
            self.below_zero = self.below_zero or written
        else:
            self.total += Decimal(number.text)

    def add_up(self, other: "MonthHours") -> None:
        """Add the hours of the same month that another declaration states."""
        self.total += other.total
        self.below_zero = self.below_zero or other.below_zero
        self.wrong = self.wrong if self.wrong[0] else other.wrong
        self.period = self.period or other.period


@dataclass(slots=True)
class Contract:
    """What is kept of a contract, by rubric, and its hours idle by month."""

    values: dict[str, str] = field(default_factory=dict)
    idle: dict[date, MonthHours] = field(default_factory=dict)


@dataclass(slots=True)
class Pay:
    """What is kept of a remuneration, by rubric, with the line where it begins."""

    line: int
    values: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Person:
    """What is kept of a person, by rubric, with the line where they begin."""

    line: int
    declaration: Declaration
    values: dict[str, str] = field(default_factory=dict)
    contracts: list[Contract] = field(default_factory=list)
    pay: list[Pay] = field(default_factory=list)

    def keep(self, rubric: str, value: str, line: int) -> None:
        """Keep a rubric that is listed."""
        if rubric in _OF_PERSON:
            self.values[rubric] = value
        elif rubric == CONTRACT_START:
            self.contracts.append(Contract({rubric: value}))
        elif rubric in _OF_CONTRACT and self.contracts:
            self.contracts[-1].values[rubric] = value
        elif rubric in _OF_PAY:
            if not self.pay or rubric in self.pay[-1].values:
                self.pay.append(Pay(line))
            self.pay[-1].values[rubric] = value

    def apportion(self) -> None:
        """Add hours idle to the contract whose number they state, else to the only one or the first.

        Raises `FileRefused` for hours of nobody’s contract.
        """
        by_number = {each.values.get(CONTRACT_NUMBER, ""): each for each in self.contracts}
        for pay in self.pay:
            if pay.values.get(PAY_TYPE) != IDLE_TYPE:
                continue
            if not self.contracts:
                raise FileRefused(RefusalCode.DSN_BROKEN, self.line)
            contract = by_number.get(pay.values.get(PAY_CONTRACT, ""), self.contracts[0])
            month, period = _month_of(pay, self.declaration.month)
            hours_of_month = contract.idle.setdefault(month, MonthHours(pay.line))
            hours_of_month.add(pay.values.get(PAY_HOURS, ""))
            hours_of_month.period = hours_of_month.period or period


def people(text: str) -> Iterator[Person]:
    """Iterate over the people who have hours idle, each with their declaration; raises `FileRefused`."""
    person: Person | None = None
    declaration = Declaration()
    for rubric, value, line in _rubrics(text):
        if rubric in _OF_DECLARATION:
            yield from _idle(person)
            person, declaration = None, _declared(declaration, rubric, value, line)
        elif rubric == NIR or (rubric == FAMILY_NAME and (person is None or FAMILY_NAME in person.values)):
            yield from _idle(person)
            person = Person(line, declaration, {rubric: value})
        elif person is not None:
            person.keep(rubric, value, line)
    yield from _idle(person)


def _idle(person: Person | None) -> Iterator[Person]:
    """Yield a person who has hours idle, with their hours at their contracts and months."""
    if person is not None:
        person.apportion()
        if any(each.idle for each in person.contracts):
            yield person


def _rubrics(text: str) -> Iterator[tuple[str, str, int]]:
    lines, last = texts.lines_of(text), ""
    for written in lines:
        found = _RUBRIC.fullmatch(written)
        if found:
            last = found[1]
            yield last, found[2], lines.number
        elif written.strip():
            raise FileRefused(RefusalCode.DSN_BROKEN, lines.number)
    if not last.startswith(END):
        raise FileRefused(RefusalCode.DSN_BROKEN, lines.number)


def _declared(declaration: Declaration, rubric: str, value: str, line: int) -> Declaration:
    """Return what a rubric changes of a declaration; its month begins another one."""
    if rubric == MONTH:
        return Declaration(line, month=_day(value, line).replace(day=1))
    if not _OF_DECLARATION[rubric].fullmatch(value):
        raise FileRefused(RefusalCode.DSN_BROKEN, line)
    siren = declaration.siret[:SIREN_LENGTH] if rubric == NIC else ""
    return declaration._replace(line=line, siret=siren + value)


def _month_of(pay: Pay, declared: date | None) -> tuple[date, Period | None]:
    """Return the month of a pay period: the month declared if it has days of it, else that of its first day.

    The period comes with the latter where it has days of later months too.
    """
    if PAY_START not in pay.values:
        if declared is None:
            raise FileRefused(RefusalCode.DSN_BROKEN, pay.line)
        return declared, None
    start = _day(pay.values[PAY_START], pay.line)
    end = _day(pay.values[PAY_END], pay.line) if PAY_END in pay.values else start
    if declared is not None and start.replace(day=1) <= declared <= end:
        return declared, None
    month = start.replace(day=1)
    return month, Period(pay.line, start, end) if end.replace(day=1) > month else None


def _day(value: str, line: int) -> date:
    found = _DATE.fullmatch(value)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    raise FileRefused(RefusalCode.DSN_BROKEN, line)

"""Claims of people who do not exist, as tables of a payroll program: a row an employee and week, or an employee.

The same seed gives the same people. Every line is right for its month: nothing in it may be found wrong.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

from stdnum.fr import nir as stdnum_nir

from law.claimed_hours import WeekTerms, bounds, payable
from law.smic import smic
from law.work_time import Mode
from models.claim_files.claim import weeks_of_month
from models.claim_files.fields import COLUMNS, Category, Field

DEPARTMENT: Final = "75"
FAMILY_NAMES: Final = ("Lefèvre", "Garçon", "Nguyên", "O’Brien", "De La Tour", "Müller", "Noël", "Dupont-Durand")
FIRST_NAMES: Final = ("Zoé", "François", "Anaïs", "Karim", "Jean-Marc", "Léa", "Aïcha", "Rémi")
CONTRACTS: Final = tuple(map(Decimal, ("35", "35", "35", "30", "28", "24.5", "17.25")))
MODES: Final = (Mode.WEEKLY, Mode.WEEKLY, Mode.WEEKLY_FLAT, Mode.MONTHLY_FLAT)
_DAY: Final = timedelta(days=1)
_WORKING_DAYS: Final = 5
_CENT: Final = Decimal("0.01")
PERSON_COLUMNS: Final = tuple(each for each in COLUMNS if each not in (Field.WEEK, Field.WORKED, Field.IDLE))


class Table(NamedTuple):
    """A header and rows of text, hours with a comma."""

    header: tuple[str, ...]
    rows: list[list[str]]


class Line(NamedTuple):
    """One employee and week: the texts of a person’s columns, then the week and its hours."""

    person: tuple[str, ...]
    week: date
    worked: Decimal
    idle: Decimal


def _working_days(monday: date, month: date) -> int:
    days = (monday + number * _DAY for number in range(_WORKING_DAYS))
    return sum(day.replace(day=1) == month for day in days)


def payroll(people: int, month: date, seed: int = 0) -> Iterator[Line]:
    """Yield the lines of some people for each week of a month, person by person."""
    chosen, weeks = random.Random(seed), weeks_of_month(month)  # noqa: S311 -- people who do not exist
    for number in range(people):
        contract, mode = chosen.choice(CONTRACTS), chosen.choice(MODES)
        person = _person(number, contract, mode, month, chosen)
        for week in weeks:
            most = payable(bounds(WeekTerms(week, contract, mode, DEPARTMENT, holidays_worked=False)), Decimal(0))
            hours = (most * _working_days(week, month) / _WORKING_DAYS).quantize(_CENT)
            worked = min(Decimal(chosen.randrange(0, 3600)) / 100, hours) if chosen.random() < 0.6 else Decimal(0)
            yield Line(person, week, worked, hours - worked)


def _person(number: int, contract: Decimal, mode: Mode, month: date, chosen: random.Random) -> tuple[str, ...]:
    base = f"{chosen.choice('12')}{chosen.randrange(60, 100)}{chosen.randrange(1, 13):02}{chosen.randrange(21, 96):02}"
    base += f"{number // 1000 % 1000:03}{number % 1000:03}"
    minimum = smic(month, DEPARTMENT).value
    is_apprentice = chosen.random() < 0.05
    low, high = (minimum * Decimal("0.5"), minimum * Decimal("0.9")) if is_apprentice else (minimum, minimum * 4)
    wage = (low + (high - low) * Decimal(chosen.randrange(0, 1000)) / 1000).quantize(_CENT) + _CENT
    values = {
        Field.NIR: base + stdnum_nir.calc_check_digits(base),
        Field.FAMILY_NAME: chosen.choice(FAMILY_NAMES),
        Field.USAGE_NAME: chosen.choice(FAMILY_NAMES) if chosen.random() < 0.2 else "",
        Field.FIRST_NAME: chosen.choice(FIRST_NAMES),
        Field.CATEGORY: chosen.choice(tuple(Category)).label,
        Field.MODE: mode.value,
        Field.CONTRACT_HOURS: _written(contract),
        Field.HOURLY_GROSS: _written(wage),
        Field.APPRENTICE: "oui" if is_apprentice else "",
    }
    return tuple(values[each] for each in PERSON_COLUMNS)


def _written(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",")


def long_table(lines: Iterable[Line]) -> Table:
    """Return a row an employee and week, in the columns of the canonical file."""
    rows = []
    for line in lines:
        values = dict(zip(PERSON_COLUMNS, line.person, strict=True))
        week = {Field.WEEK: f"{line.week:%G-W%V}", Field.WORKED: _written(line.worked), Field.IDLE: _written(line.idle)}
        rows.append([(values | week)[each] for each in COLUMNS])
    return Table(tuple(each.label for each in COLUMNS), rows)


def wide_table(lines: Iterable[Line]) -> Table:
    """Return a row an employee, with two columns a week."""
    rows, weeks = [], list[date]()
    for person, of_person in groupby(lines, key=lambda line: line.person):
        hours = list(of_person)
        weeks = [each.week for each in hours]
        rows.append([*person, *(_written(each) for line in hours for each in (line.worked, line.idle))])
    named = [f"Heures {what} {week:%d/%m/%Y}" for week in weeks for what in ("travaillées", "chômées")]
    return Table((*(each.label for each in PERSON_COLUMNS), *named), rows)

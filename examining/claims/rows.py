"""Rows of a person and a week, or of a person and weeks: their cells become one line of values, or faults."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

from examining.claims import payees, people, weeks
from examining.claims.columns import Columns
from examining.claims.numbers import Number, OneStyle, hours, wage
from examining.claims.outcome import Outcome
from models.claim_files.discretion import masked
from models.claim_files.faults import FaultCode
from models.claim_files.fields import DIRECT_COLUMNS, Category, Field
from models.claim_files.plain import normalised
from models.claim_files.profile import ImportProfile
from models.claim_files.verdict import SEPARATOR

Row = tuple[int, Sequence[str]]
"""Its line in the file, from 1, and its cells."""
WHOLE_PAYEE: Final = frozenset(DIRECT_COLUMNS) - {Field.BIRTH_NAME}
"""Columns without which a direct payment cannot be made: the family name stands for that of birth."""
OF_A_WEEK: Final = (Field.WEEK, Field.WORKED, Field.IDLE)
IN_DAYS: Final = frozenset({"05", "10"})
"""Modes of the DSN that count days: annual forfait, aircrew."""
TOTALS: Final = frozenset({"total", "totaux", "total general", "sous total"})
"""Begin a row that adds up others."""


class Problem(NamedTuple):
    """What is wrong with a value."""

    code: FaultCode
    field: Field
    shown: str


class Person(NamedTuple):
    """What a row states of a person: text for its lines, or what is wrong."""

    text: str
    problems: tuple[Problem, ...]


Wrong = tuple[int, FaultCode, str, str]
"""A fault: number of its column, code, header, what is shown."""


class RowReader:
    """Reads the rows of one table."""

    def __init__(
        self, columns: Columns, outcome: Outcome, month: date | None, profile: ImportProfile | None, *, direct: bool
    ) -> None:
        self._columns = columns
        self._outcome = outcome
        self._profile = profile
        self._direct = direct
        self._style = OneStyle()
        self._constants = dict(profile.constants) if profile else {}
        self._hours_at = (columns.by_field.get(Field.WORKED, -1), columns.by_field.get(Field.IDLE, -1))
        self._fields: list[Field] = [
            each for each in Field if each not in OF_A_WEEK and (direct or each not in DIRECT_COLUMNS)
        ]
        self._stated = {*columns.by_field, *self._constants}
        self._at = [columns.by_field.get(field, -1) for field in self._fields]
        self._categories = {normalised(code): each for code, each in profile.categories.items()} if profile else {}
        self._modes = {normalised(code): each for code, each in profile.modes.items()} if profile else {}
        self._person = lru_cache(maxsize=1024)(self._read_person)
        self._week = lru_cache(maxsize=1024)(lambda written: weeks.monday(written, month))
        self._period = lru_cache(maxsize=1024)(lambda first, last: weeks.between(first, last, month))

    def read(self, rows: Iterable[Row]) -> None:
        """Read all rows; raises `FileRefused` when a row refuses the file."""
        width = len(self._columns.names)
        unnamed = [at for at, name in enumerate(self._columns.names) if not name]
        read: Callable[[int, Sequence[str], Person], None] = self._wide if self._columns.weeks else self._long
        for line, cells in rows:
            if not any(cells) or self._is_total(cells):
                continue
            if len(cells) != width or (unnamed and any(cells[at].strip() for at in unnamed)):
                self._outcome.count(line)
                self._outcome.fault(FaultCode.LINE_LENGTH, line)
                continue
            person = self._person(tuple([cells[at] if at >= 0 else "" for at in self._at]))
            read(line, cells, person)

    def _is_total(self, cells: Sequence[str]) -> bool:
        at = self._columns.by_field.get(Field.NIR, len(cells))
        if at < len(cells) and cells[at].strip() and normalised(cells[at]) not in TOTALS:
            return False
        return any(normalised(cell) in TOTALS for cell in cells[:8] if cell)

    def _long(self, line: int, cells: Sequence[str], person: Person) -> None:
        at = self._columns.by_field.get(Field.WEEK, -1)
        written = cells[at] if at >= 0 else self._constants.get(Field.WEEK, "")
        week = self._week(written)
        if self._columns.last_day is not None:
            last = cells[self._columns.last_day]
            week, written = self._period(written, last), f"du {written} au {last}"
        wrong = [] if week else [(at, FaultCode.WEEK_UNREADABLE, self._columns.name(Field.WEEK), written)]
        self._line(line, person, week, cells, self._hours_at, wrong)

    def _wide(self, line: int, cells: Sequence[str], person: Person) -> None:
        for each in self._columns.weeks:
            if cells[each.worked].strip() or cells[each.idle].strip():
                self._line(line, person, each.week, cells, (each.worked, each.idle), [])

    def _line(
        self,
        line: int,
        person: Person,
        week: date | None,
        cells: Sequence[str],
        at: tuple[int, int],
        wrong: list[Wrong],
    ) -> None:
        """Keep one person and week, or note every fault of it, in the order of the columns."""
        self._outcome.count(line)
        worked, idle = self._hours(Field.WORKED, line, cells, at[0]), self._hours(Field.IDLE, line, cells, at[1])
        if not (wrong or worked.fault or idle.fault or person.problems):
            self._outcome.keep(f"{line}|{week}|{worked.text}|{idle.text}|{person.text}")
            return
        for field, number, place in ((Field.WORKED, worked, at[0]), (Field.IDLE, idle, at[1])):
            if number.fault:
                name = self._columns.names[place] if place >= 0 else field.label
                wrong.append((place, number.fault, name, cells[place] if place >= 0 else ""))
        for code, field, shown in person.problems:
            wrong.append((self._columns.by_field.get(field, -1), code, self._columns.name(field), shown))
        for _, code, name, written in sorted(wrong, key=itemgetter(0)):
            self._outcome.fault(code, line, name, written)

    def _hours(self, field: Field, line: int, cells: Sequence[str], at: int) -> Number:
        return self._style.read(cells[at] if at >= 0 else self._constants.get(field, ""), line)

    def _read_person(self, cells: tuple[str, ...]) -> Person:
        values = {
            field: cell.strip() or self._constants.get(field, "")
            for field, cell in zip(self._fields, cells, strict=True)
        }
        problems: list[Problem] = []
        mode = self._mode(values, problems)
        text = [
            _nir(values, problems),
            *_names(values, problems),
            self._category(values, problems),
            mode,
            _contract_hours(values, problems, mode),
            _wage(values, problems),
            _apprentice(values, problems),
        ]
        if self._direct:
            found, wrong = payees.read(values)
            problems += [Problem(*each) for each in wrong if each[1] in self._stated]
            text += found if self._stated >= WHOLE_PAYEE else []
        return Person(SEPARATOR.join(text), tuple(problems))

    def _category(self, values: Mapping[Field, str], problems: list[Problem]) -> str:
        written = values[Field.CATEGORY]
        found: Category | None = self._categories.get(normalised(written)) or people.category(written)
        if found is None:
            problems.append(Problem(FaultCode.CATEGORY_UNKNOWN, Field.CATEGORY, written))
        return found or ""

    def _mode(self, values: Mapping[Field, str], problems: list[Problem]) -> str:
        written = values[Field.MODE]
        found = self._modes.get(normalised(written)) or people.mode(written)
        if found is None:
            problems.append(Problem(FaultCode.MODE_UNKNOWN, Field.MODE, written))
        return found or ""


def _nir(values: Mapping[Field, str], problems: list[Problem]) -> str:
    found = people.nir(values[Field.NIR])
    if found.fault:
        problems.append(Problem(found.fault, Field.NIR, masked(values[Field.NIR])))
    return found.text


def _names(values: Mapping[Field, str], problems: list[Problem]) -> list[str]:
    """Return family, usage and first names; the usage name alone may be missing."""
    found = []
    for field in (Field.FAMILY_NAME, Field.USAGE_NAME, Field.FIRST_NAME):
        value = people.name(values[field])
        found.append(value.text)
        if value.fault:
            problems.append(Problem(value.fault, field, values[field]))
        elif not value.text and field is not Field.USAGE_NAME:
            problems.append(Problem(FaultCode.NAME_MISSING, field, ""))
    return found


def _contract_hours(values: Mapping[Field, str], problems: list[Problem], mode: str) -> str:
    """Return the hours a week of a contract; 0 where its mode counts days and it states none."""
    written = values[Field.CONTRACT_HOURS]
    if not written:
        number = Number("0") if mode in IN_DAYS else Number("", FaultCode.CONTRACT_HOURS)
    else:
        number = hours(written)
    fault = FaultCode.CONTRACT_HOURS if number.text == "0" and mode not in IN_DAYS else number.fault
    if fault:
        problems.append(Problem(fault, Field.CONTRACT_HOURS, written))
    return number.text


def _wage(values: Mapping[Field, str], problems: list[Problem]) -> str:
    written = values[Field.HOURLY_GROSS]
    number = wage(written) if written else Number("")
    if number.fault:
        problems.append(Problem(number.fault, Field.HOURLY_GROSS, written))
    return number.text


def _apprentice(values: Mapping[Field, str], problems: list[Problem]) -> str:
    found = people.is_apprentice(values[Field.APPRENTICE])
    if found is None:
        problems.append(Problem(FaultCode.APPRENTICE_UNKNOWN, Field.APPRENTICE, values[Field.APPRENTICE]))
    return "1" if found else "0"

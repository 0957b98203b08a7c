"""The columns of a table: which row is its header, what each column holds, long or wide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from examining.claims import headers, weeks
from examining.claims.refused import FileRefused
from models.claim_files.discretion import discreet
from models.claim_files.fields import REQUIRED, Field, Layout
from models.claim_files.plain import MAX_HEADER, normalised
from models.claim_files.profile import IGNORED, ImportProfile
from models.claim_files.refusals import RefusalCode
from models.claim_files.verdict import MAX_COLUMNS, MAX_SHOWN, HeaderShape

MAX_HEADER_ROW: Final = 20
"""Rows among which the header is looked for."""
MIN_RECOGNISED: Final = 3
"""Columns that a header has at least: fewer are those of another table."""
MAX_GUESSES: Final = 50
"""Unknown headers for which a guess is made: each costs a millisecond."""
_ANY_MONTH: Final = weeks.FIRST_DAY
DAYS_OF_A_WIDE_TABLE: Final = 3
"""Columns named by a day from which a table gives hours day by day."""
_HOURS: Final = {**dict.fromkeys(headers.WIDE_WORKED, Field.WORKED), **dict.fromkeys(headers.WIDE_IDLE, Field.IDLE)}


@dataclass(frozen=True, slots=True)
class WeekColumns:
    """The two columns of a week in a wide table, from 0."""

    week: date
    worked: int
    idle: int


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table hold."""

    names: tuple[str, ...]
    """Headers as they are shown."""
    by_field: dict[Field, int]
    """From 0."""
    last_day: int | None
    """Column of the last day of a week whose first day stands in that of the week: « du », « au »."""
    weeks: tuple[WeekColumns, ...]
    """Those of a wide table; none of a long one."""
    headers: tuple[HeaderShape, ...]

    @property
    def layout(self) -> Layout:
        """Long or wide."""
        return Layout.WIDE if self.weeks else Layout.LONG

    def name(self, field: Field) -> str:
        """Return the header of a field; its name where a profile states it for all lines."""
        return self.names[self.by_field[field]] if field in self.by_field else field.label


class Reader:
    """Recognises headers with what an employer and the law say of them.

    `unlisted`: data that the list of R. 5122-21 does not name for this claim.
    """

    def __init__(self, month: date | None, unlisted: frozenset[Field], profile: ImportProfile | None = None) -> None:
        self.month = month
        self.unlisted = unlisted
        self._constants = profile.constants if profile else {}
        stated = profile.headers if profile else {}
        self._stated = {normalised(name): str(field) for name, field in stated.items()}

    def score(self, row: Sequence[str]) -> int:
        """Return how many columns of a row are recognised."""
        seen = [self._recognised(number, written) for number, written in enumerate(row[:MAX_COLUMNS])]
        return len({(each.field, each.week) for each in seen if each.field})

    def _recognised(self, number: int, written: str) -> HeaderShape:
        """Say what a column holds; `number` from 0."""
        shape = HeaderShape(name=shown(written), number=number + 1)
        stated = self._stated.get(normalised(written), "")
        if stated == IGNORED:
            return shape.model_copy(update={"ignored": True})
        field = Field.of(stated) if stated else headers.recognised(written)
        if normalised(written) in headers.BANK_CODES:
            return shape.model_copy(update={"unlisted" if Field.IBAN in self.unlisted else "ignored": True})
        if normalised(written) in headers.NEVER_READ:
            return shape.model_copy(update={"unlisted": True})
        if field is not None:
            return shape.model_copy(update={"field": field})
        found = weeks.within_header(written[:MAX_HEADER], self.month)
        if found and (hours := _HOURS.get(normalised(found[1]))):
            return shape.model_copy(update={"field": hours, "week": found[0].isoformat()})
        return shape

    def _headers(self, row: Sequence[str]) -> tuple[HeaderShape, ...]:
        """Say what each column holds, with a guess for those that are unknown."""
        shapes = [self._recognised(number, written) for number, written in enumerate(row)]
        if all(each.field is not Field.FAMILY_NAME for each in shapes):  # « nom de naissance » is the only name
            shapes = [_renamed(each, Field.FAMILY_NAME) if each.field is Field.BIRTH_NAME else each for each in shapes]
        shapes = [_unlisted(each) if each.field in self.unlisted else each for each in shapes]
        unknown = [each for each in shapes if each.name and not (each.field or each.unlisted or each.ignored)]
        guesses = {each.number: headers.guess(each.name) for each in unknown[:MAX_GUESSES]}
        return tuple(each.model_copy(update={"guess": guesses.get(each.number, each.guess)}) for each in shapes)

    def unread(self, number: int, written: str) -> HeaderShape:
        """Say what a member that is not read resembles, or that no list names it; `number` from 0."""
        shape = self._recognised(number, written)
        if shape.unlisted or shape.ignored:
            return shape
        if shape.field in self.unlisted:
            return _unlisted(shape)
        return shape.model_copy(update={"field": None, "guess": shape.field or headers.guess(written)})

    def columns(self, row: Sequence[str], line: int) -> Columns:
        """Return the columns that a header row names; raises `FileRefused` for a column too many or missing."""
        if len(row) > MAX_COLUMNS:
            raise FileRefused(RefusalCode.TOO_MANY_COLUMNS, line)
        shapes: Sequence[HeaderShape] = self._headers(row)
        shapes, last_day = _with_period(shapes, row)
        self._refuse_hours_without_week(shapes, row, line)
        by_field = self._by_field([each for each in shapes if each.number - 1 != last_day], line)
        found = Columns(
            names=tuple(each.name for each in shapes),
            by_field=by_field,
            last_day=last_day,
            weeks=_weeks(shapes, line),
            headers=tuple(each for each in shapes if each.name or each.field),
        )
        if missing := self._missing(found):
            if self.month is None and (without_year := list(filter(names_a_week, row))):
                raise FileRefused(RefusalCode.MONTH_UNKNOWN, line, map(shown, without_year))
            raise FileRefused(RefusalCode.COLUMNS_MISSING, line, missing)
        return found

    def _refuse_hours_without_week(self, shapes: Sequence[HeaderShape], row: Sequence[str], line: int) -> None:
        """Raise `FileRefused` for hours given day by day, or those of several weeks that the table does not name."""
        stated = {each.field for each in shapes} | set(self._constants)
        if any(each.week for each in shapes):
            return
        read = [(each, written) for each, written in zip(shapes, row, strict=True) if not each.ignored]
        days = [each.name for each, written in read if headers.names_a_day(written) or _is_within_a_week(written)]
        if len(days) >= DAYS_OF_A_WIDE_TABLE and not {Field.WORKED, Field.IDLE} <= stated:
            raise FileRefused(RefusalCode.HOURS_BY_DAY, line, days)
        hours = [(each.name, of) for each, written in read if (of := _HOURS.get(normalised(written)))]
        repeated = all(sum(of is field for _, of in hours) > 1 for field in (Field.WORKED, Field.IDLE))
        if repeated and Field.WEEK not in stated:
            raise FileRefused(RefusalCode.WEEKS_UNNAMED, line, [name for name, _ in hours])

    def _by_field(self, shapes: Iterable[HeaderShape], line: int) -> dict[Field, int]:
        by_field: dict[Field, int] = {}
        for each in shapes:
            if each.field is None or each.week:
                continue
            if each.field in by_field:
                raise FileRefused(RefusalCode.COLUMN_TWICE, line, (each.field.label, each.name))
            by_field[each.field] = each.number - 1
        return by_field

    def _missing(self, columns: Columns) -> list[str]:
        hours = () if columns.weeks else (Field.WEEK, Field.WORKED, Field.IDLE)
        wanted = (*REQUIRED, *hours)
        return [each.label for each in wanted if each not in columns.by_field and each not in self._constants]


def names_a_week(written: str, month: date | None = None) -> bool:
    """Whether a header names hours of a week; one without its year does whatever the month, if none is known."""
    found = weeks.within_header(written[:MAX_HEADER], month or _ANY_MONTH)
    return found is not None and normalised(found[1]) in _HOURS


def names_hours(written: str) -> bool:
    """Whether a header says « travaillées » or « chômées », of no week."""
    return normalised(written) in _HOURS


def _is_within_a_week(written: str) -> bool:
    found = weeks.day(written)
    return found is not None and found.weekday() != 0


def _with_period(shapes: Sequence[HeaderShape], row: Sequence[str]) -> tuple[Sequence[HeaderShape], int | None]:
    """Read the week in the column of its first day, if no other names it; return the column of its last day too."""
    plain = [normalised(written) for written in row]
    of_week = [at for at, each in enumerate(shapes) if each.field is Field.WEEK]
    free = [at for at, each in enumerate(shapes) if each.field in (None, Field.WEEK) and not each.ignored]
    first, last = ([at for at in free if plain[at] in names] for names in (headers.FIRST_DAYS, headers.LAST_DAYS))
    if any(each.week for each in shapes) or len(first) != 1 or of_week not in ([], first):
        return shapes, None
    of_period = {*first, *last} if len(last) == 1 else {*first}
    named = [_renamed(each, Field.WEEK) if at in of_period else each for at, each in enumerate(shapes)]
    return named, last[0] if len(last) == 1 else None


def _renamed(shape: HeaderShape, field: Field) -> HeaderShape:
    return shape.model_copy(update={"field": field})


def _unlisted(shape: HeaderShape) -> HeaderShape:
    return shape.model_copy(update={"field": None, "unlisted": True, "guess": shape.field})


def _weeks(shapes: Iterable[HeaderShape], line: int) -> tuple[WeekColumns, ...]:
    """Pair the columns of a wide table by their week."""
    by_week: dict[str, dict[Field, HeaderShape]] = {}
    for each in shapes:
        if each.week and each.field is not None:
            of_week = by_week.setdefault(each.week, {})
            if each.field in of_week:
                raise FileRefused(RefusalCode.COLUMN_TWICE, line, (of_week[each.field].name, each.name))
            of_week[each.field] = each
    alone = [next(iter(pair.values())).name for pair in by_week.values() if len(pair) == 1]
    if alone:
        raise FileRefused(RefusalCode.COLUMNS_MISSING, line, alone)
    return tuple(
        WeekColumns(date.fromisoformat(week), pair[Field.WORKED].number - 1, pair[Field.IDLE].number - 1)
        for week, pair in sorted(by_week.items())
    )


def shown(written: str) -> str:
    """Return a value or a header as it may be shown: one short line without controls, a NIR or an IBAN masked."""
    plain = "".join(sign if sign.isprintable() else " " for sign in discreet(written)[: 4 * MAX_SHOWN])
    plain = " ".join(plain.split())
    return plain if len(plain) <= MAX_SHOWN else plain[: MAX_SHOWN - 1] + "…"

"""Figures of the people of a claim, and of their weeks: nothing here names anybody."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from law.work_time import Mode
from models.claim_files.fields import Category
from models.store.records import Record

PAGE_PEOPLE: Final = 1_000
"""People that are read at a time."""


HEADER_LINES: Final = 1
"""Lines above the people in a file that writes a claim."""


class Terms(NamedTuple):
    """What a line states of an employee beside the hours: what amounts and limits depend on."""

    category: Category
    mode: Mode
    contract_hours: Decimal
    """Hours a week."""
    hourly_gross: Decimal | None
    """Euros."""
    apprentice: bool


class WeekFigures(NamedTuple):
    """Hours of a week, of the days that its month has of it, and what its line states otherwise than the person."""

    week_on: date
    worked: Decimal
    idle: Decimal
    payable: Decimal
    limit_hours: Decimal
    terms: Terms


class PersonFigures(NamedTuple):
    """A person of a claim, by the number of the line at which they are first stated."""

    n: int
    payable: Decimal
    allowance_cents: int
    indemnity_cents: int
    terms: Terms
    weeks: tuple[WeekFigures, ...]


class _Person(Record):
    n: int
    payable: Decimal
    allowance_cents: int
    indemnity_cents: int
    category: Category
    mode: Mode
    contract_hours: Decimal
    hourly_gross: Decimal | None
    apprentice: bool

    @property
    def terms(self) -> Terms:
        return Terms(self.category, self.mode, self.contract_hours, self.hourly_gross, self.apprentice)


class OtherTerms(Record):
    """What the line of a week states otherwise than the first line of its person; what is not set is the same."""

    category: Category | None = None
    mode: Mode | None = None
    contract_hours: Decimal | None = None
    hourly_gross: Decimal | None = None
    apprentice: bool | None = None

    def over(self, terms: Terms) -> Terms:
        """Return the terms of the week."""
        return terms._replace(**{name: getattr(self, name) for name in self.model_fields_set})


def other_terms(terms: Terms, of_person: Terms) -> str | None:
    """Return, as JSON, what the terms of a week state otherwise than those of its person; None if nothing."""
    changed = {name: value for name, value in terms._asdict().items() if value != getattr(of_person, name)}
    return OtherTerms(**changed).model_dump_json(exclude_unset=True) if changed else None


class _Week(Record):
    n: int
    week_on: date
    worked: Decimal
    idle: Decimal
    payable: Decimal
    limit_hours: Decimal
    terms: OtherTerms | None

    def figures(self, terms: Terms) -> WeekFigures:
        own = self.terms.over(terms) if self.terms else terms
        return WeekFigures(self.week_on, self.worked, self.idle, self.payable, self.limit_hours, own)


def list_figures(connection: Connection, claim_id: str, *, after: int = 0, limit: int) -> list[PersonFigures]:
    """Return people of a claim in the order of their lines, from the one after `after`, with their weeks in order."""
    row = {"id": claim_id, "after": after, "limit": limit}
    found = _Person.all(connection, _PEOPLE, row)
    lines = {"id": claim_id, "n": [each.n for each in found]}
    weeks = {n: list(rows) for n, rows in groupby(_Week.all(connection, _WEEKS, lines), key=lambda each: each.n)}
    return [_with_weeks(each, weeks.get(each.n, [])) for each in found]


def every(connection: Connection, claim_id: str) -> Iterator[PersonFigures]:
    """Iterate over the people of a claim in the order of their lines, read a page at a time."""
    after = 0
    while page := list_figures(connection, claim_id, after=after, limit=PAGE_PEOPLE):
        yield from page
        after = page[-1].n


def find_figures(connection: Connection, claim_id: str, n: int) -> PersonFigures | None:
    """Return the person of a line, None if no person is first stated there."""
    found = list_figures(connection, claim_id, after=n - 1, limit=1)
    return found[0] if found and found[0].n == n else None


def list_sealed(connection: Connection, claim_id: str, lines: Sequence[int]) -> dict[int, bytes]:
    """Return what names the people of some lines, still sealed."""
    rows = connection.execute(_SEALED, {"id": claim_id, "n": list(lines)})
    return {row.n: bytes(row.sealed) for row in rows}


def find_stated_lines(connection: Connection, claim_id: str, written: Sequence[int]) -> dict[int, int]:
    """Return, for lines of the file that writes a claim with its header, that at which each person is first stated.

    Such a file has a line a person and week, in the order of `every`; lines that it has not are left out.
    """
    rows = connection.execute(_STATED_LINES, {"id": claim_id, "header": HEADER_LINES, "written": list(written)})
    return {row.line: row.n for row in rows}


def _with_weeks(person: _Person, weeks: Sequence[_Week]) -> PersonFigures:
    return PersonFigures(
        person.n,
        person.payable,
        person.allowance_cents,
        person.indemnity_cents,
        person.terms,
        tuple(each.figures(person.terms) for each in weeks),
    )


_PEOPLE = text(
    "SELECT n, payable, allowance_cents, indemnity_cents, category, mode, contract_hours, hourly_gross, apprentice"
    " FROM claim_person WHERE claim_id = :id AND n > :after ORDER BY n LIMIT :limit"
)
_WEEKS = text(
    "SELECT n, week_on, worked, idle, payable, limit_hours, terms FROM claim_week"
    " WHERE claim_id = :id AND n = ANY(CAST(:n AS integer[])) ORDER BY n, week_on"
)
# The writers of a claim go through its people and weeks in this order.
_STATED_LINES = text(
    "SELECT line, n FROM (SELECT :header + row_number() OVER (ORDER BY n, week_on) AS line, n FROM claim_week"
    " WHERE claim_id = :id) AS written WHERE line = ANY(CAST(:written AS integer[]))"
)
_SEALED = text(
    "SELECT n, sealed FROM claim_person WHERE claim_id = :id AND n = ANY(CAST(:n AS integer[])) AND sealed IS NOT NULL"
)

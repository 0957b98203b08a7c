"""The canonical CSV of a claim: what was read, written back, so that a correction starts from it.

UTF-8, `;`, comma decimals, LF. Reading it gives the same lines. Of a DSN, which has no weeks, a grid is written: people
and weeks stand, hours and pay are left to be stated.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Final

from models.claim_files.claim import weeks_of_month
from models.claim_files.fields import COLUMNS, DIRECT_COLUMNS
from models.claim_files.lines import ClaimLine, PrefilledPerson

_FORMULA_STARTS: Final = ("=", "+", "-", "@")
"""A workbook would take such a value for a formula; an apostrophe before it says that it is text."""


def write(lines: Iterable[ClaimLine], *, direct: bool = False) -> Iterator[str]:
    """Iterate over the lines of the file, header first, each with its line feed; `direct` adds the payees."""
    header = [field.label for field in (*COLUMNS, *(DIRECT_COLUMNS if direct else ()))]
    return _written(header, ([*_common(line), *(_of_payee(line) if direct else ())] for line in lines))


def write_grid(people: Iterable[PrefilledPerson]) -> Iterator[str]:
    """Iterate over the lines of a grid: header, then each person of a DSN in each week of its month."""
    rows = (_of_grid(person, week) for person in people for week in weeks_of_month(person.month))
    return _written([field.label for field in COLUMNS], rows)


def _written(header: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\n")
    for row in chain([header], rows):
        writer.writerow(row)
        yield written.getvalue()
        written.seek(0)
        written.truncate()


def _common(line: ClaimLine) -> list[str]:
    return [
        *_of_person(line),
        f"{line.week:%G-W%V}",
        _number(line.worked),
        _number(line.idle),
        "" if line.hourly_gross is None else _number(line.hourly_gross),
        "oui" if line.apprentice else "non",
    ]


def _of_person(line: ClaimLine | PrefilledPerson) -> list[str]:
    names = (line.family_name, line.usage_name, line.first_name)
    hours = "" if line.contract_hours is None else _number(line.contract_hours)
    return [line.nir, *map(_text, names), line.category.label, line.mode, hours]


def _of_grid(person: PrefilledPerson, week: date) -> list[str]:
    return [*_of_person(person), f"{week:%G-W%V}", "", "", "", "oui" if person.apprentice else "non"]


def _of_payee(line: ClaimLine) -> list[str]:
    if line.payee is None:
        return [""] * len(DIRECT_COLUMNS)
    payee = line.payee
    text = [payee.birth_name, payee.civility, payee.birth_date.isoformat(), payee.commune, payee.address]
    return [*map(_text, text), payee.postcode, _text(payee.city), payee.iban]


def _text(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")

"""Reads a file of a claim through the program `examining`, which alone touches its bytes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from pydantic import JsonValue

from law.calendar import add_months
from law.dated import BeforeFirstText
from law.privacy import Datum, Payment, listed_data
from models.claim_files.faults import Fault
from models.claim_files.fields import Category, Field, FileFormat, Layout
from models.claim_files.lines import ClaimLine, Payee, PrefilledPerson
from models.claim_files.profile import ReadingContext
from models.claim_files.refusals import RefusalCode
from models.claim_files.verdict import CLAIM, LINE, PERSON, SEPARATOR, ClaimVerdict, FaultShape, HeaderShape
from models.examination.client import Examined, Examiner

FIELDS_OF: Final[Mapping[Datum, frozenset[Field]]] = {
    Datum.PAYSLIP: frozenset({Field.HOURLY_GROSS}),
    Datum.FAMILY_NAME: frozenset({Field.BIRTH_NAME, Field.CIVILITY}),
    Datum.BIRTH: frozenset({Field.BIRTH_DATE, Field.COMMUNE}),
    Datum.ADDRESS: frozenset({Field.ADDRESS, Field.POSTCODE, Field.CITY}),
    Datum.EMPLOYEE_IBAN: frozenset({Field.IBAN}),
}
"""Data that only some lists of R. 5122-21 name. The others are those of every claim.

Doubt: list A names the usage name, and list B no category; the paying agency asks both names and the category of every
employee, and the procedure needs them (R. 5122-5).
"""
_PAYMENTS: Final = {"establishment": Payment.ESTABLISHMENT, "employees": Payment.EMPLOYEES}


class UnreadableFile(Exception):
    """The file is refused whole: `code`, and a French sentence that says why and what to do."""

    def __init__(self, code: RefusalCode, line: int = 0, at: tuple[str, ...] = ()) -> None:
        place = [f"ligne {line}"] if line else []
        place += [", ".join(at)] if at else []
        self.code = code
        self.line = line or None
        self.at = at
        """Columns, or a cell."""
        self.message = f"{code.label} ({' : '.join(place)})" if place else code.label
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """What was read of a file. A line that has a fault is in `faults` and not in `lines`."""

    format: FileFormat
    layout: Layout | None
    total: int
    """People and weeks of the file (people of a DSN), those with faults included."""
    faults: tuple[Fault, ...]
    """The first 10,000, in the order of the file."""
    fault_count: int
    signals: tuple[Fault, ...]
    """What was left out of a DSN, the first 10,000; no error."""
    signal_count: int
    headers: tuple[HeaderShape, ...]
    rows: str
    """As the verdict states them."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """One French sentence for each column that was not read."""
        return tuple(sentence for each in self.headers if (sentence := unread_sentence(each)))

    def lines(self) -> Iterator[ClaimLine]:
        """Iterate over the lines without faults, in the order of the file; may be called again. None of a DSN."""
        return map(_line, _split(self.rows)) if self.format is not FileFormat.DSN else iter(())

    def people(self) -> Iterator[PrefilledPerson]:
        """Iterate over the people of a DSN; none of another format."""
        return map(_person, _split(self.rows)) if self.format is FileFormat.DSN else iter(())

    def column(self, field: Field, week: date | None = None) -> str:
        """Return the header of a value as the file writes it; `week` (a Monday) for the hours of a wide table."""
        monday = week.isoformat() if week and self.layout is Layout.WIDE else ""
        named = [each for each in self.headers if each.field is field and each.week in ("", monday)]
        of_week = [each for each in named if each.week] or named
        return of_week[0].name if of_week else field.label


def read(examiner: Examiner, content: bytes, context: ReadingContext) -> ClaimFile:
    """Read a file; raises `UnreadableFile`, and `ExaminerUnavailable` when the program is away."""
    return as_read(measure(examiner, content, context).verdict)


def measure(examiner: Examiner, content: bytes, context: ReadingContext) -> Examined[ClaimVerdict]:
    """Have a file read and return the verdict, not believed yet, with the time that it took; raises as `read` does."""
    if len(content) > CLAIM.max_bytes:
        raise UnreadableFile(RefusalCode.TOO_LARGE)
    told: dict[str, JsonValue] = {
        "reading": context.model_dump(mode="json"),
        "unlisted": [*sorted(field.value for field in unlisted_fields(context))],
    }
    return examiner.measure(CLAIM, content, told)


def as_read(verdict: ClaimVerdict) -> ClaimFile:
    """Return what a verdict states; its lines are believed only if all have the form of their values.

    Raises `UnreadableFile`.
    """
    if verdict.refusal is not None:
        raise UnreadableFile(verdict.refusal, verdict.at_line, verdict.at)
    form = PERSON if verdict.format is FileFormat.DSN else LINE
    if not all(map(form.fullmatch, _split(verdict.rows))):
        raise UnreadableFile(RefusalCode.UNREADABLE)
    return ClaimFile(
        format=verdict.format,
        layout=verdict.layout,
        total=verdict.total,
        faults=_faults(verdict.faults),
        fault_count=verdict.fault_count,
        signals=_faults(verdict.signals),
        signal_count=verdict.signal_count,
        headers=verdict.headers,
        rows=verdict.rows,
    )


def _faults(shapes: Iterable[FaultShape]) -> tuple[Fault, ...]:
    return tuple(Fault(each.code, each.line, each.column, each.shown) for each in shapes)


def unlisted_fields(context: ReadingContext) -> frozenset[Field]:
    """Return the fields that the list of R. 5122-21 does not name on the day after the month (the last list)."""
    after = add_months(date.fromisoformat(f"{context.month}-01"), 1) if context.month else date.max
    payment = _PAYMENTS[context.payee]
    try:
        listed = listed_data(payment, after)
    except BeforeFirstText:  # months before the first list, of 2014
        listed = listed_data(payment, date.max)
    return frozenset(field for datum, fields in FIELDS_OF.items() if datum not in listed for field in fields)


def unread_sentence(header: HeaderShape) -> str:
    """Return the French sentence for a column that was not read, with a guess; nothing for one that was."""
    if header.field or header.ignored or not header.name:
        return ""
    start = f"Colonne « {header.name} » (n° {header.number}) non lue : "
    if header.unlisted:
        return start + "l’article R. 5122-21 ne prévoit pas cette donnée. Retirez-la de vos fichiers."
    if header.guess:
        return start + f"est-ce {header.guess.label} ? Dites-le dans un profil d’import."
    return start + "son contenu n’est pas reconnu. Dites-le dans un profil d’import, ou qu’elle est ignorée."


def _split(rows: str) -> Iterator[str]:
    """Iterate over the lines of a text without a list of them."""
    at = 0
    while at < len(rows):
        end = rows.find("\n", at)
        end = len(rows) if end < 0 else end
        yield rows[at:end]
        at = end + 1


def _line(row: str) -> ClaimLine:
    line, week, worked, idle, person = row.split(SEPARATOR, 4)
    nir, family, usage, first, category, mode, contract, gross, apprentice, payee = _stated(person)
    return ClaimLine(
        int(line),
        nir,
        family,
        usage,
        first,
        category,
        mode,
        contract,
        _day(week),
        _decimal(worked),
        _decimal(idle),
        gross,
        apprentice,
        payee,
    )


@lru_cache(maxsize=1024)
def _stated(
    person: str,
) -> tuple[str, str, str, str, Category, str, Decimal, Decimal | None, bool, Payee | None]:
    nir, family, usage, first, category, mode, contract, gross, apprentice, *payee = person.split(SEPARATOR)
    return (
        nir,
        family,
        usage,
        first,
        Category.of(category),
        mode,
        Decimal(contract),
        Decimal(gross) if gross else None,
        apprentice == "1",
        _payee(*payee) if payee else None,
    )


def _payee(
    name: str, civility: str, birth: str, commune: str, address: str, postcode: str, city: str, iban: str
) -> Payee:
    return Payee(name, civility, date.fromisoformat(birth), commune, address, postcode, city, iban)


def _person(row: str) -> PrefilledPerson:
    line, month, idle, nir, family, usage, first, category, mode, contract, apprentice = row.split(SEPARATOR)
    return PrefilledPerson(
        line=int(line),
        nir=nir,
        family_name=family,
        usage_name=usage,
        first_name=first,
        category=Category.of(category),
        mode=mode,
        contract_hours=Decimal(contract) if contract else None,
        apprentice=apprentice == "1",
        month=_day(month),
        idle=Decimal(idle),
    )


@lru_cache(maxsize=4096)
def _decimal(text: str) -> Decimal:
    return Decimal(text)


@lru_cache(maxsize=1024)
def _day(text: str) -> date:
    return date.fromisoformat(text)

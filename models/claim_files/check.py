"""Checks a whole file against the law and calculates what its good lines are worth.

A line with an error counts in no sum; the others do, so that a sum beside errors is that of what stands. A DSN has no
weeks: its people and month totals are all that can be said of it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Final

from law.claimed_hours import Excess
from law.claimed_worth import ClaimedWorth, add
from law.dated import BeforeFirstText
from law.texts import number_in_french
from models.claim_files import line_warnings
from models.claim_files.claim import Claim, usual_month
from models.claim_files.faults import Fault, FaultCode
from models.claim_files.fields import DIRECT_COLUMNS, Field, FileFormat
from models.claim_files.line_checks import Finding, LineChecks
from models.claim_files.line_warnings import Warned
from models.claim_files.lines import ClaimLine
from models.claim_files.people import person_faults
from models.claim_files.pricing import HoursByRate, Pricing, total
from models.claim_files.reading import ClaimFile
from models.claim_files.verdict import HeaderShape

MAX_LISTED: Final = 10_000
"""Errors, and warnings, that are listed; all are counted."""
PROGRESS_STEP: Final = 5_000
"""Lines between two calls of `progress`."""
_ZERO: Final = Decimal(0)
Progress = Callable[[int, int], None]
"""Is told how many lines are checked, of how many."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What a file claims; `worth.allowance` and `worth.indemnity` say nothing where `is_priced` is false (a DSN)."""

    month: date | None
    """Its first day; None when the file is of several months."""
    lines: int
    people: int
    worth: ClaimedWorth
    is_priced: bool
    errors: tuple[Fault, ...]
    error_count: int
    warnings: tuple[Fault, ...]
    warning_count: int
    headers: tuple[HeaderShape, ...]
    """Columns of the file, those that were not read too."""
    warned: tuple[Warned, ...] = ()
    """What agents are told of all warnings, also those that are not listed."""


def check(file: ClaimFile, claim: Claim, progress: Progress | None = None) -> CheckedFile:
    """Check every line of a file.

    Raises RateUnknown where no text gives a rate, HeadcountNeeded for flat amounts without a headcount, and
    UnknownDepartment.
    """
    if file.format is FileFormat.DSN:
        return _prefilled(file, claim)
    lines = tuple(file.lines())
    month = claim.month or usual_month(line.week for line in lines)
    checking = _Checking(file, claim, month)
    checking.run(lines, progress)
    missing = list(_missing_columns(file)) if claim.direct else []
    of_form = dict.fromkeys(file.faults)  # a person’s fault in a wide table is told once, not once a week
    errors = sorted(chain(missing, of_form, checking.errors), key=_place)
    warnings = sorted(chain(checking.warnings, checking.week_warnings()), key=_place)
    return CheckedFile(
        month=month,
        lines=file.total,
        people=len(checking.hours),
        worth=add(map(total, checking.hours.values())),
        is_priced=True,
        errors=tuple(errors[:MAX_LISTED]),
        error_count=file.fault_count - len(file.faults) + len(errors),
        warnings=tuple(warnings[:MAX_LISTED]),
        warning_count=len(warnings),
        headers=file.headers,
        warned=line_warnings.of_faults(warnings),
    )


class _Checking:
    """One run over the lines of a file: what it found, and the hours of each person at each rate."""

    def __init__(self, file: ClaimFile, claim: Claim, month: date | None) -> None:
        self.errors: list[Fault] = []
        self.warnings: list[Fault] = []
        self.hours: dict[str, HoursByRate] = {}
        self._file = file
        self._checks = LineChecks(claim, month)
        self._pricing = Pricing(claim.where)
        self._of_week: dict[tuple[date, Excess], tuple[Fault, int]] = {}
        self._noted: set[tuple[FaultCode, int, str]] = set()

    def run(self, lines: Sequence[ClaimLine], progress: Progress | None) -> None:
        """Check every line, and add up those without an error."""
        wrong = self._wrong_people(lines)
        for at, line in enumerate(lines):
            if progress is not None and at % PROGRESS_STEP == 0:
                progress(at, len(lines))
            if self._is_right(line) and at not in wrong:
                self._add(line)
        if progress is not None:
            progress(len(lines), len(lines))

    def _wrong_people(self, lines: Sequence[ClaimLine]) -> set[int]:
        """Note each such fault once a line of the file; return the places of all lines that have one."""
        wrong, noted = set[int](), set[tuple[int, FaultCode]]()
        for at, code, other, field in person_faults(lines):
            line = lines[at]
            wrong.add(at)
            if (line.line, code) not in noted:
                noted.add((line.line, code))
                shown = f"{line.week:%d/%m/%Y}" if field is Field.WEEK else ""
                if code is FaultCode.NIR_TWO_NAMES:
                    shown = line.usage_name if field is Field.USAGE_NAME else f"{line.family_name} {line.first_name}"
                self._note(line, Finding(code, field, shown, f"Voyez la ligne {other}."))
        return wrong

    def _is_right(self, line: ClaimLine) -> bool:
        try:
            findings = list(self._checks.findings(line))
        except BeforeFirstText as early:
            findings = [Finding(FaultCode.WEEK_UNREADABLE, Field.WEEK, f"{line.week:%d/%m/%Y}", str(early))]
        for each in findings:
            self._note(line, each)
        return all(each.signal for each in findings)

    def _add(self, line: ClaimLine) -> None:
        days = self._checks.days(line)
        assert days is not None  # noqa: S101 -- a line outside the month or the period is wrong
        self._pricing.add(self.hours.setdefault(line.nir, {}), line, days)

    def _note(self, line: ClaimLine, found: Finding) -> None:
        column = self._file.column(found.field, line.week)
        fault = Fault(found.code, line.line, column, found.shown, found.detail)
        if found.of_week is not None:
            first, count = self._of_week.get((line.week, found.of_week), (fault, 0))
            self._of_week[line.week, found.of_week] = (first, count + 1)
        elif fault[:3] not in self._noted:  # the pay of a wide table is that of each of its weeks
            self._noted.add(fault[:3])
            (self.warnings if found.signal else self.errors).append(fault)

    def week_warnings(self) -> Iterator[Fault]:
        """Yield one warning a week and reason that its lines share, at the first of them."""
        for (monday, _), (first, count) in self._of_week.items():
            number = f"{number_in_french(count)} ligne{'s' if count > 1 else ''}"
            yield first._replace(detail=f"Semaine du {monday:%d/%m/%Y}, {number}. {first.detail}")


def _missing_columns(file: ClaimFile) -> Iterator[Fault]:
    """Yield the columns of a direct payment that a table does not have, once each."""
    if file.layout is not None and file.format is not FileFormat.JSON:
        named = {each.field for each in file.headers}
        for field in DIRECT_COLUMNS:
            if field not in named and field is not Field.BIRTH_NAME:
                yield Fault(
                    FaultCode.PAYEE_INCOMPLETE, 1, field.label, detail="Cette colonne n’est pas dans le fichier."
                )


def _prefilled(file: ClaimFile, claim: Claim) -> CheckedFile:
    people = [each for each in file.people() if claim.month in (None, each.month)]
    months = {each.month for each in people}
    return CheckedFile(
        month=claim.month or (months.pop() if len(months) == 1 else None),
        lines=file.total,
        people=len({each.nir for each in people}),
        worth=ClaimedWorth(hours=sum((each.idle for each in people), _ZERO)),
        is_priced=False,
        errors=file.faults,
        error_count=file.fault_count,
        warnings=file.signals,
        warning_count=file.signal_count,
        headers=file.headers,
    )


def _place(fault: Fault) -> int:
    return fault.line

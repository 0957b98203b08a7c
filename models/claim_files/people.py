"""Faults that only the whole file shows: a number with two names, a week that an employee has twice, two payees."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from models.claim_files.faults import FaultCode
from models.claim_files.fields import DIRECT_COLUMNS, Field
from models.claim_files.lines import ClaimLine, Payee
from models.transliteration import latin_capitals

_NAME_LENGTH: Final = 200
_Name = tuple[str, str]
"""Family name and first name."""


class PersonFault(NamedTuple):
    """A fault of the line at a place of the sequence, the line of the file that it contradicts, and the column."""

    at: int
    code: FaultCode
    other_line: int
    field: Field


def person_faults(lines: Sequence[ClaimLine]) -> Iterator[PersonFault]:
    """Yield the lines whose name is not that of most lines of their number, then repeated weeks, other usage names and
    other payees.

    The first name wins where as many lines have each. A line under another name repeats no week: its number is wrong.
    """
    named_otherwise = dict(_named_otherwise(lines))
    for at, other in named_otherwise.items():
        yield PersonFault(at, FaultCode.NIR_TWO_NAMES, other, Field.FAMILY_NAME)
    first, of_person, used = dict[tuple[str, date], int](), dict[str, ClaimLine](), dict[str, ClaimLine]()
    for at, line in enumerate(lines):
        if at not in named_otherwise:
            earlier = first.setdefault((line.nir, line.week), line.line)
            if earlier != line.line:
                yield PersonFault(at, FaultCode.WEEK_TWICE, earlier, Field.WEEK)
            stated = of_person.setdefault(line.nir, line)
            using = used.setdefault(line.nir, line) if line.usage_name else line
            if _plain(using.usage_name) != _plain(line.usage_name):
                yield PersonFault(at, FaultCode.NIR_TWO_NAMES, using.line, Field.USAGE_NAME)
            field = _differing(stated.payee, line.payee)
            if field is not None:
                yield PersonFault(at, FaultCode.PAYEE_DIFFERS, stated.line, field)


def _differing(stated: Payee | None, other: Payee | None) -> Field | None:
    """Return the first column in which two payees differ otherwise than by accents, hyphens or capitals."""
    if stated == other or stated is None or other is None:
        return None
    pairs = zip(DIRECT_COLUMNS, stated, other, strict=True)
    return next((field for field, one, two in pairs if one != two and _plain(str(one)) != _plain(str(two))), None)


def _named_otherwise(lines: Sequence[ClaimLine]) -> Iterator[tuple[int, int]]:
    """Yield the place of each line with another name than most of its number, and the first line with that one."""
    names = _names_of_contested(lines)
    usual = dict[str, _Name]()
    for nir, counts in names.items():
        usual[nir] = max(counts, key=lambda name: counts[name])
    bearer = dict[str, int]()
    contested = [(at, line) for at, line in enumerate(lines) if line.nir in usual]
    for _, line in contested:
        if _normalised(line) == usual[line.nir]:
            bearer.setdefault(line.nir, line.line)
    for at, line in contested:
        if _normalised(line) != usual[line.nir]:
            yield at, bearer[line.nir]


def _names_of_contested(lines: Sequence[ClaimLine]) -> dict[str, Counter[_Name]]:
    """Count the lines of each name of the numbers that have several."""
    written = dict[str, _Name]()
    suspected = {
        line.nir
        for line in lines
        if written.setdefault(line.nir, (line.family_name, line.first_name)) != (line.family_name, line.first_name)
    }
    names = dict[str, Counter[_Name]]()
    for line in lines if suspected else ():
        if line.nir in suspected:
            names.setdefault(line.nir, Counter())[_normalised(line)] += 1
    return {nir: counts for nir, counts in names.items() if len(counts) > 1}


def _normalised(line: ClaimLine) -> _Name:
    """Return the name in capitals without accents or hyphens, as payroll programs write it in different places."""
    return _plain(line.family_name), _plain(line.first_name)


def _plain(name: str) -> str:
    return " ".join(latin_capitals(name, _NAME_LENGTH).replace("-", " ").replace("'", " ").split())

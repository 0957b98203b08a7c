"""Lines of claims in tests of the whole system: people who do not exist, found again wherever they must not be."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from stdnum.fr import nir as stdnum_nir

from law.calendar import add_months
from models.claim_files.claim import weeks_of_month
from models.claim_files.fields import COLUMNS, Category, Field
from tests.uploads import a_file

NAME: Final = "Zqsentinelle"
PRIVATE: Final = re.compile(rb"(?<!\d)2620566\d{6}(?!\d{3})|" + NAME.encode(), re.IGNORECASE)
"""A number or the name of any of these people, in clear."""
_HOURS: Final = "7"
_WORKING_DAYS: Final = 5
_LEAST_DAYS: Final = 2
"""Working days that the month must have of a week that is claimed, so that its hours are payable."""
Line = dict[str, str]


def lines(number: int, month: date, people: int = 3, weeks: int = 6) -> list[Line]:
    """Return the lines of the people of a case, the same ones in each month; seven idle hours a week."""
    claimed = [each for each in weeks_of_month(month) if _days(each, month) >= _LEAST_DAYS][:weeks]
    return [_line(number, person, week) for person in range(1, people + 1) for week in claimed]


def as_file(claimed: list[Line]) -> bytes:
    """Return lines as the CSV of a payroll program."""
    labels = {each.value: each.label for each in COLUMNS}
    categories = {each.value: each.label for each in Category}
    named = ({**each, "category": categories[each["category"]]} for each in claimed)
    return a_file(*({labels[name]: value for name, value in each.items()} for each in named))


def in_clear(files: Iterator[Path]) -> Mapping[str, set[bytes]]:
    """Return what some files hold of these people in clear; files without anything are left out."""
    found = {str(file): set(PRIVATE.findall(file.read_bytes())) for file in files}
    return {file: seen for file, seen in found.items() if seen}


def _line(number: int, person: int, week: date) -> Line:
    base = f"2620566{number % 1000:03}{number // 1000 * 10 + person:03}"
    return {
        Field.NIR.value: base + stdnum_nir.calc_check_digits(base),
        Field.FAMILY_NAME.value: NAME,
        Field.FIRST_NAME.value: "Zoé",
        Field.CATEGORY.value: Category.WORKER.value,
        Field.MODE.value: "02",
        Field.CONTRACT_HOURS.value: "35",
        Field.WEEK.value: week.isoformat(),
        Field.WORKED.value: "0",
        Field.IDLE.value: _HOURS,
        Field.HOURLY_GROSS.value: "15,2",
    }


def _days(monday: date, month: date) -> int:
    days = (monday + timedelta(days=number) for number in range(_WORKING_DAYS))
    return sum(month <= day < add_months(month, 1) for day in days)

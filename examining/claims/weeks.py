"""Weeks as files write them: ISO, « 26/2021 », « S26 », a Monday, « du 28/06/2021 au 04/07/2021 », a serial day."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

FIRST_DAY: Final = date(2010, 1, 1)
_FIRST_YEAR: Final = FIRST_DAY.year
_LAST_YEAR: Final = 2099
_SERIAL_ORIGIN: Final = date(1899, 12, 30)
_SERIALS: Final = range(40_179, 73_051)
"""Numbers by which workbooks count the days from 2010 to 2099."""
_WORD: Final = r"(?:semaine|sem|s|w|week)\.?\s*(?:n[°o]?\s*)?"
_START: Final = r"(?<![^\W\d_])"
"""Not within a word."""
_FRENCH: Final = r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})"
_ISO: Final = r"(20\d\d)-(\d\d)-(\d\d)(?:[T ]00:00(?::00)?)?"
_DAY_MONTH: Final = r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2}))?"
_YEAR_WEEK: Final = re.compile(r"(20\d\d)[-/ ]?(?:[WwSs]|[Ss]em(?:aine)?)\s?(\d{1,2})(?:-1)?", re.ASCII)
_WEEK_YEAR: Final = re.compile(rf"(?:{_WORD})?(\d{{1,2}})\s*[/\- ]\s*(20\d\d)", re.ASCII | re.IGNORECASE)
_WEEK: Final = re.compile(rf"(?:{_WORD})?(\d{{1,2}})", re.ASCII | re.IGNORECASE)
_FRENCH_DAY: Final = re.compile(_FRENCH, re.ASCII)
_ISO_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_RANGE: Final = re.compile(
    rf"(?:{_WORD})?(?:du\s*)?{_DAY_MONTH}\s*(?:au|-|–|à|a)\s*{_FRENCH}", re.ASCII | re.IGNORECASE
)
_ISO_RANGE: Final = re.compile(rf"(?:du\s*)?{_ISO}\s*(?:au|/|à|a)\s*{_ISO}", re.ASCII | re.IGNORECASE)
_FROM: Final = re.compile(rf"(?:{_WORD})?(?:du\s*)?(?:lundi\s*)?(?:{_FRENCH}|{_ISO})", re.ASCII | re.IGNORECASE)
_IN_HEADER: Final = re.compile(
    "|".join(
        (
            rf"(?:{_START}du\s*)?{_DAY_MONTH}\s*(?:au|-|–)\s*{_FRENCH}",
            r"20\d\d-?[WwSs]\d\d",
            rf"(?:{_START}{_WORD})?(?:{_START}du\s*)?(?:{_FRENCH}|{_ISO})",
            rf"{_START}{_WORD}\d{{1,2}}(?:\s*[/\- ]\s*20\d\d)?",
            r"(?<!\d)\d{1,2}\s*/\s*20\d\d",
            r"(?<![^\W_])(?<!\.)\d{1,2}(?![^\W_]|\.)",
        )
    ),
    re.IGNORECASE,
)
MAX_WRITTEN: Final = 60


def monday(written: str, month: date | None = None) -> date | None:
    """Return the Monday of a week, or None when it cannot be read; `month` (its first day) gives « S26 » its year."""
    plain = " ".join(written.split())
    if len(plain) > MAX_WRITTEN:
        return None
    for form, read in _FORMS:
        if found := form.fullmatch(plain):
            try:
                return _within(read(found, month))
            except ValueError:  # a day or a week that there is not
                return None
    return None


def between(first: str, last: str, month: date | None = None) -> date | None:
    """Return the Monday of the week that holds two days, each of a column; None when they are of two weeks."""
    if not last.strip():
        return monday(first, month)
    days = day(first), day(last)
    if days[0] and days[1]:
        return _within(_of_range(days[0], days[1]))
    return monday(f"du {first} au {last}", month)


def day(written: str) -> date | None:
    """Return a date: JJ/MM/AAAA, ISO, or the number of a workbook; None when it cannot be read."""
    plain = written.strip()
    try:
        if found := _ISO_DAY.fullmatch(plain):
            return date(*map(int, found.groups()))
        if (found := _FRENCH_DAY.fullmatch(plain)) and len(found[3]) == 4:
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
    if plain.isascii() and plain.isdigit() and len(plain) == 5:
        return _SERIAL_ORIGIN + timedelta(days=int(plain))
    return None


def within_header(header: str, month: date | None = None) -> tuple[date, str] | None:
    """Return the week that a header of a wide table names, and what is left of it; None if it names none."""
    found = _IN_HEADER.search(header)
    week = monday(found[0], month) if found else None
    if found is None or week is None:
        return None
    left = f"{header[: found.start()]} {header[found.end() :]}"
    again = within_header(left, month)  # « S26 du 28/06/2021 » names one week twice
    return again if again and again[0] == week else (week, left)


def _within(day: date | None) -> date | None:
    return day if day is not None and _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def _of_year_and_week(year: str, week: str) -> date:
    return date.fromisocalendar(int(year), int(week), 1)


def _of_week(found: re.Match[str], month: date | None) -> date | None:
    """Return the week of that number which has a day of the month, else that of its year."""
    if month is None:
        return None
    number, after = int(found[1]), (month + timedelta(days=31)).replace(day=1)
    for year in (month.year, month.year - 1, month.year + 1):
        try:
            week = date.fromisocalendar(year, number, 1)
        except ValueError:
            continue
        if week < after and week + timedelta(days=6) >= month:
            return week
    return date.fromisocalendar(month.year, number, 1)


def _of_day(day: date) -> date | None:
    """Return the Monday of a day that begins a week, or its part in a month; None for another one."""
    return day - timedelta(days=day.weekday()) if day.weekday() == 0 or day.day == 1 else None


def _of_range(first: date, last: date) -> date | None:
    """Return the Monday of the week that holds both; None when they are of two weeks."""
    start = first - timedelta(days=first.weekday())
    return start if first <= last <= start + timedelta(days=6) else None


def _french(day: str, month: str, year: str) -> date:
    return date(int(year) + 2000 * (len(year) == 2), int(month), int(day))


def _range(found: re.Match[str], _month: date | None) -> date | None:
    day, month, year, *last = found.groups()
    end = _french(*last)
    return _of_range(_french(day, month, year or str(end.year - (int(month) > end.month))), end)


def _from(found: re.Match[str], _month: date | None) -> date | None:
    french, iso = found.groups()[:3], found.groups()[3:]
    return _of_day(_french(*french) if french[0] else date(*map(int, iso)))


def _of_number(found: re.Match[str], month: date | None) -> date | None:
    number = int(found[0])
    return _of_day(_SERIAL_ORIGIN + timedelta(days=number)) if number in _SERIALS else None


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date | None], date | None]], ...]] = (
    (_YEAR_WEEK, lambda found, _: _of_year_and_week(found[1], found[2])),
    (_FROM, _from),
    (_WEEK_YEAR, lambda found, _: _of_year_and_week(found[2], found[1])),
    (_WEEK, _of_week),
    (_RANGE, _range),
    (
        _ISO_RANGE,
        lambda found, _: _of_range(date(*map(int, found.groups()[:3])), date(*map(int, found.groups()[3:]))),
    ),
    (re.compile(r"\d{5}", re.ASCII), _of_number),
)

"""Hours and wages as files write them: « 7,5 », « 7.5 », « 7h30 », « 7:30 »; exact, never rounded in silence."""

import re
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from examining.claims.refused import FileRefused
from models.claim_files.faults import FaultCode
from models.claim_files.refusals import RefusalCode

HOURS_DECIMALS: Final = 2
WAGE_DECIMALS: Final = 4
_NUMBER: Final = re.compile(
    r"(-?)(\d{1,12})(?:([.,])(\d{1,20}))?(?: ?(h|heures?|€|eur(?:os)?))?", re.ASCII | re.IGNORECASE
)
_SIXTIETHS: Final = re.compile(
    r"(-?)(\d{1,4}) ?(?:h|:) ?([0-5]\d)(?: ?(?:mn?|min)|:00)?|(-?)(\d{1,4}):([0-5]\d):00", re.ASCII | re.IGNORECASE
)
_BLANKS: Final = re.compile(r"[\s\u00a0\u202f]+")
_MAX_DIGITS: Final = 6
_KEPT: Final = 65_536
"""Different values whose reading is kept."""


class Style(Enum):
    """How a number that is not whole is written."""

    COMMA = ","
    POINT = "."
    SIXTIETHS = "h"


class Number(NamedTuple):
    """A number that was read: decimal text (« 7.5 »), or what is wrong with it."""

    text: str
    fault: FaultCode | None = None
    style: Style | None = None


@lru_cache(maxsize=_KEPT)
def hours(written: str) -> Number:
    """Read hours: two decimals at most; minutes become hundredths, to the nearest."""
    plain = _BLANKS.sub(" ", written).strip(" '")
    if found := _SIXTIETHS.fullmatch(plain):
        sign, whole, minutes = (each for each in found.groups() if each is not None)
        hundredths = (int(minutes) * 100 + 30) // 60
        read = _number(sign, whole, f"{hundredths:02}", HOURS_DECIMALS, None)
        return Number(read.text, read.fault, Style.SIXTIETHS)
    return _plain(plain, HOURS_DECIMALS)


@lru_cache(maxsize=_KEPT)
def wage(written: str) -> Number:
    """Read euros an hour: four decimals at most."""
    return _plain(_BLANKS.sub(" ", written).strip(" '"), WAGE_DECIMALS)


def _plain(plain: str, decimals: int) -> Number:
    found = _NUMBER.fullmatch(plain)
    if found is None:
        return Number("", FaultCode.HOURS_NOT_A_NUMBER)
    style = Style(found[3]) if found[3] else None
    return _number(found[1], found[2], found[4] or "", decimals, style)


def _number(sign: str, whole: str, fraction: str, decimals: int, style: Style | None) -> Number:
    digits = whole.lstrip("0") or "0"
    text = f"{digits}.{fraction.rstrip('0')}".rstrip(".")
    if len(digits) > _MAX_DIGITS:
        return Number("", FaultCode.HOURS_NOT_A_NUMBER, style)
    if sign and text != "0":
        return Number("", FaultCode.HOURS_NEGATIVE, style)
    if len(fraction) > decimals:
        return Number("", FaultCode.HOURS_TOO_PRECISE, style)
    return Number(text, None, style)


class OneStyle:
    """Hours of one file, all written in one way: read the second way, « 7.30 » would be another number."""

    def __init__(self) -> None:
        self._style: Style | None = None

    def read(self, written: str, line: int) -> Number:
        """Read hours; raises `FileRefused` at the first line that writes them in a second way."""
        number = hours(written)
        if number.fault is None and number.style is not None and number.style is not self._style:
            if self._style is not None:
                raise FileRefused(RefusalCode.HOURS_MIXED, line)
            self._style = number.style
        return number

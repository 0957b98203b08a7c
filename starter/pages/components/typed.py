"""What people type into fields, in the form of the API; whatever is not understood is returned as it was typed."""

import re
from typing import Final

_BLANKS: Final = re.compile(r"\s+")
_FRENCH_DAY: Final = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", re.ASCII)
_CLOCK: Final = re.compile(r"(\d{1,4})[h:]([0-5]\d)(?:mn|min)?", re.ASCII | re.IGNORECASE)
_WITH_COMMA: Final = re.compile(r"-?\d{1,12},\d{1,20}", re.ASCII)
_WHOLE: Final = re.compile(r"\d{1,12}", re.ASCII)


def day(text: str | None) -> str | None:
    """Read « 1/12/2026 » as « 2026-12-01 »; a browser without a calendar leaves the day to be typed."""
    found = _FRENCH_DAY.fullmatch(text or "")
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else text


def whole(text: str | None) -> int | str | None:
    """Read « 1 200 » as 1200."""
    plain = _BLANKS.sub("", text or "")
    return int(plain) if _WHOLE.fullmatch(plain) else text


def hours(text: str) -> str:
    """Read « 7h30 », « 7:30 » or « 7,5 » as « 7.50 » or « 7.5 »: minutes become hundredths, to the nearest."""
    plain = _BLANKS.sub("", text)
    if found := _CLOCK.fullmatch(plain):
        return f"{found[1]}.{(int(found[2]) * 100 + 30) // 60:02}"
    return plain.replace(",", ".") if _WITH_COMMA.fullmatch(plain) else text


def decimal(text: str | None) -> str | None:
    """Read « 1 200,5 » as « 1200.5 »."""
    return _BLANKS.sub("", text).replace(",", ".") if text else text

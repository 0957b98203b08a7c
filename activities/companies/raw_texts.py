"""Texts and days as an untrusted register sends them: cleaned, or refused as malformed; if secondary, absent."""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from models.texts import TextRefused, line, without_unseen

MAX_TEXT: Final = 200
"""Characters of one text; the longest of the register's own fields has 120."""
UNDISCLOSED: Final = ("[ND]", "[NON-DIFFUSIBLE]")
"""What the register writes instead of what it may not disclose."""
NIC: Final = re.compile(r"\d{5}", re.ASCII)
_KEPT: Final = frozenset("LMNPSZ")
"""First letters of the Unicode categories that print; C (controls, formats, unassigned) does not."""


class RawMessage(BaseModel):
    """A part of an answer: exact types, other members ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


def printable(value: str) -> str:
    """Return a text on one line, without what prints as nothing; controls count as blanks."""
    seen = unicodedata.normalize("NFC", without_unseen(value))
    return " ".join("".join(sign if unicodedata.category(sign)[0] in _KEPT else " " for sign in seen).split())


def admitted(text: str) -> str | None:
    """Return a printable text as `models.texts` admits it; None if it is undisclosed, or cannot be printed whole."""
    if any(mark in text.upper() for mark in UNDISCLOSED) or not any(sign.isalnum() for sign in text):
        return None
    try:
        return line(text, MAX_TEXT)
    except TextRefused:  # a sign that no font of ours has: what was stated is better than a hole
        return None


def _text(value: str | None) -> str | None:
    if value is None:
        return None
    text = printable(value)
    if len(text) > MAX_TEXT:
        raise ValueError("text too long")
    return admitted(text)


def _day(value: object) -> object:
    """Read the day of a date; the register writes ISO dates, sometimes with a time."""
    if value is None:
        return None
    if not isinstance(value, str) or not value.isascii():
        raise ValueError("not a day")
    return date.fromisoformat(value[:10])


def _secondary_day(value: object) -> object:
    try:
        return _day(value)
    except ValueError:
        return None


def _instant(value: object) -> datetime | None:
    if not isinstance(value, str) or not value.isascii():
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _code(value: object) -> object:
    return value if isinstance(value, str) else None


def _nic(value: object) -> object:
    return value if isinstance(value, str) and NIC.fullmatch(value) else None


def absent_if_wrong(value: object, read: ValidatorFunctionWrapHandler) -> object:
    """Read a part without which the answer still says what matters, or None if it is malformed."""
    try:
        return read(value)
    except ValidationError:
        return None


RawText = Annotated[str | None, AfterValidator(_text)]
"""A text as `models.texts` admits it, or None when it is absent, undisclosed, or cannot be printed."""
SecondaryText = Annotated[RawText, WrapValidator(absent_if_wrong)]
RawDay = Annotated[date | None, BeforeValidator(_day)]
SecondaryDay = Annotated[date | None, BeforeValidator(_secondary_day)]
"""A day without which the answer still says what matters; absent if it is none."""
SecondaryInstant = Annotated[datetime | None, BeforeValidator(_instant)]
SecondaryCode = Annotated[str | None, BeforeValidator(_code)]
Nic = Annotated[str | None, BeforeValidator(_nic)]
"""The number of an establishment within its firm; absent if it is none."""


def printed_name(firm: str | None, usual: str | None) -> str | None:
    """Return the name of the firm, then the usual name of the establishment when it says something else."""
    if firm is None or usual is None or firm.casefold() == usual.casefold():
        return firm or usual
    both = f"{firm} ({usual})"
    return both if len(both) <= MAX_TEXT else firm

"""How a value reads on a French document: days, instants, numbers, and text that a font can show."""

import unicodedata
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from pydantic import BaseModel

from law.texts import NO_BREAK_SPACE, in_french, instant_in_french, number_in_french

Printed = str | bool | None | list["Printed"] | dict[str, "Printed"]
"""A tree of texts ready to print: every leaf is a string, a flag or nothing."""

UNPRINTABLE: Final = "□"
"""Stands for a character that no font of ours has; the attached data keep the original."""
_PRINTABLE: Final = (
    range(0x20, 0x7F),
    range(0xA0, 0x250),  # Latin
    range(0x370, 0x460),  # Greek, Cyrillic
    range(0x1E00, 0x1F00),  # more Latin
    range(0x2010, 0x2041),  # punctuation
    range(0x20A0, 0x20C0),  # currencies
    range(0x2116, 0x2117),  # №
    range(0x2122, 0x2123),  # ™
)


def day(value: date) -> str:
    """« 1er décembre 2026 »."""
    return _with_number_bound(in_french(value))


def instant(value: datetime, legal_time: str) -> str:
    """« 1er décembre 2026 à 0 h 00 min 00 s, heure de Paris (UTC+1) »; `value` is aware and local."""
    return f"{_with_number_bound(instant_in_french(value))}, {legal_time} ({_offset(value)})"


def legible(text: str) -> str:
    """Return the text without what cannot be printed: emoji become □, controls and direction marks are dropped."""
    return "".join(_printed(character) for character in unicodedata.normalize("NFC", text))


def printed(value: object, legal_time: str) -> Printed:
    """Return a content model, or any part of one, as the tree of texts that a template prints."""
    match value:
        case None | bool():
            return value
        case datetime():
            return instant(value, legal_time)
        case date():
            return day(value)
        case Decimal() | int():
            return number_in_french(value)
        case tuple():
            return [printed(item, legal_time) for item in value]
        case BaseModel():
            return {name: printed(getattr(value, name), legal_time) for name in type(value).model_fields}
        case _ if is_dataclass(value):
            return {field.name: printed(getattr(value, field.name), legal_time) for field in fields(value)}
        case _:
            return legible(str(value))


def _with_number_bound(text: str) -> str:
    """Return a date that no line break separates from the number it begins with."""
    return text.replace(" ", NO_BREAK_SPACE, 1)


def _offset(value: datetime) -> str:
    shift = value.utcoffset()
    if shift is None:
        raise ValueError("a document prints aware instants only")
    minutes = int(shift.total_seconds()) // 60
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


@lru_cache(4096)
def _printed(character: str) -> str:
    if character in "\n\t":
        return character
    category = unicodedata.category(character)
    if category in {"Cc", "Cf", "Cs"}:
        return ""
    return character if category != "Cn" and any(ord(character) in block for block in _PRINTABLE) else UNPRINTABLE

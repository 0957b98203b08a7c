"""How a value reads on a French document: days, instants, numbers, and text that a font can show."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import structlog
from pydantic import BaseModel

from law.texts import (
    NO_BREAK_SPACE,
    deadline_in_french,
    in_french,
    instant_in_french,
    named_end_in_french,
    number_in_french,
)
from models.texts import shown

Printed = str | bool | None | list["Printed"] | dict[str, "Printed"]
"""A tree of texts ready to print: every leaf is a string, a flag or nothing."""

UNPRINTABLE: Final = "□"
"""Stands for a sign of a text stored before that no font of ours has; the attached data keep the original."""
_log = structlog.get_logger()


def day(value: date) -> str:
    """« 1er décembre 2026 »."""
    return bound(in_french(value))


def instant(value: datetime, legal_time: str) -> str:
    """« 1er décembre 2026 à 0 h 00 min 00 s, heure de Paris (UTC+1) »; `value` is aware and local."""
    return bound(f"{instant_in_french(value)}, {legal_time} ({_offset(value)})")


def legible(text: str) -> str:
    """Return a text as it is printed: whole, if it was admitted as `models.texts` admits texts today.

    Of a text stored before, controls and direction marks are dropped, and any other sign that no font has is □.
    """
    legible_text = shown(text, UNPRINTABLE)
    if lost := legible_text.count(UNPRINTABLE) - text.count(UNPRINTABLE):
        _log.warning("signs_not_printed", count=lost)
    return legible_text


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
            return {
                name: text
                for field in type(value).model_fields
                for name, text in _named(field, getattr(value, field), legal_time)
            }
        case _ if is_dataclass(value):
            return {field.name: printed(getattr(value, field.name), legal_time) for field in fields(value)}
        case _:
            return bound(legible(str(value)))


def _named(field: str, value: object, legal_time: str) -> Iterator[tuple[str, Printed]]:
    """Yield a field as it is printed; an instant also as the end of a day (`…_end`) and as a deadline (`…_by`)."""
    yield field, printed(value, legal_time)
    if isinstance(value, datetime):
        yield f"{field}_end", bound(named_end_in_french(value, legal_time))
        yield f"{field}_by", bound(deadline_in_french(value, legal_time))


def bound(text: str) -> str:
    """Return a text in which no line break separates a date, a number from what it numbers, or a sign from its word."""
    return _BOUND.sub(lambda found: found[0].replace(" ", NO_BREAK_SPACE), text)


_BOUND: Final = re.compile(
    r"\b(?:\d{1,2}|1er) (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre) \d{4}"
    r"|n° (?=\d)|\(?heure d\S+ (?:La )?|« | [:;»](?= |$|\.|,)"
)


def _offset(value: datetime) -> str:
    shift = value.utcoffset()
    if shift is None:
        raise ValueError("a document prints aware instants only")
    minutes = int(shift.total_seconds()) // 60
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")

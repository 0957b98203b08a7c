"""A claim in JSON: a list of objects, or an object with the list `lines`; one object is decoded at a time."""

import json
import re
from collections.abc import Generator, Iterator
from typing import Final

from examining.claims.columns import shown
from examining.claims.refused import FileRefused
from models.claim_files.fields import Field
from models.claim_files.refusals import RefusalCode

LIST: Final = "lines"
_BLANKS: Final = re.compile(r"[ \t\r\n]*")
_DECODER: Final = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
"""Figures stay text: a float would lose its decimals."""
MEMBERS: Final = tuple(field.value for field in Field)


def objects(text: str) -> Iterator[object]:
    """Iterate over the members of the list; raises `FileRefused` for what is no such list."""
    try:
        end = yield from _list(text, _start_of_list(text))
        _refuse_rest(text, end)
    except (ValueError, RecursionError, IndexError) as broken:
        line = text.count("\n", 0, broken.pos) + 1 if isinstance(broken, json.JSONDecodeError) else 0
        raise FileRefused(RefusalCode.JSON_BROKEN, line) from broken


def cells(item: object) -> list[str] | None:
    """Return the values of an object in the order of `MEMBERS`, as text; None for what is no object."""
    return [_text(item.get(member)) for member in MEMBERS] if isinstance(item, dict) else None


def unread(item: object, unlisted: frozenset[Field]) -> list[str]:
    """Return the members of an object that are of no field, or of one that may not be read."""
    if not isinstance(item, dict):
        return []
    return [shown(str(name)) for name in item if name not in MEMBERS or Field.of(name) in unlisted]


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _after_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _start_of_list(text: str) -> int:
    """Return where the list begins, after its bracket."""
    at = _after_blanks(text, 0)
    if text[at] == "[":
        return at + 1
    if text[at] != "{":
        raise FileRefused(RefusalCode.JSON_SHAPE)
    at = _after_blanks(text, at + 1)
    while text[at] != "}":
        name, at = _name(text, at)
        if name == LIST:
            if text[at] != "[":
                raise FileRefused(RefusalCode.JSON_SHAPE)
            return at + 1
        _, at = _DECODER.raw_decode(text, at)
        at = _after_blanks(text, at)
        if text[at] == ",":
            at = _after_blanks(text, at + 1)
    raise FileRefused(RefusalCode.JSON_SHAPE)


def _name(text: str, at: int) -> tuple[object, int]:
    """Return the name of a member and where its value begins."""
    name, at = _DECODER.raw_decode(text, at)
    at = _after_blanks(text, at)
    if text[at] != ":":
        raise json.JSONDecodeError("':'", text, at)
    return name, _after_blanks(text, at + 1)


def _refuse_rest(text: str, at: int) -> None:
    """Raise for what stands behind the list, but other members of its object: a file cut short, or several in one."""
    at = _after_blanks(text, at)
    if text[_after_blanks(text, 0)] == "{":
        while text[at] == ",":
            name, at = _name(text, _after_blanks(text, at + 1))
            if name == LIST:
                raise json.JSONDecodeError("one list", text, at)
            at = _after_blanks(text, _DECODER.raw_decode(text, at)[1])
        if text[at] != "}":
            raise json.JSONDecodeError("'}'", text, at)
        at = _after_blanks(text, at + 1)
    if at < len(text):
        raise json.JSONDecodeError("end", text, at)


def _list(text: str, at: int) -> Generator[object, None, int]:
    """Iterate over the members; return where the list has ended."""
    at = _after_blanks(text, at)
    if text[at] == "]":
        return at + 1
    while True:
        item, at = _DECODER.raw_decode(text, at)
        yield item
        at = _after_blanks(text, at)
        if text[at] == "]":
            return at + 1
        if text[at] != ",":
            raise json.JSONDecodeError("','", text, at)
        at = _after_blanks(text, at + 1)

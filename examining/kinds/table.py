"""The first rows of a table that was attached, as plain text for people to read."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from pydantic import JsonValue

from examining import samples, tables
from models.examination.drawings import MAX_CELL, MAX_COLUMNS, MAX_ROWS, TABLE, TableDrawing

KIND: Final = TABLE
INVISIBLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
"""Signs that move or hide others, ends of lines included."""


def examine(content: bytes, _context: Mapping[str, JsonValue]) -> TableDrawing:
    """Return the first rows of a table; a file that is none is unreadable."""
    tables.check(content)
    text = tables.decoded(content) or ""
    begun = text[: tables.MAX_CHARACTERS]
    read = csv.reader(io.StringIO(begun, newline=None), delimiter=_separator(begun))
    rows = list(islice((each for each in read if any(each)), MAX_ROWS + 1))
    shown = tuple(tuple(_cell(each) for each in row[:MAX_COLUMNS]) for row in rows[:MAX_ROWS])
    return TableDrawing(rows=shown, whole=len(begun) == len(text) and _is_whole(rows))


def warm() -> None:
    """Read a table in each of its encodings."""
    for encoding in samples.ENCODINGS:
        examine(samples.TABLE.encode(encoding), {})


def _separator(text: str) -> str:
    """Return the separator by which the most rows have the same number of fields, more than one."""
    return max(tables.SEPARATORS, key=lambda each: _regularity(text, each))


def _regularity(text: str, separator: str) -> int:
    widths = [len(row) for row in _rows(text, separator)]
    return max((widths.count(width) * (width - 1) for width in set(widths)), default=0)


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    try:
        yield from islice(csv.reader(io.StringIO(text, newline=None), delimiter=separator), MAX_ROWS)
    except csv.Error:
        return


def _is_whole(rows: Sequence[Sequence[str]]) -> bool:
    return len(rows) <= MAX_ROWS and all(
        len(row) <= MAX_COLUMNS and all(len(cell) <= MAX_CELL for cell in row) for row in rows
    )


def _cell(value: str) -> str:
    return INVISIBLE.sub(" ", value)[:MAX_CELL].strip()

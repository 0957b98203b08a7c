"""A table in CSV: rows of the same number of fields, or one column of short values; never a letter or a page.

What a table says is not judged: no list of words tells « Papier print (A4) » from a program, and a file is only ever
handed out as what it is. Each step is linear, and rows are judged up to a bound.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from examining import formats
from examining.refused import Refused

SEPARATORS: Final = (";", "\t", ",", "|")
CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d\ufffd\ufffe]")
MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\0\0")
"""How a text of UTF-16 or UTF-32 with its mark begins."""
UNUSED_IN_1252: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
SIGNS_OF_DOS: Final = "\u00a0°£§«»´¨·±¹²³½¼¾ªº¿¡×÷¢¥®©µ€"
"""Signs of code page 850 that a table may have beside letters: its frames and blocks are those of no table."""
MAX_CHARACTERS: Final = 262_144
"""Characters whose rows are judged: the rest of a longer table is like them, or does no harm."""
MAX_TITLE_ROWS: Final = 12
"""Rows of one value before a table, or after it: who, what, when, a note."""
REGULAR_SHARE: Final = 0.9
"""Share of the rows that have the same number of fields: a title or a total may differ."""
MAX_WORDS: Final = 2.0
"""Words of a field, on average, beyond which separators followed by a space are those of sentences."""
MAX_WORDS_OF_A_TEXT: Final = 10.0
"""The same, whatever follows the separators."""
MAX_VALUE_WORDS: Final = 5
MAX_VALUE_CHARACTERS: Final = 60
SENTENCE_END: Final = re.compile(r"[,;:.!?…]$")
ABBREVIATION: Final = re.compile(r"(?:^|\s)\w{1,4}\.$|\w\.\w\.$")
NUMBER: Final = re.compile(r"[\d\s.,:/€%+-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """What is counted of a row of fields."""

    width: int
    filled: int
    """Place of its last field that has a value."""
    values: int
    words: int
    spaced: int
    """Values after the first that begin with a space."""
    ended: bool
    """Whether it ends like a sentence."""
    named: bool
    """Whether each field has a value that begins with a sign, as those of a heading do."""
    after_blank: bool


def check(content: bytes) -> None:
    """Judge a file that is no PDF and no image; raises `Refused` unless it is a table."""
    text = decoded(content)
    if text is None or (b"\0" in content and content[:2] not in MARKS and formats.of_bytes(content)):
        raise Refused("file-type", formats.of_bytes(content))
    if group := formats.of_start(text):
        raise Refused("file-type", group)
    if _is_json(text):
        raise Refused("file-type", "data")
    if not is_table(text):
        raise Refused("file-type", formats.of_text(text) or "text")


def decoded(content: bytes) -> str | None:
    """Return the text of a file, or None when it is none: Unicode with or without its mark, Windows-1252, DOS.

    The zeros that some programs fill a file with, and half a sign at its end, are left out.
    """
    try:
        text = text_of(content)
    except UnicodeDecodeError:
        return None
    if text is None:
        return None
    text = text.removeprefix("\ufeff").rstrip("\0\x1a")
    return None if CONTROLS.search(text) else text


def text_of(content: bytes) -> str | None:
    """Return the text of bytes with whatever it contains, or None; raises UnicodeDecodeError."""
    if content[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return _whole(content, 4).decode("utf-32")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _whole(content, 2).decode("utf-16")
    if content.rstrip(b"\0").count(0) * 4 > len(content.rstrip(b"\0")):
        size = 4 if content.count(0) * 3 > len(content) * 2 else 2
        starts, ends = content[0::size].count(0), content[size - 1 :: size].count(0)
        return _whole(content, size).decode(f"utf-{size * 8}-{'be' if starts > ends else 'le'}")
    try:
        return content.rstrip(b"\0").decode("utf-8")
    except UnicodeDecodeError:
        return _of_eight_bits(content.rstrip(b"\0"))


def _whole(content: bytes, size: int) -> bytes:
    return content[: len(content) - len(content) % size]


def _of_eight_bits(content: bytes) -> str | None:
    if not UNUSED_IN_1252.search(content):
        return content.decode("cp1252")
    signs = {sign for sign in content.decode("cp850") if not sign.isascii()}
    is_written = all(sign.isalpha() or sign in SIGNS_OF_DOS for sign in signs)
    return content.decode("cp850") if is_written else None


def _is_json(text: str) -> bool:
    start = text.lstrip()[:2]
    if start[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except ValueError:
        return re.match(r'\{\s*"', text.lstrip()[:256]) is not None
    except RecursionError:
        pass  # lists within lists, as deep as no table is
    return True


def is_table(text: str) -> bool:
    """Whether the text is a table by one of the separators, or one column."""
    begun = text[:MAX_CHARACTERS]
    if len(text) > MAX_CHARACTERS:
        begun = begun[: max(begun.rfind("\n"), begun.rfind("\r")) + 1] or begun
    return any(_is_separated(begun, each) for each in SEPARATORS) or _is_column(begun)


def _is_separated(text: str, separator: str) -> bool:
    if separator not in text:
        return False
    try:
        rows = list(_rows(text, separator))
    except csv.Error:
        return False
    body = _without_titles(rows, separator)
    if len(body) < 2:
        return bool(body) and _is_single(body[0], separator)
    return _is_regular(body, separator) or _are_blocks(body, separator)


def _rows(text: str, separator: str) -> Iterator[Row]:
    blank = False
    for fields in csv.reader(io.StringIO(text, newline=None), delimiter=separator):
        written = [(at, value) for at, value in enumerate(fields) if value and not value.isspace()]
        if not written:
            blank = True
            continue
        yield Row(
            width=len(fields),
            filled=written[-1][0] + 1,
            values=len(written),
            words=sum(len(value.split()) for _, value in written),
            spaced=sum(value[0].isspace() for at, value in written if at),
            ended=SENTENCE_END.search(fields[-1].strip()) is not None,
            named=len(written) == len(fields) and not any(value[0].isspace() for _, value in written),
            after_blank=blank,
        )
        blank = False


def _without_titles(rows: list[Row], separator: str) -> list[Row]:
    """Return the rows between those of one value that begin and end a text; sentences have commas of their own."""
    first, last = 0, len(rows)
    while first < min(len(rows), MAX_TITLE_ROWS) and rows[first].filled == 1:
        first += 1
    if separator == "," and first and not (first < last and rows[first].after_blank):
        first = 0
    while separator != "," and last > max(first + 1, len(rows) - MAX_TITLE_ROWS) and rows[last - 1].filled == 1:
        last -= 1
    return rows[first:last]


def _is_single(row: Row, separator: str) -> bool:
    """Whether one row alone is a table: its separators are not those of sentences, and do not only end it."""
    enough = row.filled >= 3 or row.filled == row.width == 2
    return enough and not (separator == "," and (row.spaced or row.ended)) and not _is_prose([row], separator)


def _is_regular(rows: list[Row], separator: str) -> bool:
    """Whether rows have the same number of fields, but for a few, and more than one."""
    if len(rows) < 2:
        return False
    ((width, count),) = Counter(row.width for row in rows).most_common(1)
    irregular = 0 if _only_shorter(rows) else len(rows) - count
    filled = max(row.filled for row in rows)
    return min(width, filled) >= 2 and (irregular <= len(rows) * (1 - REGULAR_SHARE)) and not _is_prose(rows, separator)


def _are_blocks(rows: list[Row], separator: str) -> bool:
    """Whether empty lines part tables from each other, with titles between them."""
    starts = [at for at, row in enumerate(rows) if row.after_blank or not at]
    blocks = [rows[start:end] for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)]
    bodies = [body for body in (_without_titles(block, separator) for block in blocks) if len(body) > 1]
    parted = sum(len(body) for body in bodies)
    return parted * 2 > len(rows) and all(_is_regular(body, separator) for body in bodies)


def _only_shorter(rows: list[Row]) -> bool:
    """Whether rows lack only their last fields, below a heading that has all of them."""
    heading = rows[0]
    return heading.named and heading.width >= 3 and all(2 <= row.width <= heading.width for row in rows)


def _is_prose(rows: list[Row], separator: str) -> bool:
    """Whether the separators are those of sentences: followed by a space, between several words, before a full stop."""
    values = sum(row.values for row in rows)
    words = sum(row.words for row in rows) / values
    spaced = sum(row.spaced for row in rows) * 2 > max(values - len(rows), 1)
    ended = sum(row.ended for row in rows) * 2 >= len(rows)
    return (spaced and separator in ",;" and (words > MAX_WORDS or ended)) or words > MAX_WORDS_OF_A_TEXT


def _is_column(text: str) -> bool:
    """Whether each line is one short value; sentences end with signs, letters have empty lines."""
    lines = [line.strip() for line in text.strip().splitlines()]
    if len(lines) < 2 or not all(lines):
        return False
    return all(_is_value(line) for line in lines)


def _is_value(line: str) -> bool:
    line = line.strip('"')
    if not line or len(line) > MAX_VALUE_CHARACTERS:
        return False
    if NUMBER.fullmatch(line):
        return any(map(str.isdigit, line))
    return (
        len(line.split()) <= MAX_VALUE_WORDS
        and not (SENTENCE_END.search(line) and not ABBREVIATION.search(line))
        and not re.search(r"[{}<>=\\]", line)
    )

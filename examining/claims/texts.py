"""The text of a file of a claim: UTF-8 with or without its mark, UTF-16, Windows-1252, DOS."""

import re
from collections import Counter
from typing import Final

from examining import tables
from examining.claims.refused import FileRefused
from models.claim_files.refusals import RefusalCode

REPLACED: Final = "\ufffd"
MAX_LINE_CHARACTERS: Final = 65_536
"""Longest line: a year of weeks in two columns each takes less."""
_LETTERS_OF_DOS: Final = (0x81, 0x82, 0x83, 0x84, 0x85, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x90)
"""Letters of French in code page 850; signs that no name has in Windows-1252."""
_LETTERS_OF_WINDOWS: Final = range(0xC0, 0x100)
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_OTHER_THAN_ASCII: Final = re.compile(r"[^\x00-\x7f]")


def text_of(content: bytes) -> str:
    """Return the text; a byte that no encoding explains becomes U+FFFD, so that its line alone is at fault.

    Raises `FileRefused` for NUL characters.
    """
    text = tables.text_of(content) if _is_unicode(content) else _mostly_utf8(content)
    text = _of_eight_bits(content) if text is None else text
    text = text.removeprefix("\ufeff").rstrip("\0\x1a")
    if "\0" in text:
        raise FileRefused(RefusalCode.NUL, text.count("\n", 0, text.index("\0")) + 1)
    return text


def _is_unicode(content: bytes) -> bool:
    """Whether the bytes are those of Unicode, or of plain ASCII: nothing is guessed."""
    if content[:2] in tables.MARKS or content.count(0) * 4 > len(content):
        return True
    try:
        content.rstrip(b"\0").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(content: bytes) -> str | None:
    """Return the text of UTF-8 in which a few bytes are wrong: fewer than the signs that are right."""
    text = content.decode("utf-8", "replace")
    wrong = text.count(REPLACED)
    right = sum(1 for _ in _OTHER_THAN_ASCII.finditer(text)) - wrong
    return text if right > wrong else None


def _of_eight_bits(content: bytes) -> str:
    """Return the text of Windows-1252, or of DOS where its letters are more than those of Windows."""
    signs = Counter(content)
    is_dos = sum(signs[each] for each in _LETTERS_OF_DOS) > sum(signs[each] for each in _LETTERS_OF_WINDOWS)
    return content.decode("cp850" if is_dos else "cp1252", "replace")


def lines_of(text: str) -> "LineIterator":
    """Return the lines of a text with their ends, one at a time."""
    return LineIterator(text)


class LineIterator:
    """Iterates over lines without a copy of the text; raises `FileRefused` for one that is too long."""

    def __init__(self, text: str) -> None:
        self._found = _LINE.finditer(text)
        self.number = 0
        """Of the line that was returned last, from 1."""

    def __iter__(self) -> "LineIterator":
        return self

    def __next__(self) -> str:
        found = next(self._found)
        if found.start() == found.end():
            raise StopIteration
        self.number += 1
        if found.end() - found.start() > MAX_LINE_CHARACTERS:
            raise FileRefused(RefusalCode.LINE_TOO_LONG, self.number)
        return found[0]

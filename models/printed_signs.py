"""Which signs our documents can print, as `docs/printed_signs.py` read it from the fonts."""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("printed_signs.json")


def _read() -> Iterator[frozenset[str]]:
    content: dict[str, list[str]] = json.loads(FILE.read_text("utf-8"))
    for name in ("printed", "main_font", "main_font_marks"):
        bounds = (tuple(int(bound, 16) for bound in each.split("-")) for each in content[name])
        yield frozenset(chr(sign) for first, last in bounds for sign in range(first, last + 1))


_PRINTED, _MAIN_FONT, _MAIN_FONT_MARKS = _read()


def printed_signs() -> frozenset[str]:
    """Return the signs for which a font of ours has a glyph, but for combining marks and spaces."""
    return _PRINTED


def has_glyph(sign: str) -> bool:
    """Whether a font of ours has a glyph for a sign that is no combining mark."""
    return sign in _PRINTED


def unprinted(text: Iterable[str]) -> Iterator[int]:
    """Yield the position, from zero, of each sign of a composed text that no font prints; spaces always print.

    A combining mark prints on a letter of the main font only: a letter and its mark come from one font.
    """
    bears_marks = False
    for position, sign in enumerate(text):
        if unicodedata.category(sign)[0] == "M":
            if not (bears_marks and sign in _MAIN_FONT_MARKS):
                yield position
            continue
        bears_marks = sign in _MAIN_FONT
        if not (sign in _PRINTED or sign in " \n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"):
            yield position

"""Write `models/printed_signs.json`: the signs that the fonts of our documents print, as ranges of code points.

python -m docs.printed_signs
"""

import json
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pymupdf
import typst

from activities.documents.render import FONTS
from models.printed_signs import FILE

PRINTED_CATEGORIES: Final = "LNPS"
"""Letters, figures, punctuation and symbols; marks are judged with the letter that bears them."""
SCRIPTS: Final = (
    "LATIN",
    "GREEK",
    "CYRILLIC",
    "ARMENIAN",
    "MODIFIER",
    "MICRO",
    "FEMININE",
    "MASCULINE",
    "SUPERSCRIPT",
    "SUBSCRIPT",
    "DOUBLE-STRUCK",
    "SCRIPT",
    "BLACK-LETTER",
)
"""First word of the names of letters that are printed: scripts that run from left to right and need no shaping."""
OTHER_SCRIPTS: Final = ("ARABIC", "EXTENDED", "DEVANAGARI", "LAO", "HEBREW")
"""First word of the names of figures and punctuation that go with other letters."""
RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
DAMAGED: Final = frozenset({0xFFFC, 0xFFFD})
"""They stand for something that was lost."""
LAST: Final = 0x1FFFF
TEMPLATE: Final = '#set text(font: "Public Sans", size: 3pt)\n#for sign in json("signs.json") [#sign #parbreak()]'


def document() -> str:
    """Return the content of the file."""
    printed = _printed([sign for sign in range(0x21, LAST) if _is_candidate(sign)])
    main = set.intersection(*map(_signs_of, FONTS.glob("*.ttf")))
    content = {
        "printed": printed,
        "main_font": [sign for sign in printed if sign in main],
        "main_font_marks": sorted(sign for sign in main if unicodedata.category(chr(sign)) == "Mn"),
    }
    return json.dumps({name: list(_ranges(signs)) for name, signs in content.items()}, indent=1) + "\n"


def _signs_of(font: Path) -> set[int]:
    return set(pymupdf.Font(fontfile=str(font)).valid_codepoints())  # type: ignore[no-untyped-call]


def _is_candidate(sign: int) -> bool:
    kind, name = unicodedata.category(chr(sign))[0], unicodedata.name(chr(sign), "?").split()[0]
    if kind not in PRINTED_CATEGORIES or sign in DAMAGED or unicodedata.bidirectional(chr(sign)) in RIGHT_TO_LEFT:
        return False
    return name in SCRIPTS if kind == "L" else name not in OTHER_SCRIPTS


def _printed(signs: Collection[int]) -> list[int]:
    """Return those of the signs that a document prints with a glyph of their own."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "signs.typ").write_text(TEMPLATE, "utf-8")
        (Path(folder) / "signs.json").write_text(json.dumps([chr(sign) for sign in signs]), "utf-8")
        compiler = typst.Compiler(Path(folder) / "signs.typ", root=folder, font_paths=[FONTS], ignore_system_fonts=True)
        pdf = compiler.compile()
    with pymupdf.Document(stream=pdf, filetype="pdf") as pages:  # type: ignore[no-untyped-call]
        spans = [span for number in range(len(pages)) for span in pages[number].get_texttrace()]
    drawn = [(sign, glyph) for span in spans for sign, glyph, *_ in span["chars"]]
    missing = {sign for sign, glyph in drawn if glyph == 0}
    return sorted({sign for sign, _ in drawn}.intersection(signs) - missing)


def _ranges(signs: Iterable[int]) -> Iterator[str]:
    for _, group in groupby(enumerate(signs), lambda pair: pair[1] - pair[0]):
        run = [sign for _, sign in group]
        yield f"{run[0]:04X}-{run[-1]:04X}"


if __name__ == "__main__":
    FILE.write_text(document(), "utf-8")

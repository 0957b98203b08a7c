"""`python -m docs.web_font`: make the font of the pages, a WOFF2 of Public Sans with every letter it has.

The same variable font draws the documents (`fontpkg-public-sans`); its format for browsers is a third of the size. The
result is committed, because the compression is a tool of development.
"""

import io
from pathlib import Path
from typing import Final

import fontpkg_public_sans
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

SOURCE: Final = fontpkg_public_sans.ROOT / "files" / "PublicSans[wght].ttf"
FILE: Final = Path(__file__).parent.parent / "starter" / "pages" / "static" / "public-sans.woff2"
FEATURES: Final = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum"]
"""What the pages use of its layout: kerning, accents that combine, figures of one width."""


def web_font() -> bytes:
    """Return the font as WOFF2: every letter, no hints."""
    font = TTFont(SOURCE, recalcTimestamp=False)
    options = Options(layout_features=FEATURES, hinting=False, flavor="woff2")
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)
    font.flavor = "woff2"
    made = io.BytesIO()
    font.save(made, reorderTables=False)
    return made.getvalue()


if __name__ == "__main__":
    FILE.write_bytes(web_font())

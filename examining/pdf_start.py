"""What is before and after a PDF: readers skip it, and do not agree on where they count from then on.

Blanks, the header of a mail and padding are harmless; a page, a program or an archive makes the file two at once, and
another program than a reader of PDFs would open the other one.
"""

import re
from typing import Final

from examining import formats
from examining.refused import Refused

HEADER: Final = b"%PDF-"
MAX_PREFIX_BYTES: Final = 8 * 1024
"""Bytes that may come before the header: a BOM, line ends, the header of a mail."""
STRUCTURE: Final = re.compile(rb"(?<![A-Za-z])(?:xref|startxref|trailer|obj)(?![A-Za-z])")
"""Words that a reader which counts from the first byte could follow."""
MARKUP: Final = re.compile(
    rb"<(?:[!?]|/?(?:[a-z][\w.-]{0,30}:)?(?:html|head|body|title|meta|base|link|script|style|svg|math|iframe|frameset"
    rb"|object|embed|applet|img|image|video|audio|form|input|button|table|template|div|span|p|a|b|br|xml|plaintext)"
    rb"(?=[\s/>]))",
    re.IGNORECASE,
)
"""What a browser takes for the page; the addresses of a mail are none: `<a@b.fr>`."""
ARCHIVE: Final = re.compile(rb"PK(?:\x03\x04|\x05\x06)")
"""Members and end of an archive, which is read from its end."""
END: Final = re.compile(rb"%%EOF")
GOES_ON: Final = re.compile(rb"(?<!\d)\d{1,10}\s++\d{1,5}\s++obj(?![A-Za-z])|(?<![A-Za-z])xref(?![A-Za-z])|%%EOF")
"""What follows an end mark when a revision follows."""


def header_at(content: bytes) -> int:
    """Return where the PDF begins, or -1."""
    return content.find(HEADER, 0, MAX_PREFIX_BYTES + len(HEADER))


def check_prefix(prefix: bytes) -> None:
    """Refuse a second file before the header."""
    if STRUCTURE.search(prefix) or formats.of_bytes(prefix) or _is_another(prefix):
        raise Refused("file-broken", "pdf-errors")


def check_ends(content: bytes) -> None:
    """Refuse a second file after an end mark, the last one or that of an older revision."""
    for end in END.finditer(content):
        following = GOES_ON.search(content, end.end())
        if _is_another(content[end.end() : following.start() if following else len(content)]):
            raise Refused("file-broken", "pdf-errors")


def _is_another(part: bytes) -> bool:
    text = part.replace(b"\0", b"")  # signs of two bytes
    return bool(MARKUP.search(text) or ARCHIVE.search(part))

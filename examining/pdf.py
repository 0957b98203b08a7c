"""A PDF: opened as readers open it, repaired if need be, and searched for whatever could run or call elsewhere."""

import re
from io import BytesIO
from typing import Final

import pikepdf

from examining import pdf_active, pdf_hidden, pdf_start
from examining.refused import Refused

MAX_OBJECTS: Final = 300_000
"""Objects of one file; 8,000 honest pages have 25,000."""
MAX_STREAM_BYTES: Final = 100 * 1024 * 1024
MAX_ATTACHMENT_DEPTH: Final = 3
"""PDFs inside PDFs."""
BLANKS: Final = b"\xef\xbb\xbf\r\n\t "
"""What may come before the header of a file that is not taken for damaged."""
LAST_OBJECT: Final = re.compile(rb"[\r\n]\s*\d{1,10} \d{1,5} obj\b")


def check(content: bytes, depth: int = 0) -> None:
    """Judge a PDF, and those attached to it; raises `Refused`."""
    if depth > MAX_ATTACHMENT_DEPTH:
        raise Refused("pdf-active", "attachment")
    start = max(pdf_start.header_at(content), 0)
    pdf_start.check_prefix(content[:start])
    pdf_start.check_ends(content[start:])
    with _open(content[start:]) as pdf:
        if len(pdf.objects) > MAX_OBJECTS:
            raise Refused("pdf-too-large")
        streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
        warnings = _warnings(pdf)
        _check_whole(pdf, content, damaged=bool(warnings))
        damaged = pdf_hidden.check_warnings(warnings) or bool(content[:start].strip(BLANKS))
        pdf_hidden.check(pdf, content, streams, damaged=damaged)
        pdf_active.check(pdf, lambda attached: check(attached, depth + 1))
        pdf_hidden.check_warnings(_warnings(pdf))


def limit_library() -> None:
    """Bound what the library inflates of one stream, by its own means; the process is bounded too."""
    pikepdf.settings.set_qpdf_limits(flate_max_memory=MAX_STREAM_BYTES, run_length_max_memory=MAX_STREAM_BYTES)


def _open(content: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(BytesIO(content), suppress_warnings=True, inherit_page_attributes=False)
    except pikepdf.PasswordError as locked:
        raise Refused("pdf-encrypted") from locked
    except pikepdf.PdfError as broken:
        if "encrypt" in str(broken).lower() or "security handler" in str(broken):
            raise Refused("pdf-encrypted") from broken
        raise Refused("file-broken", "pdf") from broken


def _warnings(pdf: pikepdf.Pdf) -> list[str]:
    """Return what the library found wrong since the last call, which empties its list."""
    return [str(each) for each in pdf.get_warnings()]


def _check_whole(pdf: pikepdf.Pdf, content: bytes, *, damaged: bool) -> None:
    """Refuse a file that was cut: repairing one finds what is left of it, not what is lost."""
    try:
        pages = len(pdf.pages)
        declared = int(pdf.Root.Pages.Count)
    except (AttributeError, TypeError, ValueError, pikepdf.PdfError) as broken:
        raise Refused("file-broken", "pdf") from broken
    if not pages:
        raise Refused("file-broken", "pdf-no-page")
    if damaged and (pages < declared or _cut_inside_object(content)):
        raise Refused("file-broken", "pdf")


def _cut_inside_object(content: bytes) -> bool:
    """Whether the last object of a damaged file has no end."""
    last = content.rfind(b"endobj")
    return bool(LAST_OBJECT.search(content, last if last >= 0 else 0))

"""A file that somebody attaches: its real type, whether it is whole, whether it could run something."""

from collections.abc import Callable, Mapping
from typing import Final

from pydantic import JsonValue

from examining import formats, jpeg, pdf, pdf_start, png, samples, tables
from examining.refused import Refused
from models.examination.shapes import FILE, FileVerdict, MediaType

KIND: Final = FILE


def examine(content: bytes, _context: Mapping[str, JsonValue]) -> FileVerdict:
    """Judge a file."""
    try:
        return FileVerdict(media_type=_media_type(content))
    except Refused as refused:
        return FileVerdict(refusal=refused.code, recognised=refused.recognised)


def warm() -> None:
    """Judge one file of each type, in each of its forms."""
    pdf.limit_library()
    for each in samples.every_form():
        examine(each, {})


def _media_type(content: bytes) -> MediaType:
    if not content:
        raise Refused("file-empty")
    if content.startswith(png.START):
        _parse(png.check, content, "image")
        return "image/png"
    if content.startswith(b"\xff\xd8"):
        _parse(jpeg.check, content, "image")
        return "image/jpeg"
    if pdf_start.header_at(content) >= 0 and not formats.of_bytes(content):
        _parse(pdf.check, content, "pdf")
        return "application/pdf"
    try:
        tables.check(content)
    except Refused as refused:
        if refused.recognised in ("", "text") and pdf_start.HEADER in content:
            raise Refused("file-type", "pdf-preceded") from refused
        raise
    return "text/csv"


def _parse(check: Callable[[bytes], None], content: bytes, recognised: str) -> None:
    """Have a file parsed; whatever a parser raises means that the file is broken."""
    try:
        check(content)
    except Refused:
        raise
    except Exception as broken:  # a hostile file: parsers raise anything
        raise Refused("file-broken", recognised) from broken

"""What the program `examining` draws of a file for people to read: points of a page, or the text of a table.

Points come as the compressed rows of an image, and are believed only if they are exactly those of an image of the
stated size: the file sent to browsers is made here, of nothing else.
"""

import struct
import zlib
from base64 import b64decode
from binascii import Error as NotBase64
from typing import Annotated, Final

from pydantic import Field

from models.examination.shapes import Kind, Shape

MAX_PAGES: Final = 5_000
MAX_WIDTH: Final = 1_240
"""Points of a page: A4 at 150 to the inch."""
MAX_HEIGHT: Final = 2_480
MAX_IMAGE_BYTES: Final = 3 * 1024 * 1024
"""Compressed rows of a page: more than the largest has, whatever its points."""
MAX_PALETTE_BYTES: Final = 768
MAX_ROWS: Final = 200
MAX_COLUMNS: Final = 40
MAX_CELL: Final = 300
"""Characters of a field."""
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_GREY: Final = 0
_INDEXED: Final = 3


class NotAnImage(Exception):
    """The points of a verdict are not those of an image of its size."""


class PageDrawing(Shape):
    """One page as points; none when only pages are counted, or the file cannot be drawn (then `pages` is 0)."""

    pages: Annotated[int, Field(ge=0, le=MAX_PAGES)] = 0
    width: Annotated[int, Field(ge=0, le=MAX_WIDTH)] = 0
    height: Annotated[int, Field(ge=0, le=MAX_HEIGHT)] = 0
    palette: Annotated[str, Field(max_length=MAX_PALETTE_BYTES * 4 // 3 + 4)] = ""
    """Red, green and blue of each colour, in base64; without it points are shades of grey."""
    rows: Annotated[str, Field(max_length=MAX_IMAGE_BYTES * 4 // 3 + 4)] = ""
    """Rows of one byte a point, each after a zero, deflated, in base64."""


class TableDrawing(Shape):
    """The first rows of a table, as text; none when the file cannot be read as one."""

    rows: Annotated[
        tuple[
            Annotated[
                tuple[Annotated[str, Field(max_length=MAX_CELL, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")], ...],
                Field(max_length=MAX_COLUMNS),
            ],
            ...,
        ],
        Field(max_length=MAX_ROWS),
    ] = ()
    whole: bool = True
    """Whether nothing of the table is left out."""


PAGE: Final = Kind("page", PageDrawing, PageDrawing(), max_bytes=64 * 1024 * 1024, max_answer_bytes=5 * 1024 * 1024)
"""One page of a PDF, or an image. Context: `page`, from 1; 0 only counts them."""
TABLE: Final = Kind("table", TableDrawing, TableDrawing(), max_bytes=64 * 1024 * 1024, max_answer_bytes=4 * 1024 * 1024)
"""A table in CSV."""


def png(drawing: PageDrawing) -> bytes:
    """Return the image of a page; raises `NotAnImage` when its points are not those of its size."""
    palette, rows = _decoded(drawing.palette), _decoded(drawing.rows)
    _check_points(drawing, rows)
    if len(palette) % 3 or len(palette) > MAX_PALETTE_BYTES:
        raise NotAnImage
    header = struct.pack("!IIBBBBB", drawing.width, drawing.height, 8, _INDEXED if palette else _GREY, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", rows), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks if data or kind == b"IEND")


def _check_points(drawing: PageDrawing, rows: bytes) -> None:
    """Inflate the rows, no further than an image of this size has: each begins with 0, nothing follows the last."""
    stride, height = drawing.width + 1, drawing.height
    inflater = zlib.decompressobj()
    try:
        points = inflater.decompress(rows, stride * height + 1)
    except zlib.error as broken:
        raise NotAnImage from broken
    whole = inflater.eof and not inflater.unused_data and len(points) == stride * height > 0
    if not whole or any(points[::stride]):
        raise NotAnImage
    colours = len(drawing.palette) // 4
    if colours and max(points) >= colours:
        raise NotAnImage


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except NotBase64 as wrong:
        raise NotAnImage from wrong


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

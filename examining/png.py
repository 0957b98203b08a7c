"""A PNG: whole if its data is; what follows its end is none of it."""

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from PIL.PngImagePlugin import PngImageFile

from examining.refused import Refused

START: Final = b"\x89PNG\r\n\x1a\n"
MAX_POINTS: Final = 80_000_000
MAX_DECODED_BYTES: Final = 250_000_000
CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Colour type → samples of a point."""
PASSES: Final = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""First column, first row, step of columns and of rows of each pass of an interlaced image."""
CHUNK_BYTES: Final = 1024 * 1024


def check(content: bytes) -> None:
    """Judge an image; raises `Refused`."""
    if len(content) < 33 or content[12:16] != b"IHDR":
        raise Refused("file-broken", "image")
    width, height = int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    depth, colour, interlaced = content[24], content[25], content[28]
    bits = depth * CHANNELS.get(colour, 0)
    if not width or not height or not bits:
        raise Refused("file-broken", "image")
    if width * height > MAX_POINTS or width * height * CHANNELS[colour] > MAX_DECODED_BYTES:
        raise Refused("image-too-large")
    if _decompressed(content) != _expected(width, height, bits, interlaced=bool(interlaced)):
        raise Refused("file-broken", "image")
    PngImageFile(BytesIO(content)).load()


def _expected(width: int, height: int, bits: int, *, interlaced: bool) -> int:
    """Bytes of the data once decompressed: each row is its filter and its points."""
    total = 0
    for column, row, columns, rows in PASSES if interlaced else ((0, 0, 1, 1),):
        across, down = -(-(width - column) // columns), -(-(height - row) // rows)
        if across > 0 and down > 0:
            total += down * (1 + (across * bits + 7) // 8)
    return total


def _decompressed(content: bytes) -> int:
    """Count the bytes that the data holds, without keeping them."""
    inflating, total = zlib.decompressobj(), 0
    for data in _data(content):
        while data and not inflating.eof:
            total += len(inflating.decompress(data, CHUNK_BYTES))
            data = inflating.unconsumed_tail
    return total if inflating.eof else -1


def _data(content: bytes) -> Iterator[bytes]:
    """Yield the data chunks up to the end mark; raises `Refused` if there is none."""
    at = len(START)
    while at + 12 <= len(content):
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if kind == b"IEND":
            return
        if kind == b"IDAT":
            yield content[at + 8 : at + 8 + size]
        at += 12 + size
    raise Refused("file-broken", "image")

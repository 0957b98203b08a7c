"""Files made to cost, to swell or to deceive: what hostile visitors send. Each is small."""

import struct
import zlib
from collections.abc import Sequence
from typing import Final

PNG: Final = b"\x89PNG\r\n\x1a\n"
PAGE: Final = (
    b"1 0 obj<</Type/Catalog/Pages 2 0 R%s>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
)
"""Catalog, pages and page, written by hand; what the catalog has beside."""
FREE: Final = bytes(5) + b"\xff\xff"
"""Entry of no object, the first of every table of references."""
ROW_PIXELS: Final = 30_000
"""Width and height of the picture that swells."""
PICTURE_ROWS: Final = 100
"""Rows of it that are there."""
BLOCK_BYTES: Final = 1 << 20
"""What swells is made of blocks of this size, compressed once: a gigabyte of blanks costs a megabyte of them."""
EMPTY_LAST_BLOCK: Final = b"\x03\x00"
"""The last block of a compressed stream (RFC 1951), which holds nothing."""


def hostile_files(signed: Sequence[bytes] = ()) -> dict[str, bytes]:
    """Return every kind by name; signed documents, if any, are also sent damaged and forged."""
    made = {
        "two million references": many_entries(2_000_000),
        "wrong places": wrong_places(15_000, 300_000, b"/OpenAction<</S/Launch/F(cmd)>>"),
        "300,000 references": many_entries(300_000),
        "a stream that swells": object_stream(b"<<>>", filler=100_000_000),
        "a picture that swells": swelling_picture(ROW_PIXELS),
        "deep arrays": deep_arrays(400_000),
    }
    for number, each in enumerate(signed):
        made |= {f"damaged {number}": damaged(each), f"altered {number}": altered(each), f"more {number}": longer(each)}
    return made


def many_entries(count: int) -> bytes:
    """Return a PDF of a few kilobytes whose table of references has `count` entries more than it needs."""
    content = b"%PDF-1.7\n" + PAGE % b""
    places = _places(content)
    rows = FREE + b"".join(map(_row, [*places, len(content)]))
    table = _swelling(rows, _row(places[0]), count)
    head = b"4 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n"
    return content + head % (count + 5, len(table)) + table + _end(content, b"\nendstream\nendobj\n")


def wrong_places(count: int, blanks: int = 0, catalog: bytes = b"") -> bytes:
    """Return a PDF whose `count` references all point beside their objects, before some blanks."""
    content = b"%PDF-1.4\n" + PAGE % catalog + b"".join(b"%d 0 obj<<>>endobj\n" % each for each in range(4, count))
    content += b" " * blanks
    table = b"".join(b"%010d 00000 n \n" % (7 + each % 50) for each in range(1, count))
    trailer = b"trailer<</Size %d/Root 1 0 R>>\n" % count
    return content + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + _end(content, trailer)


def object_stream(hidden: bytes, *, filler: int = 0, name: bytes = b"FlateDecode") -> bytes:
    """Return a PDF whose opening action is object 6, in a stream of objects that blanks make swell."""
    content = b"%PDF-1.7\n" + PAGE % b"/OpenAction 6 0 R"
    places, stream = _places(content), len(content)
    data = _swelling(b"6 0 " + hidden, b" ", filler)
    content += b"5 0 obj<</Type/ObjStm/N 1/First 4/Filter/%s/Length %d>>stream\n" % (name, len(data)) + data
    content += b"\nendstream endobj\n"
    rows = FREE + b"".join(map(_row, [*places, len(content), stream])) + b"\x02" + (5).to_bytes(4, "big") + b"\0\0"
    head = b"4 0 obj<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Length %d>>stream\n" % len(rows)
    return content + head + rows + _end(content, b"\nendstream endobj\n")


def revisions(count: int) -> bytes:
    """Return a PDF of as many revisions, each naming the one before."""
    content, place = bytearray(b"%PDF-1.4\n" + PAGE % b""), 0
    for _ in range(count):
        here = len(content)
        content += b"xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 4"
        content += (b"/Prev %d>>\n" % place) if place else b">>\n"
        place = here
    return bytes(content) + b"startxref\n%d\n%%%%EOF" % place


def swelling_picture(pixels: int) -> bytes:
    """Return a PNG of this width and height, whose blank rows weigh almost nothing."""
    header = struct.pack("!IIBBBBB", pixels, pixels, 8, 2, 0, 0, 0)
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + 3 * pixels)) for _ in range(PICTURE_ROWS)) + packer.flush()
    return PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def deep_arrays(depth: int) -> bytes:
    """Return a PDF with an array in an array, `depth` times."""
    return b"%PDF-1.4\n1 0 obj\n" + b"[" * depth + b"]" * depth + b"\nendobj\nstartxref\n9\n%%EOF"


def damaged(document: bytes) -> bytes:
    """Return the first half of a document."""
    return document[: len(document) // 2]


def altered(document: bytes) -> bytes:
    """Return a signed document with one signed byte changed."""
    place = document.index(b"stream") + 40
    return document[:place] + bytes([document[place] ^ 1]) + document[place + 1 :]


def longer(document: bytes) -> bytes:
    """Return a signed document with a revision added after its signature."""
    previous = document.rpartition(b"startxref")[2].split()[0]
    start = len(document)
    table = b"\nxref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 1/Prev %s>>\n" % previous
    return document + table + b"startxref\n%d\n%%%%EOF\n" % (start + 1)


def _swelling(head: bytes, unit: bytes, count: int) -> bytes:
    """Compress `head` and `count` times `unit` (zlib, RFC 1950), without ever holding them."""
    units = BLOCK_BYTES // len(unit)
    blocks, rest = divmod(count, units)
    start, block = head + unit * rest, unit * units
    packer = zlib.compressobj(9)
    data = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = zlib.adler32(start)
    for _ in range(blocks):
        checksum = zlib.adler32(block, checksum)
    data += (packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)) * blocks
    return data + EMPTY_LAST_BLOCK + checksum.to_bytes(4, "big")


def _places(content: bytes) -> list[int]:
    """Where the three objects of `PAGE` begin."""
    return [content.index(b"%d 0 obj" % each) for each in (1, 2, 3)]


def _end(content: bytes, last: bytes) -> bytes:
    """The end of a PDF whose table follows this content."""
    return last + b"startxref\n%d\n%%%%EOF\n" % len(content)


def _row(place: int) -> bytes:
    return b"\x01" + place.to_bytes(4, "big") + b"\0\0"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

"""A JPEG: whole if every point of it comes from its own data; what follows its end (a film, padding) is none of it.

Decoders draw a cut image to the end, in grey, and only warn. Here the image is decoded twice: as it is, and with other
data after its own. A whole image stays the same; a cut one takes the other data for its missing part.
"""

import re
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import Final

from PIL.JpegImagePlugin import JpegImageFile

from examining.refused import Refused

START: Final = b"\xff\xd8\xff"
MAX_POINTS: Final = 250_000_000
"""Points of an image that is decoded at an eighth of its size."""
MAX_PROGRESSIVE_POINTS: Final = 50_000_000
"""Points of an image whose coefficients are all held in memory."""
END: Final = 0xD9
SCAN: Final = 0xDA
ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length."""
ARITHMETIC: Final = frozenset({0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""Frames whose coding leaves zeros out at its end, so that what follows may be read."""
END_OF_DATA: Final = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]", re.DOTALL)
RESTART: Final = re.compile(rb"\xff[\xd0-\xd7]", re.DOTALL)
OTHER_DATA: Final = tuple(sha256(bytes([each])).digest().replace(b"\xff", b"\x5a") * 2 for each in range(9))
"""Data that no image has: before a restart marker, and after each of the eight."""


@dataclass(slots=True)
class Structure:
    """What the markers of an image say of it."""

    components: frozenset[int] = frozenset()
    arithmetic: bool = False
    refined: dict[tuple[int, int], int] = field(default_factory=dict)
    """Component and coefficient → lowest bit that its scans have brought."""
    scans: int = 0
    last_scan: int = 0
    data_end: int = 0
    """Where the data of the last scan ends."""


def check(content: bytes) -> None:
    """Judge an image; raises `Refused`."""
    try:
        structure = _structure(content)
    except IndexError as cut:
        raise Refused("file-broken", "image") from cut
    bands = range(64)
    if not structure.components or any(
        structure.refined.get((component, band)) != 0 for component in structure.components for band in bands
    ):
        raise Refused("file-broken", "image")
    data = content[: structure.data_end].rstrip(b"\xff")
    image = _points(data + bytes([0xFF, END]), structure)
    if not structure.arithmetic and image != _points(data + _other_data(data, structure), structure):
        raise Refused("file-broken", "image")


def _structure(content: bytes) -> Structure:
    """Walk the markers to the end of the image; raises `IndexError` when a segment is cut."""
    found, at = Structure(), 2
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            return found
        marker = content[at + 1]
        if marker in (0x00, 0xFF) or marker in ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker == END:
            return found
        size = content[at + 2] << 8 | content[at + 3]
        segment = content[at + 4 : at + 2 + size]
        at += 2 + size
        if marker == SCAN:
            _add_scan(found, segment, at)
            ended = END_OF_DATA.search(content, at)
            found.data_end = at = ended.start() if ended else len(content)
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            found.components = frozenset(segment[6 + 3 * each] for each in range(segment[5]))
            found.arithmetic = marker in ARITHMETIC


def _add_scan(found: Structure, segment: bytes, at: int) -> None:
    components = [segment[1 + 2 * each] for each in range(segment[0])]
    first, last, bit = segment[-3], segment[-2], segment[-1] & 0x0F
    found.refined |= {(component, band): bit for component in components for band in range(first, last + 1)}
    found.scans += 1
    found.last_scan = at


def _other_data(data: bytes, structure: Structure) -> bytes:
    """Return what a decoder takes for the missing part of a cut image, from the restart marker that it expects."""
    restarts = RESTART.findall(data, structure.last_scan)
    expected = restarts[-1][1] + 1 if restarts else 0xD0
    intervals = [bytes([0xFF, 0xD0 | (expected + each) % 8]) + OTHER_DATA[each + 1] for each in range(8)]
    return OTHER_DATA[0] + b"".join(intervals) + bytes([0xFF, END])


def _points(content: bytes, structure: Structure) -> bytes:
    """Decode the whole image, reduced, and return the digest of its points; raises `Refused`."""
    progressive = structure.scans > 1
    image = JpegImageFile(BytesIO(content))
    width, height = image.size
    if width * height > (MAX_PROGRESSIVE_POINTS if progressive else MAX_POINTS):
        raise Refused("image-too-large")
    scale = 2 if progressive else 8
    image.draft(None, (max(width // scale, 1), max(height // scale, 1)))
    image.load()
    return sha256(image.tobytes()).digest()

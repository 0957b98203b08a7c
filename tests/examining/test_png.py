"""A PNG is taken whole, in each of its forms, with bytes after it; never by halves, even with an end mark."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from examining import png, samples
from examining.refused import Refused
from models.examination.shapes import FILE, FileVerdict
from tests.examining.conftest import Listening

TAKEN = FileVerdict(media_type="image/png")
END = b"\0\0\0\0IEND\xaeB`\x82"
MODES = ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"]


def image(mode: str) -> bytes:
    noise = Image.frombytes("RGB", (80, 60), random.Random(3).randbytes(80 * 60 * 3))
    written = BytesIO()
    (Image.new("I;16", (80, 60), 77) if mode == "I;16" else noise.convert(mode)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize("mode", MODES)
def test_every_form_is_taken_whole_only(examining: Listening, mode: str) -> None:
    whole = image(mode)
    half = whole[: len(whole) // 2]
    assert examining.client.examine(FILE, whole) == TAKEN
    assert examining.client.examine(FILE, whole + bytes(2_000)) == TAKEN
    assert examining.client.examine(FILE, whole + b"\xff\xd8\xff" * 700) == TAKEN
    for cut in (half, half + END, whole[:-12], whole[:30]):
        assert examining.client.examine(FILE, cut) == FileVerdict(refusal="file-broken", recognised="image")


def test_interlaced_images_and_animations_are_taken(examining: Listening) -> None:
    assert examining.client.examine(FILE, samples.interlaced()) == TAKEN
    written = BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    frames[0].save(written, "PNG", save_all=True, append_images=frames[1:])
    assert examining.client.examine(FILE, written.getvalue()) == TAKEN


def rows(declared: int, held: int) -> bytes:
    """An image that declares so many rows and holds others, all well formed."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    header = struct.pack("!IIBBBBB", 8, declared, 8, 0, 0, 0, 0)
    return png.START + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9 * held))) + chunk(b"IEND", b"")


def test_missing_rows_are_missed_and_a_bomb_is_not_drawn() -> None:
    png.check(rows(10, 10))
    for declared, held, code in (
        (10, 5, "file-broken"),
        (100_000_000, 1, "image-too-large"),
        (10, 50_000_000, "file-broken"),
    ):
        with pytest.raises(Refused) as refused:
            png.check(rows(declared, held))
        assert refused.value.code == code

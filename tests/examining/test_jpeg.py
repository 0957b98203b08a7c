"""A JPEG is taken whole, with whatever a telephone writes after it; never by halves, even with an end mark."""

import random
from functools import cache
from io import BytesIO

import pytest
from PIL import Image, ImageFilter

from examining import jpeg
from examining.refused import Refused
from models.examination.shapes import FILE, FileVerdict
from tests.examining.conftest import Listening

END = b"\xff\xd9"
SHAPES = [
    (progressive, subsampling, restart) for progressive in (0, 1) for subsampling in (0, 2) for restart in (0, 1, 4)
]
TRAILERS = {
    "motion photo": b"\0\0\0\x18ftypmp42" + random.Random(1).randbytes(300_000),
    "trailer of a maker": b"\0\0\x01\x0aMotionPhoto_Data" + bytes(64) + b"SEFT",
    "padding": bytes(2_000),
    "another image": b"\xff\xd8\xff\xe1\0\x04ab" + bytes(50),
}


@cache
def photo(
    progressive: int = 0, subsampling: int = 2, restart: int = 0, content: str = "noise", mode: str = "RGB"
) -> bytes:
    """A photo, or one whose lower part is white or black."""
    noise = Image.frombytes("RGB", (320, 240), random.Random(2).randbytes(320 * 240 * 3))
    image = noise.filter(ImageFilter.GaussianBlur(2))
    if content != "noise":
        image.paste(Image.new("RGB", (320, 180), content), (0, 60))
    written = BytesIO()
    image.convert(mode).save(
        written,
        "JPEG",
        quality=85,
        progressive=bool(progressive),
        subsampling=subsampling,
        restart_marker_blocks=restart,
    )
    return written.getvalue()


def taken(content: bytes) -> bool:
    try:
        jpeg.check(content)
    except (Refused, OSError, SyntaxError):
        return False
    return True


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("content", ["noise", "white", "black"])
def test_a_whole_image_is_taken_and_no_part_of_it(shape: tuple[int, int, int], content: str) -> None:
    whole = photo(*shape, content=content)
    assert taken(whole)
    assert taken(whole[:-2])
    for share in (0.1, 0.3, 0.5, 0.7, 0.9, 0.95):
        part = whole[: int(len(whole) * share)]
        assert not taken(part), share
        assert not taken(part + END), share
        assert not taken(part + END + TRAILERS["motion photo"]), share


@pytest.mark.parametrize("name", TRAILERS)
def test_what_follows_the_end_is_none_of_the_image(examining: Listening, name: str) -> None:
    assert examining.client.examine(FILE, photo() + TRAILERS[name]) == FileVerdict(media_type="image/jpeg")


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_printed_images_are_taken(examining: Listening, mode: str) -> None:
    assert examining.client.examine(FILE, photo(subsampling=0, mode=mode)).media_type == "image/jpeg"


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xd9", b"\xff\xd8", b"\xff\xd8\xff\xe0" + b"\0" * 20 + END])
def test_marks_alone_are_no_image(examining: Listening, content: bytes) -> None:
    assert examining.client.examine(FILE, content).refusal == "file-broken"


def test_a_missing_scan_is_missed() -> None:
    """A progressive image that is cut between two scans is only less sharp; it is not whole."""
    whole = photo(1)
    last = whole.rindex(b"\xff\xda")
    assert not taken(whole[:last] + END)


def test_a_large_photo_is_taken_and_a_bomb_is_not(examining: Listening) -> None:
    written = BytesIO()
    Image.new("RGB", (12_000, 9_000)).save(written, "JPEG")
    assert examining.client.examine(FILE, written.getvalue()).media_type == "image/jpeg"
    size = written.getvalue().index((9_000).to_bytes(2, "big") + (12_000).to_bytes(2, "big"))
    bomb = written.getvalue()[:size] + b"\xff\x00\xff\x00" + written.getvalue()[size + 4 :]
    assert examining.client.examine(FILE, bomb).refusal == "image-too-large"

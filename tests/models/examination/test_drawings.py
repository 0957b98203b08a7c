"""An image is made of points that are exactly those of its size; any other answer is no image."""

import zlib
from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image
from pydantic import ValidationError

from models.examination.drawings import MAX_WIDTH, NotAnImage, PageDrawing, TableDrawing, png


def drawing(points: bytes, width: int = 2, height: int = 2, palette: bytes = b"") -> PageDrawing:
    rows = b64encode(zlib.compress(points)).decode()
    return PageDrawing(pages=1, width=width, height=height, palette=b64encode(palette).decode(), rows=rows)


GREY = b"\0\x00\xff\0\x80\x01"


def test_points_become_an_image() -> None:
    shown = Image.open(BytesIO(png(drawing(GREY))))
    assert (shown.mode, shown.size, shown.tobytes()) == ("L", (2, 2), b"\x00\xff\x80\x01")
    coloured = Image.open(BytesIO(png(drawing(b"\0\0\1\0\1\0", palette=b"\xff\0\0\0\0\xff")))).convert("RGB")
    assert coloured.getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        drawing(GREY[:-1]),
        drawing(GREY + b"\0"),
        drawing(GREY, height=0),
        drawing(GREY, width=3),
        drawing(b"\1" + GREY[1:]),
        drawing(b"\0\0\5\0\1\0", palette=b"\xff\0\0\0\0\xff"),
        drawing(b"\0" * 6, palette=b"\xff\0"),
        drawing(GREY).model_copy(update={"rows": "???"}),
        drawing(GREY).model_copy(update={"rows": b64encode(GREY).decode()}),
        drawing(GREY).model_copy(update={"rows": b64encode(zlib.compress(GREY) + b"<script>").decode()}),
        drawing(GREY).model_copy(update={"rows": b64encode(zlib.compress(GREY)[:-4]).decode()}),
        PageDrawing(pages=1),
    ],
)
def test_anything_else_is_no_image(wrong: PageDrawing) -> None:
    with pytest.raises(NotAnImage):
        png(wrong)


def test_a_bomb_of_rows_is_inflated_no_further_than_the_image_goes() -> None:
    with pytest.raises(NotAnImage):
        png(drawing(bytes(50_000_000)))


@pytest.mark.parametrize("members", [{"width": MAX_WIDTH + 1}, {"pages": -1}, {"rows": "A" * 5_000_000}, {"x": 1}])
def test_an_answer_beyond_its_bounds_is_not_believed(members: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        PageDrawing.model_validate(members)


@pytest.mark.parametrize("cell", ["\x1b[0m", "a\nb", "x" * 301])
def test_a_field_holds_plain_text_only(cell: str) -> None:
    with pytest.raises(ValidationError):
        TableDrawing(rows=((cell,),))

"""One page of a file that was attached, drawn as points for people to read; nothing of the file itself is handed on."""

import zlib
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from typing import Final

import pypdfium2
from PIL import Image, ImageChops, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from pydantic import JsonValue

from examining import png, samples
from examining.kinds import WrongContext
from models.examination.drawings import MAX_HEIGHT, MAX_PAGES, MAX_WIDTH, PAGE, PageDrawing

KIND: Final = PAGE
MAX_SCALE: Final = 4.0
"""Largest enlargement of a small page: 288 points to the inch."""
MAX_COLOURS: Final = 256
JPEG_START: Final = b"\xff\xd8"


def examine(content: bytes, context: Mapping[str, JsonValue]) -> PageDrawing:
    """Draw a page, or only count them for page 0; a page that there is not is not drawn."""
    number = context.get("page")
    if not isinstance(number, int) or not 0 <= number <= MAX_PAGES:
        raise WrongContext
    if content.startswith((png.START, JPEG_START)):
        return _drawn(_photograph(content), 1) if number == 1 else PageDrawing(pages=1)
    with pypdfium2.PdfDocument(content) as pdf:
        pdf.init_forms()  # what was typed into a form is drawn by them alone; this build runs no script
        pages = min(len(pdf), MAX_PAGES)
        return _drawn(_page(pdf[number - 1]), pages) if 1 <= number <= pages else PageDrawing(pages=pages)


def warm() -> None:
    """Draw a page of each kind of sample: the library opens what it needs before anything is judged."""
    for each in samples.every_form():
        with suppress(Exception):  # some samples are broken, as files of strangers are
            examine(each, {"page": 1})


def _page(page: pypdfium2.PdfPage) -> Image.Image:
    """Draw a page with its annotations and the fields of its form, which an agent must see."""
    width, height = page.get_size()
    scale = min(MAX_WIDTH / width, MAX_HEIGHT / height, MAX_SCALE)
    drawn: Image.Image = page.render(scale=scale).to_pil()
    return drawn


def _photograph(content: bytes) -> Image.Image:
    """Decode an image, upright, no larger than it is shown."""
    if content.startswith(png.START):
        image: Image.Image = PngImageFile(BytesIO(content))
    else:
        image = JpegImageFile(BytesIO(content))
        image.draft(None, (MAX_HEIGHT, MAX_HEIGHT))
    image.thumbnail((MAX_HEIGHT, MAX_HEIGHT))
    return ImageOps.exif_transpose(image)


def _drawn(image: Image.Image, pages: int) -> PageDrawing:
    """Return the points of an image in shades of grey, or in its 256 colours."""
    fitted = _fitted(_opaque(image))
    palette, points = _points(fitted)
    rows = zlib.compress(_in_rows(points, fitted.width))
    return PageDrawing(
        pages=pages,
        width=fitted.width,
        height=fitted.height,
        palette=b64encode(palette).decode(),
        rows=b64encode(rows).decode(),
    )


def _opaque(image: Image.Image) -> Image.Image:
    """Return an image in colours, on white."""
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        over = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
    return image.convert("RGB")


def _fitted(image: Image.Image) -> Image.Image:
    most = (MAX_WIDTH, MAX_HEIGHT)
    return ImageOps.contain(image, most) if image.width > MAX_WIDTH or image.height > MAX_HEIGHT else image


def _points(image: Image.Image) -> tuple[bytes, bytes]:
    """Return a palette, empty for shades of grey, and one byte a point."""
    red, green, blue = image.split()
    if not ImageChops.difference(red, green).getbbox() and not ImageChops.difference(red, blue).getbbox():
        return b"", red.tobytes()
    indexed = image.quantize(MAX_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette = bytes(indexed.getpalette() or ())
    return palette.ljust(3 * MAX_COLOURS, b"\0"), indexed.tobytes()


def _in_rows(points: bytes, width: int) -> bytes:
    return b"".join(b"\0" + points[at : at + width] for at in range(0, len(points), width))

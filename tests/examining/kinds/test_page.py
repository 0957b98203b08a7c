"""Pages of files that people attach are drawn as points, in a process that holds nothing, whatever the files are."""

import random
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

from local.hostile_files import hostile_files, revisions
from models.examination.client import ExaminerUnavailable
from models.examination.drawings import MAX_HEIGHT, MAX_PAGES, MAX_WIDTH, PAGE, PageDrawing, png
from tests.examining.conftest import Listening
from tests.examining.pdfs import PLAIN, action, field, link, locked, made, pages, root

BLACK, WHITE = 0, 255
ORIENTATION, QUARTER_TURN = 0x0112, 6


def drawn(examining: Listening, content: bytes, number: int = 1) -> Image.Image:
    verdict = examining.client.examine(PAGE, content, {"page": number})
    assert verdict.rows, verdict
    return Image.open(BytesIO(png(verdict)))


def image(form: str, size: tuple[int, int], colour: str, **options: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, form, **options)
    return written.getvalue()


def content_stream(operators: bytes) -> bytes:
    def change(pdf: Pdf) -> None:
        pdf.pages[0].obj.Contents = pdf.make_stream(operators)
        pdf.pages[0].obj.Resources = Dictionary(
            Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        )

    return made(change)


def test_a_page_is_drawn_as_it_is_and_pages_are_counted(examining: Listening) -> None:
    shown = drawn(examining, content_stream(b"0 0 306 792 re f")).convert("L")
    assert shown.width == MAX_WIDTH
    assert [shown.getpixel((at, 500)) for at in (300, 900)] == [BLACK, WHITE]
    assert examining.client.examine(PAGE, pages(7), {"page": 0}) == PageDrawing(pages=7)
    assert examining.client.examine(PAGE, pages(7), {"page": 8}) == PageDrawing(pages=7)
    assert examining.client.examine(PAGE, pages(MAX_PAGES + 1), {"page": 0}).pages == MAX_PAGES


def test_text_in_a_font_that_the_file_lacks_is_drawn_though_no_font_can_be_opened(examining: Listening) -> None:
    shown = drawn(examining, content_stream(b"BT /F1 48 Tf 72 600 Td (Avis favorable) Tj ET")).convert("L")
    assert sum(shown.histogram()[:64]) > 5_000


def test_colours_stay_and_shades_of_grey_need_no_palette(examining: Listening) -> None:
    red = drawn(examining, content_stream(b"1 0 0 rg 0 0 612 792 re f")).convert("RGB")
    assert red.getpixel((600, 600)) == (255, 0, 0)
    assert examining.client.examine(PAGE, PLAIN, {"page": 1}).palette == ""


def test_what_was_typed_into_a_form_is_seen(examining: Listening) -> None:
    def change(pdf: Pdf) -> None:
        appearance = pdf.make_stream(b"0 0 600 700 re f")
        appearance.Type, appearance.Subtype, appearance.BBox = Name.XObject, Name.Form, Array([0, 0, 600, 700])
        widget = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T=String("avis"),
                V=String("favorable"),
                F=4,
                Rect=[0, 0, 600, 700],
                AP=Dictionary(N=appearance),
            )
        )
        pdf.pages[0].obj.Annots = Array([widget])
        pdf.Root.AcroForm = Dictionary(Fields=Array([widget]))

    assert drawn(examining, made(change)).convert("L").getpixel((600, 900)) == BLACK


def test_a_photograph_is_drawn_upright_and_no_larger_than_it_is_shown(examining: Listening) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = QUARTER_TURN
    turned = drawn(examining, image("JPEG", (4000, 3000), "navy", exif=exif))
    assert turned.height > turned.width
    assert (turned.width <= MAX_WIDTH, turned.height <= MAX_HEIGHT) == (True, True)
    assert drawn(examining, image("PNG", (30, 20), "white")).size == (30, 20)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_a_png_of_every_kind_is_drawn(mode: str, examining: Listening) -> None:
    written = BytesIO()
    Image.new(mode, (40, 24)).save(written, "PNG")
    assert drawn(examining, written.getvalue()).size == (40, 24)


def test_an_image_that_does_not_compress_fits_in_the_answer(examining: Listening) -> None:
    noise, written = random.Random(1), BytesIO()
    Image.frombytes("RGB", (MAX_WIDTH, MAX_HEIGHT), noise.randbytes(MAX_WIDTH * MAX_HEIGHT * 3)).save(written, "PNG")
    assert drawn(examining, written.getvalue()).size == (MAX_WIDTH, MAX_HEIGHT)


def _recursive(pdf: Pdf) -> None:
    form = pdf.make_stream(b"/X Do /X Do")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 600, 700])
    form.Resources = Dictionary(XObject=Dictionary(X=form))
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=form))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"/X Do")


HOSTILE = {
    "script": made(root("OpenAction", action("JavaScript", JS=String("app.alert(1)")))),
    "program": made(link(action("Launch", F=String("cmd.exe")))),
    "submission": made(link(action("SubmitForm", F=String("http://127.0.0.1/")))),
    "script of a field": made(field("app.launchURL('http://127.0.0.1/')")),
    "chain of tables": revisions(50_000),
    "locked": made(encryption=locked("u")),
    "form in a form for ever": made(_recursive),
    "half a file": PLAIN[: len(PLAIN) // 2],
    "no page": b"%PDF-1.7\ntrailer<<>>\n%%EOF",
    "page without a size": made(lambda pdf: pdf.pages[0].obj.__setitem__("/MediaBox", Array([0, 0, 0, 0]))),
    "page of a kilometre": made(lambda pdf: pdf.pages[0].obj.__setitem__("/MediaBox", Array([0, 0, 10**7, 10**7]))),
    "markup": b"<script>alert(1)</script>",
    "nothing": b"",
    **hostile_files(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_drawn_harmlessly_or_not_at_all(name: str, examining: Listening) -> None:
    verdict = examining.client.examine(PAGE, HOSTILE[name], {"page": 1})
    if verdict.rows:
        assert Image.open(BytesIO(png(verdict))).width <= MAX_WIDTH
    assert examining.running
    assert examining.children() == []


def bomb(points: int) -> bytes:
    """A page whose image has that many points a side, in a few kilobytes."""

    def change(pdf: Pdf) -> None:
        data = pikepdf.Stream(pdf, bytes(points * points // 8))
        data.Type, data.Subtype, data.Width, data.Height = Name.XObject, Name.Image, points, points
        data.BitsPerComponent, data.ColorSpace = 1, Name.DeviceGray
        pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=pdf.make_indirect(data)))
        pdf.pages[0].obj.Contents = pdf.make_stream(b"600 0 0 600 0 0 cm /X Do")

    return made(change, compact=True)


def test_a_bomb_of_points_ends_within_its_memory_and_time(examining: Listening) -> None:
    assert len(bomb(20_000)) < 200_000
    verdict = examining.client.examine(PAGE, bomb(20_000), {"page": 1})
    assert verdict.pages in (0, 1)
    assert examining.running


@pytest.mark.parametrize("page", [-1, MAX_PAGES + 1, "1", None, 1.5])
def test_a_page_that_is_no_number_says_nothing_of_the_file(page: object, examining: Listening) -> None:
    with pytest.raises(ExaminerUnavailable):
        examining.client.examine(PAGE, PLAIN, {"page": page})  # type: ignore[dict-item]

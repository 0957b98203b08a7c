"""Files that tests send."""

from io import BytesIO

import httpx
from PIL import Image
from pypdf import PdfWriter
from pypdf.actions import JavaScript


def an_image(form: str) -> bytes:
    written = BytesIO()
    Image.new("RGB", (16, 12), "red").save(written, form)
    return written.getvalue()


PNG = an_image("PNG")
JPEG = an_image("JPEG")


def a_pdf(*, password: str = "", script: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if script:
        writer.add_open_action(JavaScript(script))
    if password:
        writer.encrypt(password)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


async def send(client: httpx.AsyncClient, content: bytes, **headers: str) -> httpx.Response:
    return await client.post("/files", files={"file": ("avis.pdf", content, "text/html")}, headers=headers)

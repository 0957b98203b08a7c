"""Files that tests send."""

from io import BytesIO

import httpx
from pypdf import PdfWriter
from pypdf.actions import JavaScript

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 17 + b"\0\0\0\0IEND\xaeB`\x82"


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

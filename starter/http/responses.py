"""Answers that are not JSON, and where what was created is."""

from collections.abc import Iterator
from typing import Final

from starlette.responses import Response, StreamingResponse

API: Final = "/api/v1"


def pdf(content: bytes, file_name: str, sha256: str | None = None) -> Response:
    """Answer with a PDF that browsers show under this name; its digest, if given, is the entity tag."""
    headers = {"Content-Disposition": f'inline; filename="{file_name}"'}
    if sha256 is not None:
        headers["ETag"] = f'"{sha256}"'
    return Response(content, media_type="application/pdf", headers=headers)


def attachment(parts: Iterator[bytes], media_type: str, file_name: str, sha256: str, size: int) -> Response:
    """Answer with a file of somebody else, which browsers save without showing it; its digest is the entity tag."""
    headers = {
        "Content-Type": media_type,
        "Content-Length": str(size),
        "Content-Disposition": f'attachment; filename="{file_name}"',
        "Content-Security-Policy": "sandbox",
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{sha256}"',
    }
    return StreamingResponse(parts, headers=headers)


def csv_file(file_name: str, content: bytes) -> Response:
    """Answer with a table in CSV, which browsers save."""
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def image(content: bytes) -> Response:
    """Answer with a PNG that we made, which browsers only show."""
    return Response(content, media_type="image/png", headers={"Content-Security-Policy": "default-src 'none'; sandbox"})


def locate(response: Response, address: str) -> None:
    """State the address, under the API, of what a call created."""
    response.headers["Location"] = f"{API}{address}"

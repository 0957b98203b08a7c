"""Answers that are not JSON."""

from starlette.responses import Response


def pdf(content: bytes, file_name: str, sha256: str | None = None) -> Response:
    """Answer with a PDF that browsers show under this name; its digest, if given, is the entity tag."""
    headers = {"Content-Disposition": f'inline; filename="{file_name}"'}
    if sha256 is not None:
        headers["ETag"] = f'"{sha256}"'
    return Response(content, media_type="application/pdf", headers=headers)

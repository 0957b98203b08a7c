"""Conditional reading (RFC 9110, 13.1.2): a caller who holds what an entity tag names is told so, without the bytes."""

import re
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message

NOT_MODIFIED: Final = 304
_TAG: Final = re.compile(r'(?:W/)?("[^"]*")')
_OF_CONTENT: Final = ("content-length", "content-type", "content-disposition")


def conditional(asked: Headers, start: Message) -> Message:
    """Return the start of an answer to a GET: 304 if the caller named its entity tag, else as it is."""
    wanted = asked.get("if-none-match")
    tag = Headers(raw=start["headers"]).get("etag")
    if wanted is None or tag is None or start["status"] != 200:
        return start
    if wanted.strip() != "*" and tag.removeprefix("W/") not in _TAG.findall(wanted):
        return start
    unchanged = {**start, "status": NOT_MODIFIED, "headers": [*start["headers"]]}
    headers = MutableHeaders(scope=unchanged)
    for name in _OF_CONTENT:
        del headers[name]
    return unchanged

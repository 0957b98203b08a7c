"""Where a link of a PDF may lead: to the web or to a person, never to a file of the reader or of its network."""

import re
from typing import Final

from pikepdf import Dictionary, String

WEB: Final = re.compile(r"(?:https?://|mailto:|tel:|#|www\.[\w-]|[\w.+-]+@[\w-]+\.[\w.-]+$)", re.IGNORECASE)
OTHER: Final = re.compile(r"(?!file:)[a-z][a-z0-9+.-]+:", re.IGNORECASE)
"""A scheme of two letters or more, that is not of a file."""


def is_web(address: object) -> bool:
    """Whether an address, or the base of the file's addresses, is of the web or of a person."""
    text = _text(address)
    return text is not None and (not text or WEB.match(text) is not None)


def is_file(address: object) -> bool:
    """Whether an address is of a file: by its scheme, its drive, its share, or its place beside the PDF."""
    text = _text(address)
    return bool(text and text.isprintable()) and not is_web(address) and OTHER.match(text or "") is None


def _text(address: object) -> str | None:
    if isinstance(address, Dictionary):
        address = address.get("/Base", String(""))
    return bytes(address).decode("latin-1").strip() if isinstance(address, String) else None

"""The real type of an uploaded file, read from its bytes; a PDF is opened, and must contain no active content."""

import csv
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Final

import filetype
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from starter.http.problems import fault

IMAGES: Final = {"image/png": b"IEND\xaeB`\x82", "image/jpeg": b"\xff\xd9"}
"""Media type of an accepted image → the bytes at the end of a complete one."""
ACTIVE_KEYS: Final = frozenset({"/JavaScript", "/JS", "/Launch"})
"""Keys and actions by which a PDF runs a program."""


def media_type(content: bytes) -> str:
    """Return the media type of an accepted file; raises `InvalidRequest` for any other."""
    if not content:
        raise fault("/file", "file-empty", "Ce fichier est vide.")
    guessed = filetype.guess_mime(content)
    if guessed == "application/pdf":
        _check_pdf(content)
    elif guessed in IMAGES:
        _check_image(content, IMAGES[guessed])
    elif guessed is None and _is_csv(content):
        return "text/csv"
    else:
        raise fault("/file", "file-type", "Envoyez un PDF, une image PNG ou JPEG, ou un tableau CSV.")
    return str(guessed)


def _check_image(content: bytes, end: bytes) -> None:
    if end not in content[-1024:]:
        raise fault("/file", "file-broken", "Cette image est incomplète.")


def _check_pdf(content: bytes) -> None:
    try:
        reader = PdfReader(BytesIO(content))
        encrypted = reader.is_encrypted
        active = not encrypted and any(_is_active(each) for each in _objects(reader))
        pages = 0 if encrypted else len(reader.pages)
    except Exception as broken:
        raise fault("/file", "file-broken", "Ce PDF est endommagé.") from broken
    if encrypted:
        raise fault("/file", "pdf-encrypted", "Ce PDF est protégé par un mot de passe : envoyez-le sans.")
    if active:
        raise fault("/file", "pdf-active", "Ce PDF contient un programme : envoyez-le sans.")
    if not pages:
        raise fault("/file", "file-broken", "Ce PDF n’a aucune page.")


def _objects(reader: PdfReader) -> Iterator[object]:
    """Yield every object of the file, including unreferenced ones in compressed streams."""
    numbers = {number for known in reader.xref.values() for number in known} | set(reader.xref_objStm)
    for number in numbers:
        generation = 0 if number in reader.xref_objStm else _generation(reader, number)
        yield reader.get_object(IndirectObject(number, generation, reader))


def _generation(reader: PdfReader, number: int) -> int:
    return next(generation for generation, known in reader.xref.items() if number in known)


def _is_active(value: object) -> bool:
    """Whether a dictionary, or one nested in it, runs something."""
    if isinstance(value, DictionaryObject):
        return (
            bool(ACTIVE_KEYS & value.keys())
            or value.get("/S") in ACTIVE_KEYS
            or any(_is_active(each) for each in value.values() if not isinstance(each, IndirectObject))
        )
    return isinstance(value, list) and any(_is_active(e) for e in value if not isinstance(e, IndirectObject))


def _is_csv(content: bytes) -> bool:
    """Whether this is a text in UTF-8 or Windows-1252 whose first lines are split by one separator."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if re.search(r"[\x00-\x08\x0e-\x1f\ufffd]", text):
        return False
    try:
        return bool(csv.Sniffer().sniff(text[:4096], delimiters=";,\t"))
    except csv.Error:
        return False

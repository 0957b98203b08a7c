"""The XML inside a PDF, attached or metadata: data of known vocabularies, or of none, that no program takes for more.

An editor, a browser or a spreadsheet chooses what to do with XML by its processing instructions, its document type and
its name spaces: instructions and document types are refused, and name spaces are those of invoices and payments.
"""

import re
from typing import Final
from xml.parsers import expat

from examining.refused import Refused

VOCABULARIES: Final = (
    "urn:un:unece:uncefact:",
    "urn:oasis:names:specification:ubl:",
    "urn:oasis:names:specification:bdndr:",
    "urn:ferd:",
    "urn:cen.eu:",
    "urn:factur-x:",
    "urn:zugferd:",
    "urn:iso:std:iso:20022:",
    "http://www.w3.org/2001/XMLSchema",
    "http://www.w3.org/2000/09/xmldsig#",
    "http://www.w3.org/2009/xmldsig11#",
    "http://uri.etsi.org/01903/",
)
"""Starts of name spaces: invoices (Factur-X, CII, UBL), bank messages (ISO 20022), schemas, signatures."""
WORD: Final = re.compile(r"[\w-]{0,40}")
"""A name space that is a mere word names no vocabulary that a program knows."""
MARKUP_START: Final = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")
DECLARED: Final = re.compile(rb"<\s*!\s*(?:DOCTYPE|ENTITY)|<\?(?!xpacket\b|xml\s|adobe-xap-filters\b)", re.IGNORECASE)
"""What the metadata of a document have no use for."""


class _Unknown(Exception):
    """The XML is more than data."""


def looks_like(content: bytes) -> bool:
    """Whether a file begins as markup does."""
    return MARKUP_START.match(content) is not None


def is_data(content: bytes) -> bool:
    """Whether XML is whole, and data of a known vocabulary or of none."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.ProcessingInstructionHandler = _refuse
    parser.StartNamespaceDeclHandler = _check_name_space
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, _Unknown, ValueError, LookupError):
        return False
    return True


def check_metadata(content: bytes) -> None:
    """Refuse metadata that declare a document type or entities, or ask a program to do something."""
    if DECLARED.search(content.replace(b"\0", b"")):
        raise Refused("pdf-active")


def _refuse(*_parts: object) -> None:
    raise _Unknown


def _check_name_space(_prefix: str | None, address: str | None) -> None:
    if address and not WORD.fullmatch(address) and not address.startswith(VOCABULARIES):
        raise _Unknown

"""A file of another type is recognised, so that its refusal can say what to do."""

import pytest

from models.examination.shapes import FILE, FileVerdict
from tests.examining.conftest import Listening

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FILES = {
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
    "film": (b"\0\0\0\x18ftypmp42\0\0\0\0isom", "film"),
    "tiff": (b"II*\0" + bytes(40), "tiff"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 " + bytes(40), "image"),
    "gif": (b"GIF89a" + bytes(40), "image"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image"),
    "docx": (b"PK\3\4" + bytes(26) + b"[Content_Types].xml" + bytes(40) + b"word/document.xml", "letter"),
    "xlsx": (b"PK\3\4" + bytes(26) + b"[Content_Types].xml" + bytes(40) + b"xl/workbook.xml", "sheet"),
    "odt": (b"PK\3\4" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text", "letter"),
    "ods": (b"PK\3\4" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "sheet"),
    "zip": (b"PK\3\4" + bytes(26) + b"photo.jpg", "archive"),
    "doc": (OLE + bytes(600), "letter"),
    "xls": (OLE + bytes(600) + b"W\0o\0r\0k\0b\0o\0o\0k", "sheet"),
    "msg": (OLE + bytes(600) + b"_\0_\0s\0u\0b\0s\0t\0g\0", "mail"),
    "eml": (b"From: a@b.fr\r\nTo: c@d.fr\r\nSubject: x\r\n\r\nBonjour\r\n", "mail"),
    "rtf": (b"{\\rtf1\\ansi Bonjour}", "letter"),
    "html": (b"<!DOCTYPE html><p>Bonjour</p>", "markup"),
    "json": (b'{"a": 1}', "data"),
    "exe": (b"MZ" + bytes(200), "program"),
    "sh": (b"#!/bin/sh\nls\n", "program"),
    "letter": ("Madame,\n\nJe vous écris.\n".encode(), "text"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_type_is_recognised(examining: Listening, name: str) -> None:
    content, recognised = FILES[name]
    assert examining.client.examine(FILE, content) == FileVerdict(refusal="file-type", recognised=recognised)

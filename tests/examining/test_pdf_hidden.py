"""What readers would mend each in its own way is refused: errors, a second file, objects that only some find."""

import zlib

import pytest

from models.examination.shapes import FILE
from tests.examining.conftest import Listening
from tests.examining.pdfs import made

SCRIPT = b"/S/JavaScript/JS(app.alert\\(1\\))"


def written(fourth: bytes = b"null", catalog: bytes = b"/OpenAction 4 0 R", trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF by hand, with a true table."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
        fourth,
    )
    body, table = b"%PDF-1.7\n", b"xref\n0 5\n0000000000 65535 f \n"
    for number, each in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    return body + table + b"trailer\n<</Size 5%s>>\nstartxref\n%d\n%%%%EOF\n" % (trailer, len(body))


def lost(content: bytes) -> bytes:
    """The same, its table lost."""
    return content.replace(b"startxref\n", b"startxref\n9")


def deflated(content: bytes, kind: bytes = b"/Type/ObjStm") -> bytes:
    data = zlib.compress(content)
    head = b"<<%s/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % (kind, len(data))
    return head + data + b"\nendstream"


JUNK = (b") " * 40, b"foo bar " * 20, b"<0g> " * 20, b"[" * 600 + b"]" * 600)
ERRORS = {
    **{f"junk after {each[:4]!r}": written(b"<<%s/X[%s]>>" % (SCRIPT, each)) for each in JUNK},
    **{f"junk before {each[:4]!r}": written(b"<</X[%s]%s>>" % (each, SCRIPT)) for each in JUNK},
    "two types": written(catalog=b"/OpenAction<</S/Launch/F(a)/S/GoTo/D[3 0 R/Fit]>>"),
    "two openings": written(b"<<%s>>" % SCRIPT, b"/OpenAction 4 0 R/OpenAction[3 0 R/Fit]"),
    "two keys, one that says it is mended": written(b"<</xref#20not#20found 1/xref#20not#20found 2>>"),
    "catalog in the trailer": written(
        trailer=b"/Root<</Type/Catalog/Pages 2 0 R/OpenAction<<%s>>>>" % SCRIPT, catalog=b""
    ),
    "two catalogs": written(trailer=b"/Root<</Type/Catalog>>/Root 1 0 R", catalog=b""),
    "a table before the header": b"xref\n0 1\ntrailer<</Root 1 0 R>>\n" + written(catalog=b""),
    "an object before the header": b"4 0 obj<<%s>>endobj\n" % SCRIPT + written(catalog=b""),
}
ACTIONS = {
    "object stream that no table names": lost(written(deflated(b"4 0 <<%s>>" % SCRIPT))),
    "object stream of no type": lost(written(deflated(b"4 0 <<%s>>" % SCRIPT, b""))),
    "text in a stream": lost(written(b"<</Length 99>>stream\n4 0 obj<<%s>>endobj\nendstream" % SCRIPT)),
    "opening that no reader of ours sees": lost(written(b"(/OpenAction 9 0 R)", b"")),
    "after other data": b"From: a\n" + written(b"(/Launch)", b""),
}
MENDED = {
    "page at opening": lost(written(catalog=b"/OpenAction[3 0 R/Fit]")),
    "page at opening, as an action": lost(written(catalog=b"/OpenAction<</S/GoTo/D[3 0 R/XYZ 0 9.5 0]>>")),
    "linearised": lost(made(linearize=True)),
    "link": lost(written(b"<</S/URI/URI(https://a.fr)>>", b"")),
    "after the header of a mail": b"Content-Type: application/pdf\n\n" + written(catalog=b""),
}


def unlisted(hidden: bytes, catalog: bytes) -> bytes:
    """A PDF with a true table, and an object in its bytes that the table lacks."""
    content = written(catalog=catalog)
    at = content.rindex(b"xref\n0 5")
    end = content[at:].replace(b"startxref\n%d" % at, b"startxref\n%d" % (at + len(hidden)))
    return content[:at] + hidden + end


HIDDEN = {
    "script at opening": unlisted(b"7 0 obj\n<<%s>>\nendobj\n" % SCRIPT, b"/OpenAction 7 0 R"),
    "of another generation": unlisted(b"4 3 obj\n<<%s>>\nendobj\n" % SCRIPT, b"/OpenAction 4 3 R"),
    "link at opening": unlisted(b"7 0 obj\n<</S/URI/URI(https://a.fr)>>\nendobj\n", b"/OpenAction 7 0 R"),
    "event": unlisted(b"7 0 obj\n<</WC<</S/URI/URI(https://a.fr)>>>>\nendobj\n", b"/AA 7 0 R"),
    "link to a file": unlisted(b"7 0 obj\n<</S/URI/URI(file://a/b)>>\nendobj\n", b"/A 7 0 R"),
    "named scripts": unlisted(b"7 0 obj\n<</JavaScript<</Names[(a)<<%s>>]>>>>\nendobj\n" % SCRIPT, b"/Names 7 0 R"),
    "escaped": unlisted(b"7 0 obj\n<</S/Java#53cript/JS(a)>>\nendobj\n", b"/Names 7 0 R"),
    "listed as null": unlisted(b"4 0 obj\n<<%s>>\nendobj\n" % SCRIPT, b"/X 4 0 R"),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_referred_to_and_not_listed_is_looked_at(examining: Listening, name: str) -> None:
    assert examining.client.examine(FILE, HIDDEN[name]).refusal == "pdf-active"


def test_an_object_stream_that_no_table_lists_is_not_referred_to(examining: Listening) -> None:
    hidden = b"6 0 obj\n" + deflated(b"7 0 <</S/URI/URI(https://a.fr)>>") + b"\nendobj\n"
    assert examining.client.examine(FILE, unlisted(hidden, b"/A 7 0 R")).refusal == "file-broken"


def test_a_note_that_was_deleted_and_is_still_referred_to_is_taken(examining: Listening) -> None:
    deleted = unlisted(b"7 0 obj\n<</Type/Annot/Subtype/Text/Contents(a)>>\nendobj\n", b"/X 7 0 R")
    assert examining.client.examine(FILE, deleted).media_type == "application/pdf"


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_that_readers_mend_otherwise_is_refused(examining: Listening, name: str) -> None:
    verdict = examining.client.examine(FILE, ERRORS[name])
    assert (verdict.refusal, verdict.recognised) == ("file-broken", "pdf-errors")


@pytest.mark.parametrize("name", ACTIONS)
def test_a_damaged_file_has_no_name_of_an_action(examining: Listening, name: str) -> None:
    assert examining.client.examine(FILE, ACTIONS[name]).refusal == "pdf-active"


@pytest.mark.parametrize("name", MENDED)
def test_a_lost_table_is_mended(examining: Listening, name: str) -> None:
    assert examining.client.examine(FILE, MENDED[name]).media_type == "application/pdf"


def test_the_same_file_without_a_fault_is_taken(examining: Listening) -> None:
    assert examining.client.examine(FILE, written(catalog=b"")).media_type == "application/pdf"

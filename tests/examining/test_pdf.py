"""A PDF that readers open is taken, also repaired or locked against changes only; a cut one is not; none is dear."""

import time

import pytest

from examining.server import WALL_SECONDS
from local.hostile_files import many_entries, object_stream, revisions, wrong_places
from models.examination.shapes import FILE, FileVerdict
from tests.examining.conftest import Listening
from tests.examining.pdfs import (
    PLAIN,
    locked,
    made,
    pages,
)

SECONDS = WALL_SECONDS + 5
"""Longest answer on a busy machine: the life of the process that judges, and its end."""
TAKEN = FileVerdict(media_type="application/pdf")
MIME = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: binary\r\n\r\n"
GOOD = {
    "plain": PLAIN,
    "object streams": made(compact=True),
    "linearised": made(linearize=True),
    "owner password only": made(encryption=locked()),
    "owner password only, 1999": made(encryption=locked(revision=3)),
    "byte order mark": b"\xef\xbb\xbf" + PLAIN,
    "line ends first": b"\r\n\r\n" + PLAIN,
    "blanks first": b" " * 700 + PLAIN,
    "header of a mail": MIME + PLAIN,
    "long header of a mail": MIME * 40 + PLAIN,
    "no end mark": PLAIN.replace(b"%%EOF", b"").rstrip(),
    "wrong start": PLAIN.replace(b"startxref\n", b"startxref\n9"),
    "no start": PLAIN[: PLAIN.rindex(b"startxref")],
    "no table": PLAIN[: PLAIN.rindex(b"xref\n0")] + PLAIN[PLAIN.index(b"trailer") :],
    "line ends changed": PLAIN.replace(b"\n", b"\r\n"),
    "padding": PLAIN + b"\0" * 5_000,
}
BROKEN = {
    "half": (PLAIN[: len(PLAIN) // 2], "file-broken", "pdf"),
    "half of many pages": (pages(40)[:4_000], "file-broken", "pdf"),
    "in name only": (b"%PDF-1.7\n" + b"garbage " * 50, "file-broken", "pdf"),
    "no page": (made(lambda pdf: pdf.pages.__delitem__(0)), "file-broken", "pdf-no-page"),
    "page that contains itself": (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>endobj\ntrailer<</Root 1 0 R/Size 3>>",
        "file-broken",
        "pdf",
    ),
    "locked": (made(encryption=locked("u")), "pdf-encrypted", ""),
    "locked, 1999": (made(encryption=locked("u", 3)), "pdf-encrypted", ""),
}
COSTLY = {
    "250 bytes": b"%PDF-1.5\n1 0 obj<</Type/XRef/Size 99999999/W[1 3 1]/Length 5>>stream\n\1\0\0\x0f\0\nendstream\n"
    b"endobj\nstartxref\n9\n%%EOF",
    "two million entries": many_entries(2_000_000),
    "twenty million entries": many_entries(20_000_000),
    "320 kB of wrong offsets": wrong_places(8_000),
    "9 MB of wrong offsets": wrong_places(200_000),
    "wrong offsets in blanks": wrong_places(5_000, 3_000_000),
    "1 GB in an object stream": object_stream(b"<<>>", filler=1_000_000_000),
    "four thousand revisions": revisions(4_000),
    "deep": b"%PDF-1.4\n1 0 obj<</Type/Catalog/X" + b"[" * 200_000 + b"]" * 200_000 + b">>endobj\n" + PLAIN[9:],
}


@pytest.mark.parametrize("name", GOOD)
def test_what_readers_open_is_taken(examining: Listening, name: str) -> None:
    assert examining.client.examine(FILE, GOOD[name]) == TAKEN


@pytest.mark.parametrize("name", BROKEN)
def test_a_cut_empty_or_locked_file_is_refused(examining: Listening, name: str) -> None:
    content, code, recognised = BROKEN[name]
    verdict = examining.client.examine(FILE, content)
    assert (verdict.media_type, verdict.refusal, verdict.recognised) == (None, code, recognised)


@pytest.mark.parametrize("name", COSTLY)
def test_a_costly_file_is_answered_in_time_and_logs_one_line(examining: Listening, name: str) -> None:
    before, began = examining.log.stat().st_size, time.monotonic()
    examining.client.examine(FILE, COSTLY[name])
    assert time.monotonic() - began < SECONDS
    assert examining.log.stat().st_size - before < 2 * 200  # its own line, and perhaps that of the file before
    assert examining.client.examine(FILE, PLAIN) == TAKEN


def test_eight_thousand_honest_pages_are_taken(examining: Listening) -> None:
    content, began = pages(8_000), time.monotonic()
    assert examining.client.examine(FILE, content) == TAKEN
    assert time.monotonic() - began < SECONDS

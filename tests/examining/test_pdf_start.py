"""A PDF begins at its header; what comes before it is no second file."""

import pytest

from examining.pdf_start import MAX_PREFIX_BYTES, check_ends, check_prefix, header_at
from examining.refused import Refused
from models.examination.shapes import FILE
from tests.examining.conftest import Listening
from tests.examining.pdfs import PLAIN


@pytest.mark.parametrize(("before", "at"), [(0, 0), (MAX_PREFIX_BYTES, MAX_PREFIX_BYTES), (MAX_PREFIX_BYTES + 1, -1)])
def test_the_header_is_looked_for_so_far(before: int, at: int) -> None:
    assert header_at(b"x" * before + b"%PDF-1.7") == at


@pytest.mark.parametrize("prefix", [b"xref\n0 1", b"trailer<<", b"1 0 obj<<", b"1 0obj", b"startxref\n0"])
def test_a_second_file_before_it_is_refused(prefix: bytes) -> None:
    with pytest.raises(Refused):
        check_prefix(prefix)


@pytest.mark.parametrize(
    "part",
    [
        b"<html><script>alert(1)</script>",
        b"<!--",
        b"<?php a",
        b"<svg/onload=a>",
        b"x\n<IMG src=a>",
        "\ufeff<html>".encode("utf-16-le"),
        b"PK\x03\x04" + bytes(30),
    ],
)
def test_a_page_or_an_archive_before_or_after_it_is_refused(part: bytes) -> None:
    with pytest.raises(Refused):
        check_prefix(part)
    for content in (PLAIN + part, PLAIN + part + b"\nstartxref\n9\n%%EOF\n", b"%%EOF\n" + part + PLAIN):
        with pytest.raises(Refused):
            check_ends(content)


@pytest.mark.parametrize("prefix", [b"MZ" + bytes(60), b"#!/bin/sh\n", b"\x7fELF" + bytes(60)])
def test_a_program_before_it_is_refused(prefix: bytes) -> None:
    with pytest.raises(Refused):
        check_prefix(prefix)


def test_a_page_around_it_is_refused_by_the_program(examining: Listening) -> None:
    for content in (b"<html>\n" + PLAIN, b"<!--" + PLAIN + b"--><script>a</script>", PLAIN + b"<html></html>"):
        verdict = examining.client.examine(FILE, content)
        assert (verdict.media_type, verdict.refusal) == (None, "file-broken")


def test_the_header_of_a_mail_is_not() -> None:
    check_prefix(b"Subject: the object of trailers\r\nFrom: A <a@exemple.fr>\r\n\r\n")


@pytest.mark.parametrize(
    "after", [b"", b"\r\n\r\n", bytes(5_000), b"\x1a", b"--boundary--\r\n", b"4 0 obj<</A(<html>)>>endobj"]
)
def test_line_ends_padding_and_a_revision_after_it_are_not(after: bytes) -> None:
    check_ends(PLAIN + after)


def test_too_much_before_it_is_said(examining: Listening) -> None:
    assert examining.client.examine(FILE, b"x" * 9_000 + PLAIN).recognised == "pdf-preceded"

"""Files of hostile visitors are small, none is taken, and each forged document differs from what was signed."""

import zlib
from collections.abc import Iterator

import pytest

from local.hostile_files import BLOCK_BYTES, altered, damaged, hostile_files, longer, object_stream
from models.examination.shapes import FILE, MAX_DOCUMENT_BYTES, SIGNATURE
from tests.examining.conftest import Listening
from tests.examining.pdfs import made

AT = "2026-12-01T00:00:00+01:00"
SIGNED = made()
"""Stands for a signed document: what is done to it does not depend on its signature."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    with Listening(tmp_path_factory.mktemp("hostile-files")) as running:
        yield running


@pytest.mark.slow
def test_each_is_small_and_none_is_taken_or_valid(program: Listening) -> None:
    for name, content in hostile_files().items():
        assert len(content) <= MAX_DOCUMENT_BYTES, name
        assert program.client.examine(FILE, content).refusal, name
        assert program.client.examine(SIGNATURE, content, {"anchors": [], "at": AT}).problems, name


@pytest.mark.parametrize("filler", [0, 1, BLOCK_BYTES, 3 * BLOCK_BYTES + 7])
def test_what_swells_is_a_whole_stream_of_its_size(filler: int) -> None:
    data = object_stream(b"<<>>", filler=filler).partition(b">>stream\n")[2].partition(b"\nendstream")[0]
    assert zlib.decompress(data) == b"6 0 <<>>" + b" " * filler


def test_a_signed_document_is_sent_cut_changed_and_longer() -> None:
    with_stream = SIGNED.replace(b"trailer", b"5 0 obj<<>>stream\n" + b"x" * 60 + b"\nendstream endobj\ntrailer")
    assert with_stream.startswith(damaged(with_stream))
    changed = altered(with_stream)
    assert sum(one != other for one, other in zip(changed, with_stream, strict=True)) == 1
    more = longer(with_stream)
    place = int(more.rpartition(b"startxref")[2].split()[0])
    assert more.startswith(with_stream)
    assert more[place:].startswith(b"xref\n")
    assert len(hostile_files([with_stream])) == len(hostile_files()) + 3

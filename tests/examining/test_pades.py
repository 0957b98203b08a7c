"""Signed documents made to cost: each is answered within the limits, and the program stays as it was."""

import random
import time
import zlib
from collections.abc import Iterator

import psutil
import pytest
from pydantic import JsonValue

from examining.confinement import CPU_SECONDS
from local.hostile_files import deep_arrays
from models.examination.client import ExaminerUnavailable
from models.examination.shapes import SIGNATURE, SignatureVerdict
from tests.examining.conftest import Listening

SEED = 20261129
FUZZ_SECONDS = 20


def entries(count: int, form: str = "[1 3 1]") -> bytes:
    """A cross-reference stream that declares many entries."""
    packed = zlib.compress(bytes.fromhex("0100000f00") * count, 9)
    head = f"1 0 obj\n<</Type/XRef/Size {count}/W{form}/Root 1 0 R/Filter/FlateDecode/Length {len(packed)}>>stream\n"
    return b"%PDF-1.5\n" + head.encode() + packed + b"\nendstream endobj\nstartxref\n9\n%%EOF"


def table(count: int) -> bytes:
    """A plain table of as many entries."""
    head, trailer = f"%PDF-1.4\nxref\n0 {count}\n", f"trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n9\n%%EOF"
    return head.encode() + b"0000000015 00000 n \n" * count + trailer.encode()


def chain(count: int) -> bytes:
    """Revisions that each lead to the one before."""
    body, previous = b"%PDF-1.4\n", 0
    for _ in range(count):
        here = len(body)
        link = b"/Prev %d" % previous if previous else b""
        body += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R%s>>\n" % link
        previous = here
    return body + b"startxref\n%d\n%%%%EOF" % previous


def revisions(count: int) -> bytes:
    return chain(1) + b"\nstartxref\n9\n%%EOF" * count


def loop() -> bytes:
    return b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF"


HOSTILE = {
    "700,000 entries": entries(700_000),
    "20 million entries": entries(20_000_000),
    "entries of no width": entries(3_000_000, "[0 0 0]"),
    "a table of 90,000 entries": table(90_000),
    "a chain of 4,000": chain(4_000),
    "1,600 revisions": revisions(1_600),
    "deep arrays": deep_arrays(400_000),
    "a loop": loop(),
}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    with Listening(tmp_path_factory.mktemp("signature")) as running:
        yield running


KILLED_WITHIN = 5
"""Seconds after its limit of time in which a child has ended, on a busy machine."""


def judged(program: Listening, content: bytes) -> SignatureVerdict:
    context: dict[str, JsonValue] = {"anchors": [], "at": "2026-12-01T00:00:00+01:00"}
    return program.client.examine(SIGNATURE, content, context)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_cost_is_called_unreadable_within_its_limits(program: Listening, name: str) -> None:
    assert len(HOSTILE[name]) <= SIGNATURE.max_bytes
    before = psutil.Process(program.pid).memory_info().rss
    began = time.monotonic()
    verdict = judged(program, HOSTILE[name])
    assert verdict.problems in {("unreadable",), ("unsigned",)}
    assert time.monotonic() - began < 3 * CPU_SECONDS + KILLED_WITHIN
    assert psutil.Process(program.pid).memory_info().rss - before < 8 * 1024 * 1024


def test_whatever_is_damaged_there_is_a_verdict(program: Listening) -> None:
    chance = random.Random(SEED)
    limit = time.monotonic() + FUZZ_SECONDS
    samples = [entries(50), table(20), chain(5), deep_arrays(20)]
    while time.monotonic() < limit:
        content = bytearray(chance.choice(samples))
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        assert not judged(program, bytes(content[: chance.randint(1, len(content))])).signed_at


@pytest.mark.parametrize("context", [{}, {"anchors": "x"}, {"at": "2026-12-01T09:00:00Z", "anchors": ["AAAA"]}])
def test_a_context_of_ours_that_is_none_says_nothing_of_the_file(
    program: Listening, context: dict[str, JsonValue]
) -> None:
    with pytest.raises(ExaminerUnavailable):
        program.client.examine(SIGNATURE, b"%PDF-1.7", context)

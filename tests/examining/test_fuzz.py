"""Damaged files of every kind, through the program that ships: each gets a verdict, and nothing is left of it."""

import random
import time

from examining import samples
from local.hostile_files import many_entries, object_stream, wrong_places
from models.examination.shapes import FILE
from tests.examining.conftest import Listening
from tests.examining.pdfs import PLAIN, action, anywhere, field, link, made
from tests.examining.test_jpeg import photo

SEED = 20_261_129
FILES = 250
"""Files judged: the same ones at each run, whatever its speed."""
CEILING_SECONDS = 100.0
"""Longest run; a quiet machine needs a tenth of it."""
TOKENS = [
    b"/Type",
    b"/Length 1",
    b"obj",
    b"endobj",
    b"stream\n",
    b"<<",
    b">>",
    b"[",
    b"]",
    b"(",
    b"\xff\xd9",
    b"\xff\xda",
]
TOKENS += [
    b"/JS",
    b"/AA",
    b"/S/Launch",
    b"4 0 R",
    b"1 0 R",
    b"99999999",
    b"-1",
    b"\0" * 9,
    b";",
    b"\n",
    b"IDAT",
    b"%PDF-",
]


def corpus() -> list[bytes]:
    return [
        *samples.every_form(),
        *(photo(progressive, 2, restart) for progressive in (0, 1) for restart in (0, 1)),
        made(link(action("URI"))),
        made(anywhere(action("Launch"))),
        made(field("AFNumber_Format(2);", stream=True), compact=True),
        object_stream(b"<</S/Launch>>"),
        many_entries(1_000),
        wrong_places(100),
        PLAIN,
    ]


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Cut, repeat, change, insert or swap pieces."""
    for _ in range(chance.randint(1, 6)):
        at, to = sorted(chance.randrange(len(content) + 1) for _ in range(2))
        match chance.randrange(6):
            case 0:
                content = content[:at]
            case 1:
                content = content[:at] + content[at:to][:4_000] * chance.randint(2, 30) + content[to:]
            case 2:
                content = content[:at] + chance.choice(TOKENS) + content[at:]
            case 3:
                content = content[:at] + chance.randbytes(chance.randint(1, 8)) + content[at + 4 :]
            case 4:
                content = content[:at] + content[to:]
            case _:
                content = content.replace(chance.choice(TOKENS), chance.choice(TOKENS))
    return content[:2_000_000]


def test_a_damaged_file_gets_a_verdict_whatever_it_is(examining: Listening) -> None:
    chance, files = random.Random(SEED), corpus()
    pid, limit = examining.pid, time.monotonic() + CEILING_SECONDS
    for _ in range(FILES):
        verdict = examining.client.examine(FILE, damaged(chance.choice(files), chance))
        assert (verdict.media_type is None) != (verdict.refusal is None)
    assert time.monotonic() < limit
    assert examining.running
    assert examining.pid == pid
    assert examining.children() == []

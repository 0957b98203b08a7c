"""A line of a log names nobody, and leaves what is nobody's as it is."""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog

from models.telemetry import logs
from tests.cases import AUTHOR, IBAN

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@contextmanager
def configured() -> Iterator[None]:
    """Logs configured as those of a program, for a while: what they write to is closed with the test."""
    before, handlers, level = structlog.get_config(), logging.root.handlers[:], logging.root.level
    logs.configure()
    try:
        yield
    finally:
        structlog.configure(**before)
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)


def test_a_line_names_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    spaced = " ".join(IBAN[at : at + 4] for at in range(0, len(IBAN), 4))
    said = f"{IBAN}, {spaced}, 2 84 05 75 113 042 16, 184052A11304216, jean@exemple.invalid, M. Jean Dupré"
    with configured():
        structlog.get_logger().info("tried", name=AUTHOR, said=said, more={"holder": AUTHOR, "list": [said]})
    line = json.loads(capsys.readouterr().err)
    assert line["said"] == ", ".join([logs.MASK] * 6)
    assert line["more"] == {"holder": logs.MASK, "list": [line["said"]]}
    assert (line["name"], line["case"], line["trace"]) == (logs.MASK, None, None)


@pytest.mark.parametrize(
    "said", ["034AQHV02", "35600000000048", TRACE, "2026-11-22T10:00:00.123456Z", "127.0.0.1:8000"]
)
def test_what_is_nobody_s_is_left_as_it_is(said: str) -> None:
    assert logs.PRIVATE.sub(logs.MASK, said) == said


def test_a_library_that_warns_of_each_fault_of_a_file_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with configured():
        for library in logs.PARSERS:
            logging.getLogger(f"{library}.part").warning("Object 9976 0 not defined.")
        logging.getLogger("sqlalchemy").warning("this one matters")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["this one matters"]


@pytest.mark.parametrize("word", ["a", "1", "FR1", "a.b-c+", "a@", "A1 ", "Mme "])
def test_masking_costs_the_length_of_a_text_and_not_its_square(word: str) -> None:
    began = time.process_time()
    logs.PRIVATE.sub(logs.MASK, word * 20_000)
    assert time.process_time() - began < 1  # the square took half a minute


def test_a_line_is_bounded_whatever_it_quotes() -> None:
    half = logs.MAX_TEXT_CHARACTERS // 2
    quoted = f"{'a' * (half - 10)} {IBAN} {'b' * 100_000} fin"
    line = logs.mask(None, "error", {"event": quoted, "at": [quoted] * 1_000, "more": {quoted: 1}})
    assert len(str(line["event"])) <= logs.MAX_TEXT_CHARACTERS + 10
    assert IBAN[:8] not in str(line)
    assert str(line["event"]).endswith(" fin")
    assert len(line["at"]) == logs.MAX_ELEMENTS

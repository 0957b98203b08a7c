"""A line of a log names nobody, and leaves what is nobody's as it is."""

import json

import pytest
import structlog

from models.telemetry import logs
from tests.cases import AUTHOR, IBAN

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_a_line_names_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    logs.configure()
    try:
        spaced = " ".join(IBAN[at : at + 4] for at in range(0, len(IBAN), 4))
        said = f"{IBAN}, {spaced}, 2 84 05 75 113 042 16, 184052A11304216, jean@exemple.invalid, M. Jean Dupré"
        structlog.get_logger().info("tried", name=AUTHOR, said=said, more={"holder": AUTHOR, "list": [said]})
    finally:
        structlog.configure(**before)
    line = json.loads(capsys.readouterr().err)
    assert line["said"] == ", ".join([logs.MASK] * 6)
    assert line["more"] == {"holder": logs.MASK, "list": [line["said"]]}
    assert (line["name"], line["case"], line["trace"]) == (logs.MASK, None, None)


@pytest.mark.parametrize(
    "said", ["034AQHV02", "35600000000048", TRACE, "2026-11-22T10:00:00.123456Z", "127.0.0.1:8000"]
)
def test_what_is_nobody_s_is_left_as_it_is(said: str) -> None:
    assert logs.PRIVATE.sub(logs.MASK, said) == said

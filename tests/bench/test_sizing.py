"""The sizing figures of operating.md are those of the report."""

import re

import pytest

from bench.report import load
from tests.architecture.repository import ROOT

SIZING = (ROOT / "docs" / "operating.md").read_text("utf-8").partition("### Sizing")[2].partition("\n## ")[0]
SILENT_CASES = ("engine", "Silent cases a processor-second, every program of ours counted")
STATED = {
    r"about (\d+) ms of processor: ": (*SILENT_CASES, 1000),
    r"about ([\d.]+) cases a second for each core": (*SILENT_CASES, None),
    r"is then about ([\d,]+) seconds of one core": (*SILENT_CASES, 17_000),
    r"about (\d+) KiB of register": ("engine", "Register disk", None),
    r"(\d+) KiB of engine": ("engine", "Engine disk, ours", None),
    r"about ([\d.]+) ms of a core of the HTTP server": ("doors", "Processor of the doors", None),
    r"and ([\d.]+) ms of PostgreSQL": ("doors", "Processor of PostgreSQL", None),
}
"""Pattern of a statement, the figure that it comes from, and the number divided by that figure, if any."""
ROUNDED = 0.08
"""Share by which a published figure may be rounded."""


@pytest.mark.parametrize("stated", STATED)
def test_the_sizing_is_that_of_the_report(stated: str) -> None:
    family, name, divided = STATED[stated]
    (measured,) = (each.value for each in load().last[family].figures if each.name == name)
    found = re.search(stated, SIZING)
    assert found is not None
    expected = divided / measured if divided else measured
    assert float(found[1].replace(",", "")) == pytest.approx(expected, rel=ROUNDED)

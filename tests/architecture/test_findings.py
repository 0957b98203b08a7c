"""Each finding of security occurs once, and each test that it names exists."""

import re

import pytest

from tests.architecture.repository import ROOT, functions

PAGE = (ROOT / "docs" / "security-findings.md").read_text("utf-8")
ROWS = [
    line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith(("| attack", "| report", "| again"))
]
TESTED = "`(tests/[^`:]+)?(?:::([^`]+))?`"
UNMENDED = {f"attack {number}" for number in (13, 15, 16, 17)}
"""What this version leaves: they name no test, and must say so."""


def _functions(file: str) -> set[str]:
    return {each.name for each in functions(ROOT / file)}


def test_each_number_occurs_once_and_in_order() -> None:
    attacks, reports = [f"attack {n}" for n in range(1, 27)], [f"report {n}" for n in range(1, 20)]
    again = [f"again {n}" for n in range(1, len(ROWS) - 44)]
    assert [row[0] for row in ROWS] == attacks + reports + again


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_finding_names_tests_that_exist(row: list[str]) -> None:
    number, _, mended, named = row
    assert all((ROOT / each).exists() for each in re.findall(r"`([\w.]+/[\w./]+)`", mended))
    found = re.findall(TESTED, named)
    assert bool(found) != (number in UNMENDED)
    assert found or mended.startswith("not mended in this version")
    file = ""
    for written, test in found:
        file = written or file
        assert (ROOT / file).is_file(), file
        assert not test or test in _functions(file), f"{file}::{test}"

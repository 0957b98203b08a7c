"""Errors as a table: one row each, read back as it was, and nothing in it that a spreadsheet would execute."""

import csv
import io

import pytest

from models.claim_files import error_table
from models.claim_files.error_table import HEADER, MARK
from models.claim_files.faults import Fault, FaultCode


def rows_of(*faults: Fault) -> list[list[str]]:
    written = "".join(error_table.write(faults))
    assert written.startswith(MARK)
    assert written.count(MARK) == 1
    header, *rows = csv.reader(io.StringIO(written.removeprefix(MARK)), delimiter=";")
    assert tuple(header) == HEADER
    return rows


def test_an_error_is_a_row_with_its_place_its_sentence_and_what_to_do() -> None:
    fault = Fault(FaultCode.IDLE_ABOVE_PAYABLE, 7, "h; chômées", "0 h travaillées", "Indemnisables : 35 h.")
    assert rows_of(fault) == [
        [
            "7",
            "h; chômées",
            "idle-above-payable",
            "0 h travaillées",
            "Les heures chômées dépassent les heures indemnisables. Indemnisables : 35 h.",
            FaultCode.IDLE_ABOVE_PAYABLE.advice,
        ]
    ]


def test_a_fault_of_a_whole_file_has_no_line() -> None:
    assert rows_of(Fault(FaultCode.LINE_LENGTH, 0, ""))[0][:2] == ["", ""]
    assert rows_of() == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝", "\r\n@"])
def test_what_was_read_is_never_a_formula(start: str) -> None:
    fault = Fault(FaultCode.WEEK_UNREADABLE, 2, f"{start}HYPERLINK(1)", f"{start}cmd|' /C calc'!A0")
    _, column, _, shown, *_ = rows_of(fault)[0]
    assert column.startswith("'")
    assert shown.startswith("'")

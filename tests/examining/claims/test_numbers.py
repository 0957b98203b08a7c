"""Hours and wages: exact, in one way a file, and never rounded in silence."""

import pytest

from examining.claims.numbers import OneStyle, hours, wage
from examining.claims.refused import FileRefused
from models.claim_files.faults import FaultCode
from models.claim_files.refusals import RefusalCode


@pytest.mark.parametrize(
    ("written", "text"),
    [
        *(("0", "0"), ("35", "35"), ("007", "7"), ("7,5", "7.5"), ("7.5", "7.5"), ("7,50", "7.5"), ("7,00", "7")),
        *((" 7,25 ", "7.25"), ("7 h", "7"), ("35 heures", "35"), ("7h30", "7.5"), ("7H30", "7.5"), ("7:30", "7.5")),
        *(("7 h 30", "7.5"), ("7h30min", "7.5"), ("07:30:00", "7.5"), ("35h00", "35"), ("0:45", "0.75")),
        *(("7h20", "7.33"), ("7h10", "7.17"), ("151,67", "151.67"), ("-0", "0"), ("7\u00a0h\u202f30", "7.5")),
    ],
)
def test_hours_in_each_form_are_hundredths(written: str, text: str) -> None:
    assert (hours(written).text, hours(written).fault) == (text, None)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        *((each, FaultCode.HOURS_NOT_A_NUMBER) for each in ("", "abc", "7,5,5", "1.234,5", "7h60", "1e3", "٧", "=7")),
        *((each, FaultCode.HOURS_NOT_A_NUMBER) for each in ("1" * 13, "9999999", "NaN", "inf", "+7", "7,", ",5")),
        *((each, FaultCode.HOURS_NEGATIVE) for each in ("-7", "-7,5", "-7h30", "-0,01")),
        *((each, FaultCode.HOURS_TOO_PRECISE) for each in ("7,125", "7.333", "7,500")),
    ],
)
def test_other_hours_are_at_fault(written: str, fault: FaultCode) -> None:
    assert (hours(written).text, hours(written).fault) == ("", fault)


def test_a_wage_has_four_decimals_at_most() -> None:
    assert wage("13,1891").text == wage("13.1891 €").text == "13.1891"
    assert wage("13,18912").fault is FaultCode.HOURS_TOO_PRECISE
    assert wage("7h30").fault is FaultCode.HOURS_NOT_A_NUMBER


@pytest.mark.parametrize("second", ["7.5", "7h30", "7:30"])
def test_a_second_way_to_write_hours_refuses_the_file_at_its_line(second: str) -> None:
    style = OneStyle()
    assert [style.read(written, 2).text for written in ("7,5", "35", "8,25")] == ["7.5", "35", "8.25"]
    with pytest.raises(FileRefused) as refused:
        style.read(second, 9)
    assert (refused.value.code, refused.value.line) == (RefusalCode.HOURS_MIXED, 9)


def test_hours_that_are_at_fault_are_no_second_way() -> None:
    style = OneStyle()
    assert style.read("7,5", 2).fault is None
    assert style.read("-7.5", 3).fault is FaultCode.HOURS_NEGATIVE
    assert style.read("7.125", 4).fault is FaultCode.HOURS_TOO_PRECISE

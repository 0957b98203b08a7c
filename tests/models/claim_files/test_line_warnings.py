"""Warnings of lines become signals: counted, named by their lines, and never by what was read."""

from models.claim_files.faults import Fault, FaultCode
from models.claim_files.line_warnings import MAX_LINES, Warned, as_data, of_data, of_faults
from models.claim_labels import ClaimSignal


def a_warning(code: FaultCode, line: int) -> Fault:
    return Fault(code, line, "taux_horaire_brut", "1 234,5", "Semaine du 07/12/2026, 3 lignes.")


def test_each_kind_is_counted_with_its_lines_and_nothing_of_what_was_read() -> None:
    codes = {2: FaultCode.WAGE_OUTLIER, 4: FaultCode.IDLE_ABOVE_PAYABLE, 5: FaultCode.WEEK_OUTSIDE_MONTH}
    found = of_faults(a_warning(code, line) for line, code in (codes | {9: FaultCode.WAGE_OUTLIER}).items())
    assert found == (Warned(ClaimSignal.WAGE, 2, (2, 9)), Warned(ClaimSignal.CALENDAR, 1, (4,)))
    assert as_data(found) == {"wage": "2", "wage_lines": "2 9", "calendar": "1", "calendar_lines": "4"}


def test_an_event_gives_back_what_it_was_told() -> None:
    found = of_faults(a_warning(FaultCode.WAGE_OUTLIER, line) for line in range(1, 100))
    assert (found[0].total, found[0].lines) == (99, tuple(range(1, MAX_LINES + 1)))
    assert of_data(as_data(found) | {"reference": "034AQHV02"}) == found
    assert of_data({"reference": "034AQHV02"}) == of_faults([]) == ()


def test_no_warning_holds_a_claim() -> None:
    assert not ClaimSignal.WAGE.holds
    assert not ClaimSignal.CALENDAR.holds

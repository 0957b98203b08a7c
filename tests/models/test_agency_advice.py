"""Every rejection says what to do, as far as anything public says what its code means."""

import pytest

from models.agency_advice import advise


@pytest.mark.parametrize("code", ["3308", "3330", "3417", "3435", "3437"])
def test_a_known_code_has_its_own_advice(code: str) -> None:
    assert advise(code) not in {advise("3200"), advise("3300"), advise("3400"), advise("9999")}


def test_a_family_has_an_advice_and_an_unknown_code_too() -> None:
    assert len({advise(code) for code in ("3299", "3399", "3499", "3599")}) == 4
    assert advise("3101") == advise("3599")


def test_people_rejected_inside_an_accepted_row_are_named_by_their_lines() -> None:
    assert "lignes" in advise("0000", of_people=True)

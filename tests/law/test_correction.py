"""A claim that was rejected or refused is put right within the delay of a recourse, counted from the day told."""

from datetime import date

import pytest

from law.correction import corrected_until
from law.dated import BeforeFirstText

LAST = [
    ("2027-08-20", "34", "2027-10-21", "CRPA, art. L. 411-2"),
    ("2026-12-31", "34", "2027-03-01", "CRPA, art. L. 411-2"),  # 28 February, then a Monday
    ("2015-12-31", "34", "2016-03-01", "CJA, art. R. 421-1"),
    ("2015-10-15", "976", "2016-01-18", "CJA, art. R. 421-1"),  # three months in Mayotte, and a Saturday
]
"""Day told, département, last day, article."""


@pytest.mark.parametrize(("told", "department", "last", "article"), LAST)
def test_the_delay_is_that_of_a_recourse_and_is_said_to_be_practice(
    told: str, department: str, last: str, article: str
) -> None:
    until, why = corrected_until(date.fromisoformat(told), department)
    assert until == date.fromisoformat(last)
    assert (why.article, why.source) == (article, "pratique des demandes d’indemnisation rejetées")


def test_no_text_is_read_back_into_an_earlier_time() -> None:
    with pytest.raises(BeforeFirstText):
        corrected_until(date(2013, 6, 30), "34")

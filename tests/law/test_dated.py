"""Successive values of a rule."""

from datetime import date, timedelta

import pytest

from law.dated import BeforeFirstText, Dated, DatedValue
from law.texts import Text

A, B = date(2013, 7, 1), date(2020, 3, 26)


def entry(since: date, value: int) -> DatedValue[int]:
    return DatedValue(since, value, Text.R_5122_4, Text.CODE_2013)


def test_a_value_holds_from_its_first_day_to_the_eve_of_the_next() -> None:
    rule = Dated("un essai", entry(A, 1), entry(B, 2))
    assert rule.on(A).value == rule.on(B - timedelta(days=1)).value == 1
    assert rule.on(B).value == rule.on(date.max).value == 2


def test_a_day_before_the_first_text_is_refused_with_a_french_sentence() -> None:
    with pytest.raises(BeforeFirstText, match=r"Aucun texte connu sur un essai au 30 juin 2013 .* 1er juillet 2013\."):
        Dated("un essai", entry(A, 1)).on(A - timedelta(days=1))


@pytest.mark.parametrize("entries", [(), (entry(B, 2), entry(A, 1)), (entry(A, 1), entry(A, 2))])
def test_missing_unsorted_or_doubled_entries_are_refused(entries: tuple[DatedValue[int], ...]) -> None:
    with pytest.raises(ValueError, match="strictly follow"):
        Dated("un essai", *entries)


def test_entries_are_read_in_both_directions() -> None:
    rule = Dated("un essai", entry(A, 1), entry(B, 2))
    assert [each.value for each in rule] == [1, 2]
    assert [each.value for each in reversed(rule)] == [2, 1]

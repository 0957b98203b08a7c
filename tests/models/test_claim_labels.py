"""Codes of claims and their French labels, and which signals hold a claim."""

from datetime import date

import pytest

from models.claim_labels import AnswerFileState, ClaimEvent, ClaimSignal, ClaimState, UploadState, claimed_month
from models.labels import Labelled

WORDS = (AnswerFileState, ClaimEvent, ClaimSignal, ClaimState, UploadState)


@pytest.mark.parametrize("words", WORDS)
def test_every_code_has_one_label(words: type[Labelled]) -> None:
    labels = [words.of(each.value).label for each in words]
    assert all(labels)
    assert len({*labels}) == len(labels)


def test_a_claim_waits_for_what_the_employer_mends_and_not_for_what_an_agent_looks_at() -> None:
    held = {each for each in ClaimSignal if each.holds}
    assert held == {ClaimSignal.AUTHORITY, ClaimSignal.BANK_ACCOUNT, ClaimSignal.OPINION}


def test_a_claim_is_named_by_its_month_and_by_its_part_and_version_where_they_are_not_the_first() -> None:
    month = date(2026, 12, 1)
    assert [claimed_month(month, *which) for which in ((1, 1), (2, None), (1, 3), (2, 3))] == [
        "décembre 2026",
        "décembre 2026, partie 2",
        "décembre 2026, version 3",
        "décembre 2026, partie 2, version 3",
    ]

"""Codes of claims and their French labels, and which signals hold a claim."""

import pytest

from models.claim_labels import AnswerFileState, ClaimEvent, ClaimSignal, ClaimState, UploadState
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

"""Reasons of the bank: each code of the rules has its sentence, and says whether another account is needed."""

import pytest

from models.bank_labels import BankReason, find_reason, reason_in_french


@pytest.mark.parametrize("code", ["AC01", "AC04", "AC06", "AG01", "BE01", "MD07", "RC01"])
def test_a_payment_that_its_account_stopped_needs_another_account(code: str) -> None:
    assert BankReason.of(code).another_account


@pytest.mark.parametrize(
    "code", ["AM04", "AM05", "FF01", "AM10", "AM18", "DT01", "MS03", "FOCR", "RR04", "BE04", "BE05", "DUPL"]
)
def test_a_payment_that_something_else_stopped_does_not(code: str) -> None:
    assert not BankReason.of(code).another_account


def test_each_code_is_one_of_iso_and_each_label_a_sentence() -> None:
    for code, label in BankReason.labels().items():
        assert len(code) == 4
        assert label[0].isupper()
        assert label.endswith(".")


@pytest.mark.parametrize("code", [None, "", "ZZ99", "ac04"])
def test_a_code_that_is_not_listed_has_no_meaning_here(code: str | None) -> None:
    assert find_reason(code) is None


def test_people_read_a_sentence_for_every_code() -> None:
    assert reason_in_french("AC04") == BankReason.AC04.label
    assert "ZZ99" in reason_in_french("ZZ99")
    assert reason_in_french("<b>") == reason_in_french(None) == BankReason.MS03.label

"""Reasons of the bank: each code of the rules has its sentence, and says what lets the payment arrive."""

import pytest

from models.bank_labels import BankReason, Remedy, find_reason, reason_in_french, remedy_of


@pytest.mark.parametrize("code", ["AC01", "AC04", "AC06", "AG01", "BE01", "MD07", "RC01"])
def test_a_payment_that_its_account_stopped_needs_another_account(code: str) -> None:
    assert BankReason.of(code).remedy is Remedy.ANOTHER_ACCOUNT


@pytest.mark.parametrize("code", ["AM04", "ED05", "TM01", "DT01", "AC02", "BE05", "DNOR", "RR01"])
def test_a_payment_that_time_or_the_payer_stopped_is_attempted_again_as_it_is(code: str) -> None:
    assert BankReason.of(code).remedy is Remedy.SAME_ACCOUNT


@pytest.mark.parametrize("code", ["AM05", "DUPL", "FF01", "AM10", "AM18", "MS03", "FOCR", "FRAD", "RR04", "ZZ99", None])
def test_a_person_decides_where_the_code_does_not_say_or_the_money_may_have_arrived(code: str | None) -> None:
    assert remedy_of(code) is Remedy.PERSON


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

"""Codes sent by mail: the same again for the same thing, readable, and recognised however they are written."""

import re

import pytest

from models.mailed_codes import account_code, activation_code, canonical, follow_up_key
from tests.cases import master_key


def test_a_mail_that_is_sent_again_bears_the_same_code() -> None:
    master = master_key()
    assert activation_code(master, "e1", 1) == activation_code(master, "e1", 1)
    assert account_code(master, "m1") == account_code(master, "m1")
    assert follow_up_key(master, "e1") == follow_up_key(master, "e1")


def test_each_enrolment_version_mail_and_purpose_has_a_code_of_its_own() -> None:
    master = master_key()
    codes = [activation_code(master, *each) for each in (("e1", 1), ("e1", 2), ("e2", 1))]
    assert len({*codes, account_code(master, "e1"), follow_up_key(master, "e1")}) == 5


def test_a_code_has_no_character_that_is_taken_for_another() -> None:
    for number in range(50):
        code = account_code(master_key(), str(number))
        assert re.fullmatch(r"([A-HJ-NP-Z2-9]{5}-){3}[A-HJ-NP-Z2-9]{5}", code)


@pytest.mark.parametrize("written", ["ABCDE-FGHJK", "abcde fghjk", " Abcde-fghJK\n", "ABCDEFGHJK"])
def test_a_code_is_recognised_however_a_person_writes_it(written: str) -> None:
    assert canonical(written) == "ABCDEFGHJK"

"""What is read of the bank’s messages, and their refusals."""

from datetime import date

import pytest

from models.bank_messages import BankFault, BankMessageRefused, BookedEntry


@pytest.mark.parametrize(("credit", "signed"), [(True, 1_050), (False, -1_050)])
def test_a_credit_adds_to_the_account_and_a_debit_takes_from_it(credit: bool, signed: int) -> None:
    assert BookedEntry(credit, 1_050, date(2021, 5, 11), None, None, None, None).signed_cents == signed


@pytest.mark.parametrize("fault", BankFault)
def test_a_refusal_says_its_fault_and_nothing_of_the_message(fault: BankFault) -> None:
    refused = BankMessageRefused(fault)
    assert (refused.fault, str(refused)) == (fault, fault.value)

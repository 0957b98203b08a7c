"""Whom the agency pays instead of the employer, by the day of the decision (R. 5122-16)."""

from datetime import date

import pytest

from law.dated import BeforeFirstText
from law.direct_payment import Payee, PaymentGround, direct_payment_objections, direct_payment_terms

LAST_OF_BEFORE = date(2020, 6, 28)
FIRST_OF_NOW = date(2020, 6, 29)


def codes(ground: PaymentGround, payee: Payee, decided_on: date, *, early: bool = False) -> list[str]:
    return [each.code for each in direct_payment_objections(ground, payee, early=early, decided_on=decided_on)]


@pytest.mark.parametrize("payee", [Payee.TRUSTEE, Payee.AGS])
def test_a_representative_is_paid_from_29_june_2020_only(payee: Payee) -> None:
    assert codes(PaymentGround.REORGANISATION, payee, LAST_OF_BEFORE) == ["payee-not-yet"]
    assert codes(PaymentGround.REORGANISATION, payee, FIRST_OF_NOW) == []


@pytest.mark.parametrize("day", [date(2013, 7, 1), LAST_OF_BEFORE, FIRST_OF_NOW])
@pytest.mark.parametrize("ground", list(PaymentGround))
def test_employees_are_paid_on_every_ground(ground: PaymentGround, day: date) -> None:
    assert codes(ground, Payee.EMPLOYEES, day) == []


@pytest.mark.parametrize("ground", [PaymentGround.DIFFICULTIES, PaymentGround.HOME_WORKERS])
def test_nobody_represents_a_firm_without_insolvency(ground: PaymentGround) -> None:
    assert codes(ground, Payee.TRUSTEE, FIRST_OF_NOW) == ["payee-needs-insolvency"]


def test_a_month_is_liquidated_before_its_end_from_29_june_2020_only() -> None:
    assert codes(PaymentGround.LIQUIDATION, Payee.EMPLOYEES, LAST_OF_BEFORE, early=True) == ["early-not-yet"]
    assert codes(PaymentGround.LIQUIDATION, Payee.EMPLOYEES, FIRST_OF_NOW, early=True) == []


def test_whoever_asks_for_too_much_reads_all_of_it() -> None:
    assert codes(PaymentGround.LIQUIDATION, Payee.AGS, LAST_OF_BEFORE, early=True) == ["payee-not-yet", "early-not-yet"]


def test_no_text_is_known_before_the_scheme() -> None:
    with pytest.raises(BeforeFirstText):
        direct_payment_terms(date(2013, 6, 30))

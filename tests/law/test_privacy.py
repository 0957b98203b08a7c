"""Personal data: what is kept, who sees it, how long."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.dated import BeforeFirstText
from law.privacy import Datum, Payment, Recipient, erase_on, listed_data, visible_data


def test_payslip_data_enter_in_march_2020_and_the_trustee_in_june() -> None:
    sizes = [
        len(listed_data(Payment.ESTABLISHMENT, day))
        for day in (date(2020, 3, 25), date(2020, 3, 26), date(2020, 6, 28), date(2020, 6, 29))
    ]
    assert sizes == [6, 7, 7, 8]


@given(st.sampled_from(Payment), st.dates(date(2014, 7, 2), date(2026, 12, 31)))
def test_agents_and_statistics_never_see_a_nir(payment: Payment, on: date) -> None:
    for recipient in (Recipient.LOCAL_SERVICES, Recipient.STATISTICS):
        assert Datum.NIR not in visible_data(recipient, payment, on)
    assert Datum.USAGE_NAME not in visible_data(Recipient.STATISTICS, payment, on)
    assert visible_data(Recipient.PAYING_AGENCY, payment, on) == listed_data(payment, on)


def test_the_nir_opens_to_steering_in_2025() -> None:
    seen = [
        Datum.NIR in visible_data(Recipient.STEERING, Payment.EMPLOYEES, day)
        for day in (date(2024, 12, 31), date(2025, 1, 1))
    ]
    assert seen == [False, True]


def test_the_social_category_is_kept_only_for_payment_to_the_establishment() -> None:
    day = date(2026, 1, 1)
    assert Datum.CATEGORY in listed_data(Payment.ESTABLISHMENT, day)
    assert Datum.CATEGORY not in listed_data(Payment.EMPLOYEES, day)


def test_data_are_erased_five_years_after_settlement() -> None:
    day, reason = erase_on(date(2024, 2, 29))
    assert day == date(2029, 2, 28)
    assert reason.article == "R. 5122-24"
    with pytest.raises(BeforeFirstText):
        erase_on(date(2014, 7, 1))

"""Payments and runs say in French where they stand; « pris en charge » is not « exécuté »."""

from models.payment_labels import LIVING, ON_ITS_WAY, PaymentState, RunState


def test_each_state_has_words_of_its_own() -> None:
    for words in (PaymentState, RunState):
        assert len(set(words.labels().values())) == len(words)


def test_a_payment_lives_until_it_is_rejected_or_comes_back() -> None:
    assert set(PaymentState) - set(LIVING) == {PaymentState.REJECTED, PaymentState.RETURNED}
    assert set(ON_ITS_WAY) <= set(LIVING)

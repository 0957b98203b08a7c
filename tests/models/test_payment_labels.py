"""Payments and runs say in French where they stand; « pris en charge » is not « exécuté »."""

from models.payment_labels import LIVING, ON_ITS_WAY, STILL_OURS, PaymentState, RunState


def test_each_state_has_words_of_its_own() -> None:
    for words in (PaymentState, RunState):
        assert len(set(words.labels().values())) == len(words)


def test_a_payment_lives_until_it_is_rejected_or_comes_back_or_is_stopped() -> None:
    ended = {PaymentState.REJECTED, PaymentState.RETURNED, PaymentState.STOPPED}
    assert set(PaymentState) - set(LIVING) == ended
    assert {*ON_ITS_WAY, *STILL_OURS} <= set(LIVING)

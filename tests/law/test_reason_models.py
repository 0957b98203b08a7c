"""Models of reasons: each cites its article and, once completed, suffices; left as it is, it never does."""

from datetime import date

import pytest

from law.citations import cites
from law.reason_models import ReasonModel, reason_models
from law.reasons import BLANK, LegalBasis, legal_bases, reasons_objections

TODAY = date(2026, 11, 29)
EVERY = reason_models(date(2019, 1, 1))


def test_every_legal_basis_of_a_day_has_its_model() -> None:
    assert {each.basis for each in EVERY} == set(LegalBasis)
    assert tuple(each.basis for each in reason_models(TODAY)) == legal_bases(TODAY)


def test_the_annual_forfait_is_no_model_since_it_is_no_basis() -> None:
    assert LegalBasis.ANNUAL_FORFAIT in {each.basis for each in reason_models(date(2020, 3, 25))}
    assert LegalBasis.ANNUAL_FORFAIT not in {each.basis for each in reason_models(date(2020, 3, 26))}


@pytest.mark.parametrize("model", EVERY, ids=lambda each: each.basis.value)
def test_a_model_cites_its_own_article_in_law_and_none_in_fact(model: ReasonModel) -> None:
    assert cites(model.in_law, [model.basis.article])
    assert not cites(model.in_fact, [each.article for each in LegalBasis])


@pytest.mark.parametrize("model", EVERY, ids=lambda each: each.basis.value)
def test_a_model_suffices_once_its_blanks_are_completed(model: ReasonModel) -> None:
    completed = model.in_fact.replace(BLANK, "17")
    assert reasons_objections([model.in_law, completed], [model.basis]) == ()


@pytest.mark.parametrize("model", EVERY, ids=lambda each: each.basis.value)
@pytest.mark.parametrize("blank", [BLANK, "[...]", "[ … ]"])
def test_a_model_with_a_blank_left_is_refused(model: ReasonModel, blank: str) -> None:
    found = reasons_objections([model.in_law, model.in_fact.replace(BLANK, blank)], [model.basis])
    assert [each.code for each in found] == ["reasons-to-complete"]


@pytest.mark.parametrize("model", EVERY, ids=lambda each: each.basis.value)
def test_a_sentence_of_law_alone_states_no_fact(model: ReasonModel) -> None:
    assert [each.code for each in reasons_objections([model.in_law], [model.basis])] == ["reasons-without-facts"]

"""Decisions: contents, reasons, grants, remedies."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from law.decision import (
    GENERAL_BASIS,
    LegalBasis,
    Terms,
    grant_objections,
    is_partial,
    law_and_fact,
    legal_bases,
    reasons_objections,
    remedies,
)
from law.texts import cites_an_article

ASKED = Terms(date(2026, 12, 1), date(2027, 2, 28), 42, Decimal(12000))
TODAY = date(2026, 11, 22)


def test_a_grant_as_asked_needs_no_reasons() -> None:
    assert not is_partial(ASKED, ASKED)
    assert grant_objections(ASKED, replace(ASKED, hours=Decimal("12000.00"))) == ()


@pytest.mark.parametrize(
    ("granted", "pointer"),
    [
        (replace(ASKED, start_on=date(2026, 11, 30)), "/period/start_on"),
        (replace(ASKED, end_on=date(2027, 3, 1)), "/period/end_on"),
        (replace(ASKED, employees=43), "/employees"),
        (replace(ASKED, hours=Decimal("12000.01")), "/hours"),
    ],
)
def test_a_grant_never_gives_more_than_was_asked(granted: Terms, pointer: str) -> None:
    assert [(each.pointer, each.code) for each in grant_objections(ASKED, granted, "R. 5122-9")] == [
        (pointer, "more-than-asked")
    ]


@pytest.mark.parametrize("reasons", ["", "  "])
def test_a_grant_of_less_states_its_reasons(reasons: str) -> None:
    less = replace(ASKED, employees=41)
    assert [each.code for each in grant_objections(ASKED, less, reasons)] == ["partial-without-reasons"]
    assert grant_objections(ASKED, less, "L’atelier B reste ouvert.") == ()


@pytest.mark.parametrize("statement", ["", "  ", "\n"])
def test_a_refusal_without_reasons_is_none(statement: str) -> None:
    assert [each.code for each in reasons_objections(statement)] == ["reasons-missing"]
    assert reasons_objections("L’atelier est resté ouvert.") == ()


def test_reasons_that_cite_an_article_are_those_of_law() -> None:
    law, fact = "Article R. 5122-1 du code du travail.", "L’atelier est resté ouvert."
    assert law_and_fact([law, fact]) == ((law,), (fact,))
    assert law_and_fact([law]) == ((law,), (law,))
    assert law_and_fact([fact]) == ((GENERAL_BASIS,), (fact,))


def test_legal_bases_are_those_in_force_on_the_day() -> None:
    assert LegalBasis.ANNUAL_FORFAIT in legal_bases(date(2020, 3, 25))
    assert LegalBasis.ANNUAL_FORFAIT not in legal_bases(date(2020, 3, 26))
    assert all(each.article and each.label for each in LegalBasis)


@pytest.mark.parametrize("text", ["R. 5122-1", "R5122-9", "article L. 114-5 du CRPA", "D. 5122-13"])
def test_an_article_is_recognised(text: str) -> None:
    assert cites_an_article(text)
    assert not cites_an_article("le 12-11 à 5122 euros")


def test_remedies_name_court_prefet_and_minister_with_their_delays() -> None:
    paragraphs = remedies(TODAY, "2A")
    assert len(paragraphs) == 3
    assert "deux mois suivant sa notification" in paragraphs[0]
    assert "préfet de la Corse-du-Sud" in paragraphs[1]
    assert "L. 411-2" in paragraphs[1]
    assert "relations entre le public" not in remedies(date(2015, 12, 31), "75")[1]

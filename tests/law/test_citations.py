"""How agents cite an article, and what is left of a sentence without its citations."""

import pytest

from law.citations import cited_articles, cites, letters, stated_words
from law.texts import Text


@pytest.mark.parametrize(
    "text",
    [
        "R. 5122-1",
        "R5122-1",
        "r. 5122-1",
        "R.5122-1",
        "R\N{NO-BREAK SPACE}5122\N{NON-BREAKING HYPHEN}1",
        "R. 5122 – 1",
        "R*. 5122-1",
        "art. R. 5122-1, 5°",
        "article R. 5122-1 du code du travail",
        "l’article R. 5122-1",
        "(art.R.5122-1)",
        "R. ５１２２-１",
        "r 5122 1",
        "R5122.1",
        "art R. 5122 1 du code du travail",
    ],
)
def test_an_article_is_recognised_however_it_is_written(text: str) -> None:
    assert cited_articles(text) == {"R. 5122-1"}
    assert cites(text, [Text.R_5122_1])


@pytest.mark.parametrize(
    "text",
    [
        "le 12-11 à 5122 euros",
        "R. 5122-10",
        "R. 5122-1-2",
        "r 5122 12",
        "r 5122 123",
        "il y a 5122 1",
        "5122-1",
        "AR. 5122-1",
    ],
)
def test_what_is_no_citation_of_this_article_is_not_taken_for_one(text: str) -> None:
    assert not cites(text, [Text.R_5122_1])


def test_an_article_of_another_code_is_another_article() -> None:
    assert not cited_articles("R. 5122-1 du code de la santé publique")
    assert cited_articles("L. 5122-1 et R. 5122-9 du code du travail") == {"L. 5122-1", "R. 5122-9"}


def test_the_label_of_another_code_is_not_required() -> None:
    assert cites("article L. 114-5 du CRPA", [Text.CRPA_L_114_5])
    assert not cites("article L. 114-5-1 du CRPA", [Text.CRPA_L_114_5])


def test_words_are_those_beside_the_citations() -> None:
    words = stated_words("L’article R. 5122-1 du code du travail : ÉTÉ n’est pas été, 12 xx.")
    assert words == ("l", "ete", "n", "est", "pas", "ete", "12")
    assert letters(words) == 14

"""Articles cited in what an agent writes, and the words that remain once the citations are left out.

Agents write « R. 5122-1 », « R5122-1 », « r 5122 1 », « art. R. 5122-1 du code du travail », « L. 5122-1, I ». Another
code may hold an article of the same number: « R. 5122-1 du code de la santé publique » is none of the Code du travail.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from law.texts import Text

_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_ARTICLE: Final = re.compile(
    r"(?<![^\W\d_])(?:([LRDA])\s*\*?\s*\.?\s*(\d{3,4}\s*-\s*\d+(?:\s*-\s*\d+)*)"
    r"|([LRD])\s?\*?\.?\s?(\d{4}[ ./_]\d{1,2}\b(?:-\d+)*))",
    re.IGNORECASE,
)
"""The number with its hyphens, or as it is typed in haste: « r 5122 1 », « R5122.1 »."""
_OTHER_CODE: Final = re.compile(r"[\s,]*(?:du|au)\s+code\s+(?!du\s+travail)", re.IGNORECASE)
_CITATION: Final = re.compile(
    rf"(?:\b(?:articles?|art\.?)\s*)?{_ARTICLE.pattern}|\b(?:du|au|le)\s+code\s+du\s+travail\b", re.IGNORECASE
)
_HYPHEN: Final = re.compile(r"\s*-\s*|[ ./_]")
_WORD: Final = re.compile(r"[^\W_]+")


def cited_articles(statement: str) -> frozenset[str]:
    """Return the articles that a statement cites, as « R. 5122-1 », without those followed by another code’s name."""
    plain = _plain(statement)
    return frozenset(
        f"{(match[1] or match[3]).upper()}. {_HYPHEN.sub('-', match[2] or match[4])}"
        for match in _ARTICLE.finditer(plain)
        if not _OTHER_CODE.match(plain, match.end())
    )


def cites(statement: str, articles: Iterable[Text]) -> bool:
    """Tell whether a statement cites one of these articles; the code in a label (« CRPA, art. ») is not required."""
    cited = cited_articles(statement)
    return any(article.rpartition("art. ")[2] in cited for article in articles)


def stated_words(statement: str) -> tuple[str, ...]:
    """Return the words of a statement without its citations, without case or accents.

    A word holds a letter or a figure; a letter repeated (« xxx ») is no word.
    """
    words = _WORD.findall(_CITATION.sub(" ", _plain(statement)))
    folded = (_folded(word) for word in words)
    return tuple(word for word in folded if len(word) == 1 or len(set(word)) > 1)


def letters(words: Iterable[str]) -> int:
    """Count the letters of some words, by their Unicode category."""
    return sum(unicodedata.category(each).startswith("L") for word in words for each in word)


def _plain(statement: str) -> str:
    return unicodedata.normalize("NFKC", statement).translate(_DASHES)


def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each))

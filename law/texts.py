"""Every text that the rules cite, once, and the two forms of a rule's answer: a reason and an objection.

`Text` holds articles (of the Code du travail unless their label says otherwise), decrees, orders, and the
practices without a text: their labels are printed unchanged, in French.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self

_ARTICLE: Final = re.compile(r"\b[LRDA]\.?\s*\d{3,4}-\d+")


class Text(StrEnum):
    """A text or a practice; the value is the label that people read."""

    # articles of the Code du travail
    L_5122_1 = "L. 5122-1"
    R_5122_1 = "R. 5122-1"
    R_5122_2 = "R. 5122-2"
    R_5122_3 = "R. 5122-3"
    R_5122_4 = "R. 5122-4"
    R_5122_6 = "R. 5122-6"
    R_5122_7 = "R. 5122-7"
    R_5122_8 = "R. 5122-8"
    R_5122_9 = "R. 5122-9"
    R_5122_21 = "R. 5122-21"
    R_5122_22 = "R. 5122-22"
    R_5122_23 = "R. 5122-23"
    R_5122_24 = "R. 5122-24"
    R_5122_26 = "R. 5122-26"
    L_3121_27 = "L. 3121-27"
    # articles of other codes
    CRPA_L_114_5 = "CRPA, art. L. 114-5"
    CRPA_L_114_5_1 = "CRPA, art. L. 114-5-1"
    CRPA_L_211_5 = "CRPA, art. L. 211-5"
    CRPA_L_411_2 = "CRPA, art. L. 411-2"
    CJA_R_421_1 = "CJA, art. R. 421-1"
    CJA_R_421_5 = "CJA, art. R. 421-5"
    # laws, decrees and orders
    CODE_2013 = "Code du travail, version du 1er juillet 2013"
    CODE_2018 = "Code du travail, version du 1er janvier 2018"
    CODE_2025 = "Code du travail, version du 1er janvier 2025"
    ORDER_2013_QUOTA = "arrêté du 26 août 2013"
    ORDER_2013_QUOTA_2 = "arrêté du 26 août 2013, art. 2"
    ORDER_2014_DECISION = "arrêté du 24 juillet 2014"
    DECREE_2014_740 = "décret n° 2014-740"
    DECREE_2017_292 = "décret n° 2017-292"
    LAW_2018_1317 = "loi n° 2018-1317, art. 272"
    DECREE_2020_325_1 = "décret n° 2020-325, art. 1er"
    DECREE_2020_325_2 = "décret n° 2020-325, art. 2, III"
    ORDER_2020_QUOTA = "arrêté du 31 mars 2020"
    DECREE_2020_794 = "décret n° 2020-794"
    DECREE_2020_1188 = "décret n° 2020-1188, art. 2"
    DECREE_2020_1545 = "décret n° 2020-1545"
    LAW_2021_FINANCE = "loi de finances pour 2021"
    DECREE_2021_221 = "décret n° 2021-221, art. 1er"
    ORDER_2021_QUOTA = "arrêté du 10 mai 2021"
    DECREE_2021_1816 = "décret n° 2021-1816"
    # case-law and practices without a text
    CASE_LAW_DELAYS = "jurisprudence sur le décompte des délais (CE, 17 septembre 2010)"
    LEGAL_TIME_USAGE = "usage constant de l’heure légale"
    PRACTICE_48_HOURS = "note de presse du 3 avril 2020 sur le système d’information"
    PRACTICE_CALENDAR = "questions-réponses du ministère du travail, dates publiées en 2020"
    PRACTICE_TOLERANCE = "tolérance ministérielle, avril 2020"
    PRACTICE_COMMITMENTS = "tolérance ministérielle pendant la crise sanitaire"
    PRACTICE_TRANSITION = "questions-réponses du ministère du travail, mars 2021"
    GENERAL_FORFEITURE = "prescription quadriennale"
    TRAINING = "profil de formation"


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of an explanation, in French, as receipts, decisions, pages and the API print it.

    `article` is the article applied, `text` a sentence on what is applied, `value` the resulting value or
    date, `source` the text (or practice) in force on that date.
    """

    article: str
    text: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason why a message cannot be accepted.

    `pointer` is a JSON pointer into the request body, `code` a stable English slug, `message` a French sentence,
    `articles` the texts on which it rests.
    """

    pointer: str
    code: str
    message: str
    articles: tuple[str, ...] = ()


class Cited(StrEnum):
    """A term of the API contract, with the article it rests on and the label that people read."""

    article: Text
    label: str

    def __new__(cls, value: str, article: Text, label: str) -> Self:
        """Create a member equal to its value, with an article and a label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.article = article
        member.label = label
        return member


def cites_an_article(statement: str) -> bool:
    """Tell whether a statement names an article of a code, as in « R. 5122-1 »."""
    return _ARTICLE.search(statement) is not None


def because(article: Text, text: str, value: str, source: Text) -> Reason:
    """Build one step of an explanation from the texts it rests on."""
    return Reason(article=article.value, text=text, value=value, source=source.value)


def objection(pointer: str, code: str, message: str, *articles: Text) -> Objection:
    """Build one objection from the texts it rests on."""
    return Objection(pointer, code, message, tuple(article.value for article in articles))


NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"
_THOUSANDS_SPACE: Final = "\N{NARROW NO-BREAK SPACE}"
_MONTHS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def in_french(day: date) -> str:
    """Format a date as French people read it: « 1er mars 2020 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[day.month - 1]} {day.year}"


def instant_in_french(at: datetime) -> str:
    """Format a local instant as French people read it: « 1er mars 2020 à 0 h 00 min 00 s »."""
    hour = f"{at.hour} h {at:%M} min {at:%S} s".replace(" ", NO_BREAK_SPACE)
    return f"{in_french(at.date())} à {hour}"


def number_in_french(value: Decimal | int) -> str:
    """Write a number as French people read it: « 12 000 », « 1 607,5 », without useless zeros."""
    plain = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    whole, _, decimals = plain.partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", _THOUSANDS_SPACE) + (f",{decimals}" if decimals else "")

"""Every text that the rules cite, once, and the two forms of a rule's answer: a reason and an objection.

`Text` holds articles (of the Code du travail unless their label says otherwise), decrees, orders, and the
practices without a text: their labels are printed unchanged, in French.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self


class Text(StrEnum):
    """A text or a practice; the value is the label that people read."""

    # articles of the Code du travail
    L_5122_1 = "L. 5122-1"
    R_5122_1 = "R. 5122-1"
    R_5122_2 = "R. 5122-2"
    R_5122_3 = "R. 5122-3"
    R_5122_4 = "R. 5122-4"
    L_5122_2 = "L. 5122-2"
    L_5122_3 = "L. 5122-3"
    L_5122_5 = "L. 5122-5"
    L_3232_1 = "L. 3232-1"
    L_3231_2 = "L. 3231-2"
    L_3141_24 = "L. 3141-24, II"
    D_3231_6 = "D. 3231-6"
    D_5122_13 = "D. 5122-13"
    D_5122_15 = "D. 5122-15"
    D_5522_87 = "D. 5522-87"
    R_5122_5 = "R. 5122-5"
    R_5122_6 = "R. 5122-6"
    R_5122_7 = "R. 5122-7"
    R_5122_8 = "R. 5122-8"
    R_5122_9 = "R. 5122-9"
    R_5122_10 = "R. 5122-10"
    R_5122_11 = "R. 5122-11"
    R_5122_12 = "R. 5122-12"
    R_5122_14 = "R. 5122-14"
    R_5122_16 = "R. 5122-16"
    R_5122_18 = "R. 5122-18"
    R_5122_19 = "R. 5122-19"
    R_5122_21 = "R. 5122-21"
    R_5122_22 = "R. 5122-22"
    R_5122_23 = "R. 5122-23"
    R_5122_24 = "R. 5122-24"
    R_5122_26 = "R. 5122-26"
    L_5124_1 = "L. 5124-1"
    L_3121_20 = "L. 3121-20"
    L_3121_27 = "L. 3121-27"
    # articles of other codes
    CRPA_L_113_12 = "CRPA, art. L. 113-12"
    CRPA_L_122_1 = "CRPA, art. L. 122-1"
    CRPA_L_114_5 = "CRPA, art. L. 114-5"
    CRPA_L_114_5_1 = "CRPA, art. L. 114-5-1"
    CRPA_L_211_5 = "CRPA, art. L. 211-5"
    CRPA_L_212_1 = "CRPA, art. L. 212-1"
    CRPA_L_241_2 = "CRPA, art. L. 241-2"
    CRPA_L_242_1 = "CRPA, art. L. 242-1"
    CRPA_L_411_2 = "CRPA, art. L. 411-2"
    CJA_R_221_1 = "CJA, art. R. 221-1"
    CJA_R_221_3 = "CJA, art. R. 221-3"
    CJA_R_312_1 = "CJA, art. R. 312-1"
    CJA_R_414_2 = "CJA, art. R. 414-2"
    CJA_R_421_1 = "CJA, art. R. 421-1"
    CJA_R_421_5 = "CJA, art. R. 421-5"
    CJA_R_421_6 = "CJA, art. R. 421-6"
    # laws, decrees and orders
    LAW_2000_321 = "loi n° 2000-321, art. 23"
    LAW_2000_321_24 = "loi n° 2000-321, art. 24"
    CODE_2013 = "Code du travail, version du 1er juillet 2013"
    CODE_2018 = "Code du travail, version du 1er janvier 2018"
    CODE_2020 = "Code du travail, version du 29 juin 2020"
    CODE_2022 = "Code du travail, version du 1er janvier 2022"
    CODE_2022_12 = "Code du travail, version du 29 décembre 2022"
    CODE_2025 = "Code du travail, version du 1er janvier 2025"
    ORDER_2013_QUOTA = "arrêté du 26 août 2013"
    ORDER_2013_QUOTA_2 = "arrêté du 26 août 2013, art. 2"
    ORDER_2014_DECISION = "arrêté du 24 juillet 2014"
    DECREE_2014_740 = "décret n° 2014-740"
    DECREE_2015_1145 = "décret n° 2015-1145"
    DECREE_2017_292 = "décret n° 2017-292"
    LAW_2018_1317 = "loi n° 2018-1317, art. 272"
    DECREE_2018_251 = "décret n° 2018-251"
    DECREE_2020_325_1 = "décret n° 2020-325, art. 1er"
    DECREE_2020_325_2 = "décret n° 2020-325, art. 2, III"
    ORDER_2020_QUOTA = "arrêté du 31 mars 2020"
    DECREE_2020_435 = "décret n° 2020-435"
    DECREE_2020_794 = "décret n° 2020-794"
    DECREE_2020_1188 = "décret n° 2020-1188, art. 2"
    DECREE_2020_1545 = "décret n° 2020-1545"
    LAW_2021_FINANCE = "loi de finances pour 2021"
    DECREE_2021_221 = "décret n° 2021-221, art. 1er"
    ORDER_2021_QUOTA = "arrêté du 10 mai 2021"
    DECREE_2021_1816 = "décret n° 2021-1816"
    TARGET_CALENDAR = "calendrier de TARGET, Banque centrale européenne, 14 décembre 2000"
    # amounts: minimum wage, rates, floors
    DECREE_2013_123 = "décret n° 2013-123"
    DECREE_2013_551 = "décret n° 2013-551"
    DECREE_2013_1190 = "décret n° 2013-1190"
    DECREE_2014_1569 = "décret n° 2014-1569"
    DECREE_2015_1688 = "décret n° 2015-1688"
    DECREE_2016_1818 = "décret n° 2016-1818"
    DECREE_2017_1719 = "décret n° 2017-1719"
    DECREE_2018_1173 = "décret n° 2018-1173"
    DECREE_2019_1387 = "décret n° 2019-1387"
    ORDINANCE_2020_346 = "ordonnance n° 2020-346"
    ORDINANCE_2020_428 = "ordonnance n° 2020-428"
    DECREE_2020_810 = "décret n° 2020-810"
    DECREE_2020_926 = "décret n° 2020-926"
    DECREE_2020_1071 = "décret n° 2020-1071"
    ORDINANCE_2020_1255 = "ordonnance n° 2020-1255, art. 2"
    DECREE_2020_1598 = "décret n° 2020-1598"
    DECREE_2020_1628 = "décret n° 2020-1628"
    DECREE_2020_1786 = "décret n° 2020-1786"
    DECREE_2021_435 = "décret n° 2021-435"
    ORDER_2021_SMIC = "arrêté du 27 septembre 2021"
    DECREE_2021_1252 = "décret n° 2021-1252"
    DECREE_2021_1390 = "décret n° 2021-1390"
    DECREE_2021_1741 = "décret n° 2021-1741"
    DECREE_2021_1878 = "décret n° 2021-1878"
    DECREE_2022_40 = "décret n° 2022-40"
    DECREE_2022_241 = "décret n° 2022-241"
    ORDER_2022_SMIC_MAY = "arrêté du 19 avril 2022"
    DECREE_2022_654 = "décret n° 2022-654"
    DECREE_2022_940 = "décret n° 2022-940"
    ORDER_2022_SMIC_AUGUST = "arrêté du 29 juillet 2022"
    DECREE_2022_1072 = "décret n° 2022-1072"
    DECREE_2022_1241 = "décret n° 2022-1241"
    DECREE_2022_1608 = "décret n° 2022-1608"
    DECREE_2022_1632 = "décret n° 2022-1632"
    DECREE_2022_1665 = "décret n° 2022-1665"
    DECREE_2023_34 = "décret n° 2023-34"
    ORDER_2023_SMIC = "arrêté du 26 avril 2023"
    DECREE_2023_322 = "décret n° 2023-322"
    DECREE_2023_438 = "décret n° 2023-438"
    DECREE_2023_1216 = "décret n° 2023-1216"
    DECREE_2023_1305 = "décret n° 2023-1305"
    DECREE_2024_125 = "décret n° 2024-125"
    DECREE_2024_951 = "décret n° 2024-951"
    DECREE_2024_1149 = "décret n° 2024-1149"
    DECREE_2025_254 = "décret n° 2025-254"
    DECREE_2025_338 = "décret n° 2025-338"
    DECREE_2026_35 = "décret n° 2026-35"
    DECREE_2026_52 = "décret n° 2026-52"
    SMIC_2026 = "relèvement du SMIC de 2026"
    SMIC_OF_MAYOTTE = "SMIC applicable à Mayotte"
    MINISTRY_2021_06 = "ministère du travail, juin 2021"
    MINISTRY_2023_02 = "ministère du travail, février 2023"
    NET_SMIC = "SMIC net horaire publié"
    # case-law and practices without a text
    CASE_LAW_WITHDRAWAL = "jurisprudence : CE, 26 octobre 2001, Ternon"
    CASE_LAW_DELAYS = "jurisprudence : CE, 17 septembre 2010"
    LEGAL_TIME_USAGE = "usage constant de l’heure légale"
    PRACTICE_HEARING = "pratique de la procédure contradictoire"
    PRACTICE_48_HOURS = "note de presse du 3 avril 2020 sur le système d’information"
    PRACTICE_CALENDAR = "questions-réponses du ministère du travail, dates publiées en 2020"
    PRACTICE_TOLERANCE = "tolérance ministérielle, avril 2020"
    PRACTICE_COMMITMENTS = "tolérance ministérielle pendant la crise sanitaire"
    PRACTICE_TRANSITION = "questions-réponses du ministère du travail, mars 2021"
    PRACTICE_ROUNDING = "exemples chiffrés du ministère du travail"
    PRACTICE_HOLIDAYS = "questions-réponses du ministère du travail, jours fériés"
    PRACTICE_PIECES = "pratique des demandes de pièces"
    PRACTICE_CORRECTION = "pratique des demandes d’indemnisation rejetées"
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


_PLURAL_FROM: Final = 2


def in_french(day: date) -> str:
    """Format a date as French people read it: « 1er mars 2020 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {_MONTHS[day.month - 1]} {day.year}"


def month_in_french(day: date) -> str:
    """Format the month of a day: « mars 2020 »."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def instant_in_french(at: datetime) -> str:
    """Format a local instant as French people read it: « 1er mars 2020 à 0 h 00 min 00 s »."""
    hour = f"{at.hour} h {at:%M} min {at:%S} s".replace(" ", NO_BREAK_SPACE)
    return f"{in_french(at.date())} à {hour}"


def end_in_french(at: datetime) -> str:
    """Format a local instant as the end of something: midnight ends the day before, « 1er mars 2020 à minuit »."""
    if at.timetz().replace(tzinfo=None) == time.min:
        return f"{in_french(at.date() - timedelta(days=1))} à{NO_BREAK_SPACE}minuit"
    return instant_in_french(at)


def named_end_in_french(at: datetime, legal_time: str) -> str:
    """Format the end of something with its legal hour: « 1er mars 2020 à minuit (heure de Paris) »."""
    return f"{end_in_french(at)} ({legal_time})"


def deadline_in_french(at: datetime, legal_time: str = "") -> str:
    """Format the first local instant that is too late as people say a deadline.

    « au plus tard le 13 décembre 2026 à minuit »; an instant that is no midnight is itself too late, « avant le … ».
    `legal_time` names the hour, « (heure de La Réunion) ».
    """
    words = "au plus tard le" if at.timetz().replace(tzinfo=None) == time.min else "avant le"
    return f"{words} {named_end_in_french(at, legal_time) if legal_time else end_in_french(at)}"


def number_in_french(value: Decimal | int) -> str:
    """Write a number as French people read it: « 12 000 », « 1 607,5 », without useless zeros."""
    plain = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    whole, _, decimals = plain.partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", _THOUSANDS_SPACE) + (f",{decimals}" if decimals else "")


def count_in_french(value: Decimal | int, noun: str) -> str:
    """Count a regular noun as French people do, plural from two on: « 1 salarié », « 1,5 heure », « 24 salariés »."""
    return f"{number_in_french(value)} {noun}{'s' if value >= _PLURAL_FROM else ''}"

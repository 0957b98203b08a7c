"""Numbers of people and accounts in what a file or a profile writes: found wherever they stand, and masked."""

import re
from typing import Final

from models.claim_files.fields import Category

MAX_LOOKED_AT: Final = 1_000
"""Characters of a value that are looked at: fewer are shown."""
_PERSONAL_NUMBER: Final = re.compile(
    r"[1-8](?:[\s.\-]?[\dAB]){11,}"
    r"|[1-8][\W_]{0,3}\d\d[\W_]{0,3}\d\d[\W_]{0,3}\d[\dAB][\W_]{0,3}\d{3}[\W_]{0,3}\d{3}",
    re.IGNORECASE,
)
"""What may be a NIR: figures in any groups, or in those of a NIR with any signs between."""
_ACCOUNT: Final = re.compile(r"[A-Z]{2}[\W_]{0,3}\d{2}(?:[\W_]{0,3}[A-Z\d]){10,}", re.IGNORECASE)
"""What may be an IBAN, if it has figures enough: « Semaine 10 heures travaillées » has not."""
MIN_ACCOUNT_FIGURES: Final = 12
_DATE: Final = re.compile(
    r"(?<![\d/])(?:\d{1,2}/\d{1,2}(?:/\d{4})?|\d{1,2}[.\-]\d{1,2}[.\-]\d{4}|\d{4}-\d\d-\d\d)(?![\d/])", re.ASCII
)
"""Figures of a header or a week that are of no account: « du 01/03/2021 au 07/03/2021 »."""
MAX_CODE_FIGURES: Final = 4
"""Figures of a code: a telephone number, or a NIR that a workbook rounded, « 2,62057E+14 », has more."""
_SHORT_DATE: Final = re.compile(r"(?<!\d)\d{1,2}([/.\-])\d{1,2}\1\d\d(?!\d)", re.ASCII)
"""A date of no more figures, « 1/2/85 »."""
_KIND: Final = "texte de "
"""Begins what is kept in place of a text."""
_MASK: Final = re.compile(r"[^\W_]?…(?:[^\W_]{2})?")
"""What `masked` leaves."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_ANSWERS: Final = frozenset(
    {
        "oui",
        "non",
        "o",
        "n",
        "x",
        *(word for each in Category for name in (each.value, each.label) for word in name.split()),
    }
)
_BESIDE_FIGURES: Final = _ANSWERS | {
    *("h", "heure", "heures", "min", "eur", "euro", "euros", "s", "w", "sem", "semaine", "du", "au", "et"),
    *("travaillées", "chômées"),
}
"""Words of hours and weeks, which name nobody beside figures: alone, « Du » is a name."""
_OF_CODES: Final = _ANSWERS | {
    *("am", "etam", "iac", "ic", "oq", "vrp"),
    *("ouvriers", "ouvrière", "employée", "employe", "employés", "employées", "techniciens", "technicienne"),
    *("maitrise", "cadres", "ingénieur", "ingénieurs", "dirigeant", "assimilé", "assimile", "qualifié", "qualifie"),
    *("apprenti", "apprentie", "alternant", "alternante", "stagiaire", "intérimaire", "mensuel", "mensuels"),
    *("mensualisé", "mensualise", "horaire", "hebdo", "hebdomadaire", "annuel", "annualisé", "annualise", "forfait"),
    *("jour", "jours", "heure", "heures", "semaine", "mois", "modulation", "cycle", "cat", "catégorie", "categorie"),
    *("niveau", "coefficient", "groupe", "code", "mode"),
}
"""Words in which payroll programs write a category or a working time, and which name nobody beside them."""


def discreet(written: str) -> str:
    """Return a text as it may be shown: masked if a NIR or an IBAN stands in it."""
    looked_at = _DATE.sub("/////", written[:MAX_LOOKED_AT])
    is_account = any(sum(map(str.isdigit, found[0])) >= MIN_ACCOUNT_FIGURES for found in _ACCOUNT.finditer(looked_at))
    return masked(written) if is_account or _PERSONAL_NUMBER.search(looked_at) else written


def masked(written: str) -> str:
    """Return a NIR or an IBAN of which only the first sign and the last two are left; shorter ones show nothing."""
    plain = "".join(sign for sign in written if sign.isalnum())
    return f"{plain[0]}…{plain[-2:]}" if len(plain) > 8 else "…"


def value_or_kind(shown: str) -> str:
    """Return a wrong value as it is kept: as it is shown if it is of figures, signs and known words, else its kind.

    Where the columns of a file are shifted, a name may stand in any of them.
    """
    known = _BESIDE_FIGURES if any(map(str.isdigit, shown)) else _ANSWERS
    if _MASK.fullmatch(shown) or all(word.casefold() in known for word in _WORD.findall(shown)):
        return discreet(shown)
    return _kind(shown)


def code_or_kind(shown: str) -> str:
    """Return a code of a category or a mode as it is kept: one of known words, few figures and one letter, or its kind.

    Two letters may be initials, and a short word a name: whoever has the file types those.
    """
    if _MASK.fullmatch(shown):
        return shown
    words = [word for word in _WORD.findall(shown) if word.casefold() not in _OF_CODES]
    is_lettered = [len(word) for word in words] == [1]
    kept = discreet(shown)
    may_be_kept = kept != shown or not has_personal_figures(shown)
    return kept if may_be_kept and (is_lettered or not words) else _kind(shown)


def has_personal_figures(code: str) -> bool:
    """Whether figures may be those of a person rather than of a code: a date, or more of them than a code has."""
    return sum(map(str.isdigit, code)) > MAX_CODE_FIGURES or bool(_SHORT_DATE.search(code))


def is_as_written(kept: str) -> bool:
    """Whether a value that is kept is the one that the file writes: neither masked, nor cut, nor its kind alone."""
    return "…" not in kept and not kept.startswith(_KIND)


def _kind(shown: str) -> str:
    if shown.endswith("…"):
        return f"{_KIND}plus de {len(shown) - 1} caractères"
    return f"{_KIND}{len(shown)} caractère{'s' if len(shown) > 1 else ''}"

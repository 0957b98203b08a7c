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
    if shown.endswith("…"):
        return f"texte de plus de {len(shown) - 1} caractères"
    return f"texte de {len(shown)} caractère{'s' if len(shown) > 1 else ''}"

"""Names of people and firms that strangers state, so narrow that no sentence, number or address fits in them.

Such a name is printed by the State, in a letter or a receipt: it must not be able to speak in its place. A name is
made of letters of any script with their marks, blanks, hyphens, apostrophes, and the full stop of an initial or an
abbreviation; a quality has commas, parentheses and the middle dot besides; a firm, « & » and a few figures.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic_core import PydanticCustomError

from models.texts import TextForm, shown

MAX_NAME: Final = 80
MAX_PRINTED: Final = 2 * MAX_NAME + 2
"""Of a name and a quality, as an account is named after its enrolment."""
MAX_FIGURES: Final = 4
"""In the name of a firm: « Cabinet 2A », never a telephone number."""

ADVICE: Final = (
    "N’écrivez ici que des lettres, des espaces, des traits d’union, des apostrophes, et le point d’une initiale ou "
    "d’une abréviation"
)

_LETTERS: Final = frozenset({"Lu", "Ll", "Lt", "Lo"})
_NO_LETTERS: Final = frozenset("\u01c0\u01c1\u01c2\u01c3")
"""Clicks, which look like bars and exclamation marks."""
_APOSTROPHES: Final = "'’\u02bc\u02bb"
_OF_NAMES: Final = frozenset(" -‐‑\u00a0\u202f" + _APOSTROPHES)
_OF_QUALITIES: Final = frozenset(",()·")
_ABBREVIATIONS: Final = frozenset(
    (
        *(
            "dr",
            "me",
            "mr",
            "pr",
            "st",
            "mme",
            "mmes",
            "mlle",
            "mlles",
            "mrs",
            "dre",
            "prof",
            "mgr",
            "ste",
            "vve",
            "cie",
        ),
        *("ets", "sté", "adj", "adjt", "admin", "assist", "compt", "dépt", "dir", "gal", "gén", "gest", "pdt", "prés"),
        *("présid", "rep", "resp", "secr", "suppl"),
    )
)
"""Besides one letter, and two that begin with a capital: « Ch. », « Ph. »."""
_INCLUSIVE: Final = re.compile(r"\.(?:e|e\.s|euse|rice|trice)(?!\w)")
"""« gérant.e », « directeur.rice »: no ending of these is that of an address."""
_PLURAL: Final = re.compile(r"\.s(?!\w)")
_WORD: Final = re.compile(r"[^\W\d_]*\Z")


@dataclass(frozen=True)
class NameForm(TextForm):
    """Annotation of a name: a line of these signs besides those of every name, and this many figures at most."""

    besides: frozenset[str] = frozenset()
    figures: int = 0
    advice: str = ""
    """French, after the signs that every name may have."""

    def admit(self, text: str) -> str:
        """Return the name as it is admitted; raises an error that pydantic reports with its code and sentence."""
        name = super().admit(text)
        wrong = _wrong_sign(name, self.besides, self.figures)
        if wrong is None and any(map(_is_letter, name)):
            return name
        message = f"{ADVICE}{self.advice}."
        raise PydanticCustomError("text_refused", "{message}", {"code": "not-a-name", "message": message})


def printed_name(stored: str) -> str:
    """Return a name that was stored before, as a document may print it: of the signs of names, and bounded.

    Never raises; what a name cannot have becomes a blank, so that nothing of it dials or opens anything.
    """
    name = " ".join(shown(stored[: MAX_NAME * MAX_FIGURES]).split())
    besides = _OF_QUALITIES | {"&"}
    while (wrong := _wrong_sign(name, besides, MAX_FIGURES)) is not None:
        name = name[:wrong] + " " + name[wrong + 1 :]
    name = " ".join(name.split())
    short = name if len(name) <= MAX_PRINTED else name[: MAX_PRINTED - 1].rstrip() + "…"
    return short or ("□" if stored else "")


def _wrong_sign(name: str, besides: frozenset[str], figures: int) -> int | None:
    """Return the place of the first sign that a name of this form cannot have."""
    seen = 0
    for at, sign in enumerate(name):
        kind = unicodedata.category(sign)
        if kind == "Nd":
            seen += 1
            if seen > figures:
                return at
        elif sign == ".":
            if not _ends_abbreviation(name, at):
                return at
        elif not (_is_letter(sign) or kind[0] == "M" or sign in _OF_NAMES or sign in besides):
            return at
    return None


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign) in _LETTERS and sign not in _NO_LETTERS


def _ends_abbreviation(name: str, at: int) -> bool:
    """Tell whether the full stop at this place ends an initial or an abbreviation, and no address goes on after it."""
    if _INCLUSIVE.match(name, at) or (name[max(at - 2, 0) : at] == ".e" and _PLURAL.match(name, at)):
        return True
    found = _WORD.search(name, 0, at)
    word = found[0] if found else ""
    rest = name[at + 1 : at + 3]
    goes_on = not rest or not rest[0].isalnum() or rest[1:] == "."
    initial = len(word) == 1 or (len(word) == 2 and word[0].isupper())
    return goes_on and (initial or word.casefold() in _ABBREVIATIONS)


PersonName = Annotated[str, NameForm("line", MAX_NAME)]
"""Name of a person, with or without a civility."""
Quality = Annotated[str, NameForm("line", MAX_NAME, besides=_OF_QUALITIES, advice=", une virgule ou des parenthèses")]
"""What a person is in a firm: « responsable des ressources humaines (siège) »."""
FirmName = Annotated[
    str,
    NameForm(
        "line", MAX_NAME, besides=frozenset({"&"}), figures=MAX_FIGURES, advice=", « & » ou quatre chiffres au plus"
    ),
]
"""Name of a person or a firm that is given a mandate."""

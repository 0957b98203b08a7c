"""What a line states of a person: NIR, names, category, mode; each value is what is kept, or what is wrong with it."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from pydantic_core import PydanticCustomError
from stdnum import luhn
from stdnum.fr import nir as stdnum_nir

from examining.claims.headers import without_ending
from examining.claims.texts import REPLACED
from models.claim_files.faults import FaultCode
from models.claim_files.fields import Category
from models.claim_files.plain import normalised
from models.person_names import MAX_NAME, NameForm
from models.texts import TextRefused


class Value(NamedTuple):
    """What is kept of a value, or what is wrong with it."""

    text: str
    fault: FaultCode | None = None


CATEGORIES: Final[Mapping[str, Category]] = {
    **{category.value: category for category in Category},
    **{normalised(category.label): category for category in Category},
    "ouvriers": Category.WORKER,
    "ouvriere": Category.WORKER,
    "ouvrier qualifie": Category.WORKER,
    "ouvrier non qualifie": Category.WORKER,
    "employe": Category.EMPLOYEE,
    "employee": Category.EMPLOYEE,
    "employes": Category.EMPLOYEE,
    "techniciens": Category.TECHNICIAN,
    "technicienne": Category.TECHNICIAN,
    "agents de maitrise": Category.SUPERVISOR,
    "maitrise": Category.SUPERVISOR,
    "contremaitre": Category.SUPERVISOR,
    "cadres": Category.EXECUTIVE,
    "ingenieur": Category.EXECUTIVE,
    "ingenieurs et cadres": Category.EXECUTIVE,
    "cadre dirigeant": Category.EXECUTIVE,
}
"""Category as a file writes it, normalised. No single letter: « C » is « cadre » for one program only."""
_OF_PCS: Final = (
    ("3", Category.EXECUTIVE),
    ("48", Category.SUPERVISOR),
    ("4", Category.TECHNICIAN),
    ("5", Category.EMPLOYEE),
    ("6", Category.WORKER),
)
"""First figures of the PCS-ESE (INSEE): 48 foremen and supervisors, other intermediate professions 4."""
MODES: Final[Mapping[str, str]] = {
    "forfait hebdomadaire": "01",
    "autre temps de travail hebdomadaire": "02",
    "hebdomadaire": "02",
    "regime d equivalence": "03",
    "equivalence": "03",
    "forfait mensuel": "04",
    "forfait annuel en jours": "05",
    "forfait jours": "05",
    "forfait annuel en heures": "06",
    "forfait heures": "06",
    "cycle": "07",
    "modulation": "08",
    "amenagement du temps de travail loi du 20 aout 2008": "09",
    "personnel navigant": "10",
}
"""Mode as a file writes it, normalised → its code of the DSN."""
FORMULA_STARTS: Final = ("=", "+", "-", "@")
"""An apostrophe before these says to a workbook that a cell is text (`models.claim_files.canonical`)."""
_YES: Final = frozenset({"1", "o", "oui", "y", "yes", "true", "vrai", "x", "professionnalisation"})
_NO: Final = frozenset({"0", "n", "non", "no", "false", "faux", "cdi", "cdd", "ctt", "interim", "saisonnier", "vrp"})
_YES_PHRASES: Final = ("apprenti", "alternan", "contrat pro")
_NO_PHRASES: Final = ("duree indeterminee", "duree determinee", "temporaire")
_NATURE: Final = re.compile(r"\d\d", re.ASCII)
"""Code of the nature of a contract (rubric S21.G00.40.007), none of which is a work-study contract’s own."""
_NIR: Final = re.compile(r"[12]\d\d(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d)(?:\d\d|2[AB])\d{6}(?:\d\d)?", re.ASCII)
"""Sex, year, month (20 and more where it is not known), département, commune, order, key."""
_PROVISIONAL: Final = re.compile(r"[3478]\d{12}(?:\d\d)?", re.ASCII)
_NTT: Final = re.compile(r"[12](\d{9})[0-9A-Z]{6,30}", re.ASCII)
"""NTT of the DSN: sex, SIREN of the employer, a number of its own; longer than a NIR."""
_NIR_BLANKS: Final = re.compile(r"[\s.\-_/'’\u00a0\u202f]+")
_PCS: Final = re.compile(r"\d{3}[a-zA-Z]|\d{4}|\d\d", re.ASCII)
_MOJIBAKE: Final = re.compile("[ÃÂ][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹ŒŽ‘“”•–—˜™š›œžŸ]|â€|" + REPLACED)
_NAME: Final = NameForm("line", MAX_NAME)


@lru_cache(maxsize=1024)
def nir(written: str) -> Value:
    """Return the 15 characters of a NIR, its key computed when there are 13."""
    plain = _NIR_BLANKS.sub("", written).upper()
    if not plain:
        return Value("", FaultCode.NIR_MISSING)
    if _is_provisional(plain):
        return Value("", FaultCode.NIR_TEMPORARY)
    if not _NIR.fullmatch(plain):
        return Value("", FaultCode.NIR_FORM)
    key = stdnum_nir.calc_check_digits(plain[:13])
    if len(plain) == 15 and plain[13:] != key:
        return Value("", FaultCode.NIR_KEY)
    return Value(plain[:13] + key)


def _is_provisional(plain: str) -> bool:
    found = _NTT.fullmatch(plain)
    is_of_firm = found is not None and len(plain) > 15 and luhn.is_valid(found[1])
    return plain.startswith("NTT") or is_of_firm or _PROVISIONAL.fullmatch(plain) is not None


@lru_cache(maxsize=4096)
def name(written: str) -> Value:
    """Return a name as it is admitted; an empty one is no fault here."""
    if not written.strip():
        return Value("")
    if _MOJIBAKE.search(written) or any(sign < " " or "\x7f" <= sign <= "\x9f" for sign in written):
        return Value("", FaultCode.NAME_CHARACTERS)
    if written[0] == "'" and written[1:2] in FORMULA_STARTS:
        written = written[1:]
    try:
        return Value(_NAME.admit(written))
    except (PydanticCustomError, TextRefused):
        return Value("", FaultCode.NAME_CHARACTERS)


@lru_cache(maxsize=1024)
def category(written: str) -> Category | None:
    """Return a category by its name or by a code of the PCS-ESE; None when it is not known."""
    for plain in (normalised(written), normalised(without_ending(written))):
        if plain in CATEGORIES:
            return CATEGORIES[plain]
    if _PCS.fullmatch(written.strip()):
        return next((each for start, each in _OF_PCS if written.strip().startswith(start)), None)
    return None


@lru_cache(maxsize=1024)
def mode(written: str) -> str | None:
    """Return the code of a mode, by its code or its name; None when it is not known."""
    plain = normalised(written)
    if plain.isdigit() and len(plain) <= 2:
        return f"{int(plain):02}" if 1 <= int(plain) <= 10 else None
    return MODES.get(plain)


@lru_cache(maxsize=1024)
def is_apprentice(written: str) -> bool | None:
    """Return whether a value says that the employee is in a work-study contract; None when it does not tell."""
    plain = normalised(written)
    if not plain or plain in _NO or _NATURE.fullmatch(plain):
        return False
    if plain in _YES or plain.startswith(_YES_PHRASES) or plain.removeprefix("contrat d ").startswith(_YES_PHRASES):
        return True
    return False if any(phrase in plain for phrase in _NO_PHRASES) else None

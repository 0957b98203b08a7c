"""Headers as payroll programs write them, recognised by name, never by position."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from models.claim_files.fields import Field
from models.claim_files.plain import MAX_HEADER, normalised

ALIASES: Final[Mapping[Field, tuple[str, ...]]] = {
    Field.NIR: (
        "nir",
        "n ss",
        "no ss",
        "num ss",
        "numero ss",
        "num secu",
        "no secu",
        "n secu",
        "numero secu",
        "numero de securite sociale",
        "no de securite sociale",
        "n de securite sociale",
        "n securite sociale",
        "numero securite sociale",
        "num securite sociale",
        "insee",
        "no insee",
        "n insee",
        "numero insee",
        "matricule ss",
        "matricule insee",
    ),
    Field.FAMILY_NAME: ("nom", "nom de famille", "nom salarie", "nom du salarie", "family name"),
    Field.USAGE_NAME: ("nom d usage", "nom usage", "nom marital", "usage name"),
    Field.FIRST_NAME: ("prenom", "prenoms", "prenom salarie", "prenom du salarie", "first name"),
    Field.CATEGORY: (
        "categorie",
        "csp",
        "categorie socioprofessionnelle",
        "categorie socio professionnelle",
        "cat socioprofessionnelle",
        "pcs",
        "pcs ese",
        "code pcs",
        "statut",
        "qualification",
        "category",
    ),
    Field.MODE: (
        "mode",
        "mode d amenagement",
        "mode d amenagement du temps de travail",
        "amenagement du temps de travail",
        "modalite d amenagement du temps de travail",
        "mod tps trav",
        "mode temps de travail",
    ),
    Field.CONTRACT_HOURS: (
        "duree contrat",
        "duree contractuelle",
        "duree du contrat",
        "horaire contractuel",
        "horaire hebdomadaire",
        "horaire hebdo",
        "duree hebdo",
        "duree hebdomadaire",
        "heures contrat",
        "heures contractuelles",
        "contract hours",
    ),
    Field.WEEK: (
        "semaine",
        "sem",
        "no semaine",
        "n semaine",
        "num semaine",
        "numero de semaine",
        "semaine du",
        "semaine du au",
        "du au",
        "periode",
        "date debut",
        "date de debut",
        "debut de semaine",
        "lundi",
        "week",
    ),
    Field.WORKED: (
        "heures travaillees",
        "h trav",
        "h travaillees",
        "hrs travaillees",
        "nb heures travaillees",
        "heures realisees",
        "h realisees",
        "heures travaillees ou assimilees",
        "heures travaillees et assimilees",
        "heures travaillees assimilees",
        "heures faites",
        "worked",
    ),
    Field.IDLE: (
        "heures chomees",
        "h chom",
        "h chomees",
        "hrs chomees",
        "nb heures chomees",
        "heures ap",
        "h ap",
        "heures activite partielle",
        "heures d activite partielle",
        "heures en activite partielle",
        "heures indemnisables",
        "heures chomage partiel",
        "idle",
    ),
    Field.HOURLY_GROSS: (
        "taux horaire",
        "taux horaire brut",
        "base horaire",
        "remuneration horaire brute",
        "remuneration horaire",
        "salaire horaire brut",
        "salaire horaire",
        "tx horaire",
        "hourly gross",
    ),
    Field.APPRENTICE: (
        "alternance",
        "apprenti",
        "contrat pro",
        "contrat d alternance",
        "alternant",
        "nature contrat",
        "nature du contrat",
        "apprentice",
    ),
    Field.BIRTH_NAME: ("nom naissance", "nom de naissance", "nom de jeune fille", "birth name"),
    Field.CIVILITY: ("civilite", "titre", "civility"),
    Field.BIRTH_DATE: ("naissance", "date naissance", "date de naissance", "ne le", "birth date"),
    Field.COMMUNE: (
        "commune insee",
        "commune de naissance",
        "commune naissance",
        "code insee naissance",
        "code commune de naissance",
        "lieu de naissance",
        "lieu naissance",
        "commune",
    ),
    Field.ADDRESS: ("adresse", "adresse postale", "rue", "voie", "address"),
    Field.POSTCODE: ("code postal", "cp", "postcode"),
    Field.CITY: ("ville", "localite", "city"),
    Field.IBAN: ("iban", "rib", "compte bancaire"),
}
"""Field → its headers, normalised."""
WIDE_WORKED: Final = frozenset({*ALIASES[Field.WORKED], "travaillees", "travaille", "trav", "realisees", "ht"})
WIDE_IDLE: Final = frozenset({*ALIASES[Field.IDLE], "chomees", "chome", "chom", "ap", "indemnisables", "hc"})
"""What is left of the header of a wide table without its week."""
FIRST_DAYS: Final = frozenset(
    {
        *("du", "date du", "debut", "date debut", "date de debut", "jour debut", "debut de semaine", "semaine du"),
        *("periode du", "debut periode", "debut de periode", "date debut periode", "date de debut de periode"),
    }
)
LAST_DAYS: Final = frozenset(
    {
        *("au", "date au", "fin", "date fin", "date de fin", "jour fin", "fin de semaine", "semaine au"),
        *("periode au", "fin periode", "fin de periode", "date fin periode", "date de fin de periode"),
    }
)
"""Headers of the first and the last day of a week that stands in two columns."""
DAY_NAMES: Final = frozenset({"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"})
BANK_CODES: Final = frozenset({"bic", "code bic", "swift", "bic swift"})
"""Headers of what an IBAN makes needless: read in no file, named where the list of the claim has no account."""
NEVER_READ: Final = frozenset(
    {
        "sexe",
        "nationalite",
        "pays de naissance",
        "departement de naissance",
        "telephone",
        "tel",
        "portable",
        "mail",
        "email",
        "e mail",
        "courriel",
        "situation de famille",
        "situation familiale",
        "situation matrimoniale",
        "enfants",
        "nombre d enfants",
        "enfants a charge",
        "numero de titre de sejour",
        "titre de sejour",
        "motif d absence",
        "handicap",
        "rqth",
        "syndicat",
        "taux pas",
        "taux d imposition",
        "taux de prelevement a la source",
    }
)
"""Headers of data that no list of R. 5122-21 names."""
_ENDING: Final = re.compile(r"\(\W*\w{0,3}\W*\)")
_CLOSE: Final = 0.7
"""Likeness from which a header is a guess."""


def _by_alias() -> dict[str, Field]:
    found = {alias: field for field, aliases in ALIASES.items() for alias in aliases}
    return found | {normalised(name): field for field in Field for name in (field.value, field.label)}


BY_ALIAS: Final = _by_alias()


def recognised(written: str) -> Field | None:
    """Return what a header names, or None."""
    return BY_ALIAS.get(normalised(written)) or BY_ALIAS.get(normalised(without_ending(written)))


def names_a_day(written: str) -> bool:
    """Whether a header is of one day of a week: « Lundi », « Mardi chômées »."""
    return normalised(written).partition(" ")[0] in DAY_NAMES


def without_ending(written: str) -> str:
    """Return a word without the ending or the unit that stands between parentheses: « Prénom(s) », « Durée (h) »."""
    return _ENDING.sub("", written[:MAX_HEADER])


def guess(written: str) -> Field | None:
    """Return the field that an unknown header resembles: close spelling, or all the words of a name of it."""
    plain = normalised(written)
    words = set(plain.split())
    within = [alias for alias in BY_ALIAS if len(alias) > 3 and set(alias.split()) <= words]
    if within:
        return BY_ALIAS[max(within, key=len)]
    close = get_close_matches(plain, BY_ALIAS, n=1, cutoff=_CLOSE)
    return BY_ALIAS[close[0]] if close else None

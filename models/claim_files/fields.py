"""What a file of a claim may state of an employee and a week, and the columns of the canonical file."""

from enum import StrEnum
from typing import Final

from models.labels import Labelled


class Field(Labelled):
    """A value of a line: its name in JSON, and its column in the canonical CSV."""

    NIR = "nir", "nir"
    FAMILY_NAME = "family_name", "nom"
    USAGE_NAME = "usage_name", "nom_usage"
    FIRST_NAME = "first_name", "prenom"
    CATEGORY = "category", "categorie"
    MODE = "mode", "mode"
    CONTRACT_HOURS = "contract_hours", "duree_contrat"
    WEEK = "week", "semaine"
    WORKED = "worked", "heures_travaillees"
    IDLE = "idle", "heures_chomees"
    HOURLY_GROSS = "hourly_gross", "taux_horaire"
    APPRENTICE = "apprentice", "alternance"
    BIRTH_NAME = "birth_name", "nom_naissance"
    CIVILITY = "civility", "civilite"
    BIRTH_DATE = "birth_date", "naissance"
    COMMUNE = "commune", "commune_insee"
    ADDRESS = "address", "adresse"
    POSTCODE = "postcode", "code_postal"
    CITY = "city", "ville"
    IBAN = "iban", "iban"


_EVERY: Final = tuple(Field)
_FIRST_DIRECT: Final = _EVERY.index(Field.BIRTH_NAME)
"""Place of the first column that only a claim paid directly to employees has: those of every claim stand before it."""
COLUMNS: Final = _EVERY[:_FIRST_DIRECT]
"""Columns of every claim, in the order of the canonical CSV."""
DIRECT_COLUMNS: Final = _EVERY[_FIRST_DIRECT:]
"""Columns that a claim paid directly to employees adds."""
REQUIRED: Final = (Field.NIR, Field.FAMILY_NAME, Field.FIRST_NAME, Field.CATEGORY, Field.MODE, Field.CONTRACT_HOURS)
"""Without a column for each of these, for the week and for its hours, a file is refused whole."""


class Category(Labelled):
    """Socio-professional category: its code in the contract, and in the canonical CSV."""

    WORKER = "worker", "ouvrier"
    EMPLOYEE = "employee", "employé"
    TECHNICIAN = "technician", "technicien"
    SUPERVISOR = "supervisor", "agent de maîtrise"
    EXECUTIVE = "executive", "cadre"


class FileFormat(Labelled):
    """Format of a file, as its bytes tell."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "classeur XLSX"
    DSN = "dsn", "DSN"
    JSON = "json", "JSON"


class Layout(StrEnum):
    """How a table is laid out: a line an employee and week, or a line an employee with two columns a week."""

    LONG = "long"
    WIDE = "wide"

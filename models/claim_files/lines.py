"""Lines that were read of a file: exact figures, each with its line in the file. No rule of law is applied yet."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from models.claim_files.fields import Category


class Payee(NamedTuple):
    """An employee whom the agency pays directly (list B of R. 5122-21)."""

    birth_name: str
    civility: str
    birth_date: date
    commune: str
    """INSEE code of the commune of birth."""
    address: str
    postcode: str
    city: str
    iban: str


class ClaimLine(NamedTuple):
    """One employee and one week."""

    line: int
    """In the file, from 1, the header included; for JSON, place in the list. Lines of a wide table share it."""
    nir: str
    """15 characters: 13 and the key, which is computed where the file has none."""
    family_name: str
    usage_name: str
    first_name: str
    category: Category
    mode: str
    """Code of the DSN, 01 to 10 (`law.work_time.Mode`)."""
    contract_hours: Decimal
    """Hours a week; 0 where the mode counts days and none are stated."""
    week: date
    """Its Monday."""
    worked: Decimal
    """Hours worked or assimilated."""
    idle: Decimal
    """Hours idle."""
    hourly_gross: Decimal | None
    """Euros."""
    apprentice: bool
    payee: Payee | None = None


class PrefilledPerson(NamedTuple):
    """An employee as a DSN states them: no split by week, so that no claim can be made of it alone."""

    line: int
    nir: str
    family_name: str
    usage_name: str
    first_name: str
    category: Category
    mode: str
    contract_hours: Decimal | None
    """Hours a week; None for a contract that counts days."""
    apprentice: bool
    month: date
    """Its first day."""
    idle: Decimal
    """Hours of the month (remuneration of type 019)."""

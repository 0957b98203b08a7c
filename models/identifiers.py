"""Validated values: identifiers, hours, euros, periods. A wrong one is refused with a French sentence.

Checks beyond the libraries': an all-zero SIRET has a right key and no meaning; a French IBAN is checked down to
its account key.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fr import siret as stdnum_siret

from law.directory import UnknownDepartment, department


class Message(BaseModel):
    """A frozen message between processes: unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _siret(value: str) -> str:
    compact = re.sub(r"\s", "", value)
    if not re.fullmatch(r"\d{14}", compact):
        raise ValueError("Le SIRET compte 14 chiffres.")
    if int(compact) == 0:
        raise ValueError("Ce SIRET ne désigne aucun établissement.")
    try:
        return str(stdnum_siret.validate(compact))
    except StdnumError as wrong:
        raise ValueError("La clé de contrôle de ce SIRET est fausse.") from wrong


def _iban(value: str) -> str:
    try:
        iban = IBAN(value, validate_bban=True)
    except (SchwiftyException, ValueError) as wrong:
        raise ValueError("Cet IBAN est faux : vérifiez le pays, la longueur et les clés.") from wrong
    if iban.country_code not in {"FR", "MC"}:
        raise ValueError("Le compte doit être tenu en France ou à Monaco (IBAN FR ou MC).")
    return iban.compact


def _email(value: str) -> str:
    compact = value.strip()
    if len(compact) > MAX_EMAIL_LENGTH or not EMAIL.fullmatch(compact):
        raise ValueError("Cette adresse électronique n’a pas la forme nom@domaine.fr.")
    return compact


def _reference(value: str) -> str:
    compact = value.strip().upper()
    if not REFERENCE.fullmatch(compact):
        raise ValueError("Une référence compte 9 caractères, par exemple 034AQHV02.")
    return compact[:9]


def _department(value: str) -> str:
    try:
        return department(value).code
    except UnknownDepartment as unknown:
        raise ValueError(str(unknown)) from unknown


def _plain_decimal(value: object) -> object:
    """Money and hours travel as decimal strings; a JSON float has already lost its cents."""
    if isinstance(value, Decimal) or (isinstance(value, str) and DECIMAL.fullmatch(value)):
        return value
    raise ValueError("Écrivez ce nombre comme un texte décimal, par exemple « 12000 » ou « 35.5 ».")


def _day(value: object) -> object:
    """A number could be a timestamp, and a day far away overflows what is counted from it."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and DAY.fullmatch(value) else value
    except ValueError as wrong:
        raise ValueError("Cette date n’existe pas.") from wrong
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ValueError("Écrivez cette date ainsi : « 2026-12-01 ».")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("Cette date est trop éloignée.")
    return day


def _moment(value: datetime) -> datetime:
    if not FIRST_DAY < value.date() < LAST_DAY:
        raise ValueError("Cet instant est trop éloigné.")
    return value


def _written(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and DAY.match(value)):
        return value
    raise ValueError("Écrivez cet instant ainsi : « 2026-12-01T09:30:00+01:00 ».")


REFERENCE = re.compile(r"(0\d{2}|02[AB]|97[1-6])[A-Z]{4}\d{2}(\d{2})?")
"""A case's reference: département on three, four letters, two digits; two more on documents."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2150, 12, 31)
"""Days that a person may state."""
DECIMAL = re.compile(r"\d{1,10}(\.\d{1,2})?")

EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII | re.IGNORECASE)
MAX_EMAIL_LENGTH = 254

Siret = Annotated[str, AfterValidator(_siret)]
Email = Annotated[str, AfterValidator(_email)]
Iban = Annotated[str, AfterValidator(_iban)]
Reference = Annotated[str, AfterValidator(_reference)]
Department = Annotated[str, AfterValidator(_department)]
Hours = Annotated[
    Decimal,
    BeforeValidator(_plain_decimal),
    Field(gt=0, max_digits=12, decimal_places=2),
    WithJsonSchema({"type": "string", "pattern": f"^{DECIMAL.pattern}$", "examples": ["12000", "35.5"]}),
]
Instant = AwareDatetime
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
Moment = Annotated[
    AwareDatetime, BeforeValidator(_written, json_schema_input_type=datetime), AfterValidator(_moment)
]
"""An instant that a person states, with its offset."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Period(Message):
    """Days from `start_on` to `end_on`, both included."""

    start_on: Day
    end_on: Day

    @property
    def days(self) -> int:
        """Number of days, both ends included."""
        return (self.end_on - self.start_on).days + 1


class BankAccount(Message):
    """Where the allowance is to be paid (R. 5122-26, II)."""

    iban: Iban
    holder: Annotated[str, Field(min_length=1, max_length=140, pattern=r"\S")]

"""Validated values: identifiers, hours, euros, periods. An invalid one is rejected with a French sentence.

Checks beyond those of the libraries: an all-zero SIRET is rejected although its check digit is right; a
French IBAN is checked down to its account key.
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
    """A frozen message or record; unknown fields are rejected."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _siret(value: str) -> str:
    compact = re.sub(r"\s", "", value)
    if not re.fullmatch(r"\d{14}", compact):
        raise ValueError("Le SIRET compte 14 chiffres.")
    if int(compact) == 0:
        raise ValueError("Ce SIRET ne désigne aucun établissement.")
    try:
        return str(stdnum_siret.validate(compact))
    except StdnumError as error:
        raise ValueError("La clé de contrôle de ce SIRET est fausse.") from error


def _iban(value: str) -> str:
    try:
        iban = IBAN(value, validate_bban=True)
    except (SchwiftyException, ValueError) as error:
        raise ValueError("Cet IBAN est faux : vérifiez le pays, la longueur et les clés.") from error
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
    except UnknownDepartment as error:
        raise ValueError(str(error)) from error


def _plain_decimal(value: object) -> object:
    """Accept decimal strings only: a JSON float may already have lost its cents."""
    if isinstance(value, Decimal) or (isinstance(value, str) and DECIMAL.fullmatch(value)):
        return value
    raise ValueError("Écrivez ce nombre comme un texte décimal, par exemple « 12000 » ou « 35.5 ».")


def _day(value: object) -> object:
    """Reject numbers, which could be timestamps, and remote days, which would overflow later calculations."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and DAY.fullmatch(value) else value
    except ValueError as error:
        raise ValueError("Cette date n’existe pas.") from error
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ValueError("Écrivez cette date ainsi : « 2026-12-01 ».")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("Cette date est trop éloignée.")
    return day


def _moment(value: datetime) -> datetime:
    if not FIRST_DAY < value.date() < LAST_DAY:
        raise ValueError("Cet instant est trop éloigné.")
    return value


def _moment_text(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and DAY.match(value)):
        return value
    raise ValueError("Écrivez cet instant ainsi : « 2026-12-01T09:30:00+01:00 ».")


REFERENCE = re.compile(r"(0\d{2}|02[AB]|97[1-6])[A-Z]{4}\d{2}(\d{2})?")
"""A case's reference: département (3 characters), four letters, two digits; two more digits on documents."""
UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
"""The identifier of a draft, a file or an account."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2150, 12, 31)
"""The first and last day that a person may state."""
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
    AwareDatetime, BeforeValidator(_moment_text, json_schema_input_type=datetime), AfterValidator(_moment)
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
    """Bank account to which the allowance is paid (R. 5122-26, II)."""

    iban: Iban
    holder: Annotated[str, Field(min_length=1, max_length=140, pattern=r"\S")]

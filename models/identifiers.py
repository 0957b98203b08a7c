"""Validated values: identifiers, hours, euros, periods. An invalid one is rejected with a French sentence.

Checks beyond those of the libraries: an all-zero SIRET is rejected although its check digit is right; a French IBAN
is checked down to its account key; one that no transfer in euros reaches is rejected.
"""

import re
import unicodedata
from datetime import date, datetime, time
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

from law.accounts import is_reachable, is_usual
from law.directory import UnknownDepartment, department
from models.texts import TextForm, without_unseen
from models.transliteration import has_letter, latin_capitals
from models.validation_messages import HOW_TO_WRITE_A_DAY


class Message(BaseModel):
    """A frozen message or record; unknown fields are rejected."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def compact(written: str, label: str = "") -> str:
    """Return an identifier as a person wrote or pasted it, in capitals and without what surrounds its characters.

    Forgiven: any blank space, dots, dashes, slashes, signs that print as nothing, full-width forms, and the label
    that names the identifier (« SIRET n° : … »).
    """
    if len(written) > MAX_WRITTEN_LENGTH:
        return written[:MAX_WRITTEN_LENGTH]
    plain = unicodedata.normalize("NFKC", without_unseen(written)).upper()
    if label:
        plain = re.sub(rf"^\W*((N[O°]|NUM[EÉ]RO)\W*(DE\W*)?)?{label}(\W*N[O°])?\W*", "", plain)
    return _SEPARATORS.sub("", plain)


def find_reference(written: str) -> str | None:
    """Return the reference of a case as a person wrote or pasted it, of 9 characters, or of 11 for an amendment.

    `034AQHV0200`, which documents print, is the case `034AQHV02` itself. None if it is no reference.
    """
    plain = compact(written, "DOSSIER")
    if not REFERENCE.fullmatch(plain):
        return None
    return authorization_of(plain) if plain.endswith(UNAMENDED) and is_amendment(plain) else plain


def find_claim(written: str) -> str | None:
    """Return what the process of a claim is named by, as a person wrote or pasted it; None if it is no claim."""
    plain = written.strip().upper()
    return plain if CLAIM_SUBJECT.fullmatch(plain) else None


def is_amendment(reference: str) -> bool:
    """Whether a reference is that of an amendment (avenant), of 11 characters."""
    return len(reference) > REFERENCE_LENGTH


def authorization_of(reference: str) -> str:
    """Return the reference of the request that an amendment changes; that of any other is its own."""
    return reference[:REFERENCE_LENGTH]


def printed_number(reference: str) -> str:
    """Return the number that documents print, of 11 characters: an amendment’s reference, or `00` after the case’s."""
    return reference if is_amendment(reference) else f"{reference}{UNAMENDED}"


def find_uuid(written: str) -> str | None:
    """Return the identifier of a draft, a file or an account as a person pasted it; None if it is none."""
    plain = compact(written).lower()
    if not _HEXADECIMAL.fullmatch(plain):
        return None
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))


def _named_siret(written: str) -> str:
    plain = compact(written, "SIRET")
    return plain if DIGITS.fullmatch(plain) and len(plain) == SIRET_LENGTH else ""


def _siret(value: str) -> str:
    digits = compact(value, "SIRET")
    if digits and not DIGITS.fullmatch(digits):
        raise ValueError("Le SIRET ne contient que des chiffres.")
    if len(digits) != SIRET_LENGTH:
        raise ValueError("Le SIRET compte 14 chiffres.")
    if int(digits) == 0:
        raise ValueError("Ce SIRET ne désigne aucun établissement.")
    try:
        return str(stdnum_siret.validate(digits))
    except StdnumError as error:
        raise ValueError("Ce SIRET n’est pas valable : vérifiez ses 14 chiffres.") from error


def _iban(value: str) -> str:
    """Form and key are those of the country; the keys that banks of France and Monaco add are judged as well."""
    written = compact(value, "IBAN")
    try:
        iban = IBAN(written, validate_bban=is_usual(written[:2]))
    except (SchwiftyException, ValueError) as error:
        raise ValueError("Cet IBAN n’est pas valable : recopiez-le depuis votre RIB.") from error
    if not is_reachable(iban.country_code):
        raise ValueError("Ce compte est tenu hors de l’espace SEPA, où les virements en euros n’arrivent pas.")
    return iban.compact


def _holder(name: str) -> str:
    if not (has_letter(name) and has_letter(latin_capitals(name, HOLDER_LENGTH))):
        raise ValueError("Le nom du titulaire du compte comporte au moins une lettre.")
    return name


def _reference(value: str) -> str:
    reference = find_reference(value)
    if reference is None:
        raise ValueError("Une référence compte 9 caractères, par exemple 034AQHV02.")
    return reference


def _department(value: str) -> str:
    try:
        return department(compact(value)).code
    except UnknownDepartment as error:
        raise ValueError(str(error)) from error


def plain_decimal(value: object) -> object:
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
        raise ValueError(HOW_TO_WRITE_A_DAY)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError("Cette date est trop éloignée.")
    return day


def _time_of_day(value: object) -> object:
    """Read an hour as people write it: « 09:30 », « 9h30 », « 9 h »."""
    if not isinstance(value, str):
        return value
    hour, _, minute = value.lower().replace("h", ":").replace(" ", "").partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except ValueError as wrong:
        raise ValueError("Écrivez l’heure ainsi : « 09:30 ».") from wrong


def _moment(value: datetime) -> datetime:
    if not FIRST_DAY < value.date() < LAST_DAY:
        raise ValueError("Cet instant est trop éloigné.")
    return value


def _moment_text(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and DAY.match(value)):
        return value
    raise ValueError("Écrivez cet instant ainsi : « 2026-12-01T09:30:00+01:00 ».")


HOLDER_LENGTH = 140
"""Characters of the name of an account's holder (ISO 20022)."""
MAX_WRITTEN_LENGTH = 200
"""Characters of an identifier with what may surround it."""
SIRET_LENGTH = 14
DIGITS = re.compile(r"\d+", re.ASCII)
_SEPARATORS = re.compile(r"[\s./\\_,;:'’·|-]|[\u2010-\u2015\u2212]")
REFERENCE_LENGTH = 9
"""Characters of a reference that is no amendment’s: those of an amendment begin with its authorization’s."""
UNAMENDED = "00"
"""Two digits printed after the reference of a request; those of an amendment are its number, from 01."""
REFERENCE = re.compile(r"(0[0-9]{2}|02[AB]|97[1-6])[A-Z]{4}[0-9]{2}([0-9]{2})?")
"""A case's reference: département (3 characters), four letters, two digits; two more of an amendment, or printed."""
CLAIM_SUBJECT = re.compile(r"[0-9A-Z]{9}:[0-9]{4}-[0-9]{2}:[0-9]{1,5}:[0-9]{1,5}")
"""One version of a claim, `034AQHV02:2021-04:1:2`: its authorization, month, part and version."""
UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
"""The identifier of a draft, a file or an account."""
_HEXADECIMAL = re.compile(r"[0-9a-f]{32}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2150, 12, 31)
"""The first and last day that a person may state."""
DECIMAL = re.compile(r"\d{1,10}(\.\d{1,2})?", re.ASCII)

Siret = Annotated[str, AfterValidator(_siret)]
NamedSiret = Annotated[str, AfterValidator(_named_siret)]
"""The SIRET in an address of ours; empty, which names no establishment, if it is none."""
Iban = Annotated[str, AfterValidator(_iban)]
Reference = Annotated[str, AfterValidator(_reference)]
Department = Annotated[str, AfterValidator(_department)]
Hours = Annotated[
    Decimal,
    BeforeValidator(plain_decimal),
    Field(gt=0, max_digits=12, decimal_places=2),
    WithJsonSchema({"type": "string", "pattern": f"^{DECIMAL.pattern}$", "examples": ["12000", "35.5"]}),
]
Instant = AwareDatetime
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
Moment = Annotated[
    AwareDatetime, BeforeValidator(_moment_text, json_schema_input_type=datetime), AfterValidator(_moment)
]
"""An instant that a person states, with its offset."""
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Period(Message):
    """Days from `start_on` to `end_on`, both included."""

    start_on: Day
    end_on: Day

    @property
    def days(self) -> int:
        """Number of days, both ends included."""
        return (self.end_on - self.start_on).days + 1


Holder = Annotated[str, TextForm("line", max_length=HOLDER_LENGTH), AfterValidator(_holder)]
"""Name of an account's holder, of which letters are left once it is written for the agency."""


class BankAccount(Message):
    """Bank account to which the allowance is paid (R. 5122-26, II)."""

    iban: Iban
    holder: Holder

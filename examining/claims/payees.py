"""What list B of R. 5122-21 adds of an employee whom the agency pays directly."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError

from examining.claims import people, weeks
from models.claim_files.discretion import masked
from models.claim_files.faults import FaultCode
from models.claim_files.fields import Field

_COMMUNE: Final = re.compile(r"\d[\dAB]\d{3}", re.ASCII)
_POSTCODE: Final = re.compile(r"\d{5}", re.ASCII)
_PLACE: Final = re.compile(r"\w[\w .,'’()/°-]*")
_MAX_ADDRESS: Final = 200
_MAX_CITY: Final = 80
_FIRST_BIRTH: Final = date(1900, 1, 1)
_CIVILITIES: Final = {"m": "M.", "mr": "M.", "monsieur": "M.", "mme": "Mme", "madame": "Mme", "mlle": "Mme"}

Wrong = tuple[FaultCode, Field, str]
"""A fault, its field, and what may be shown."""


def read(values: Mapping[Field, str]) -> tuple[list[str], list[Wrong]]:
    """Return the eight values of a payee in order, and what is wrong with them."""
    wrong: list[Wrong] = []
    birth_name = people.name(values[Field.BIRTH_NAME] or values[Field.FAMILY_NAME])
    found = {
        Field.BIRTH_NAME: birth_name.text,
        Field.CIVILITY: _CIVILITIES.get(values[Field.CIVILITY].strip(" .").casefold(), ""),
        Field.BIRTH_DATE: _birth(values[Field.BIRTH_DATE]),
        Field.COMMUNE: _matched(_COMMUNE, values[Field.COMMUNE].upper(), 5),
        Field.ADDRESS: _matched(_PLACE, values[Field.ADDRESS], _MAX_ADDRESS),
        Field.POSTCODE: _matched(_POSTCODE, values[Field.POSTCODE].zfill(5), 5),
        Field.CITY: _matched(_PLACE, values[Field.CITY], _MAX_CITY),
    }
    for field, value in found.items():
        if not value:
            code = birth_name.fault if field is Field.BIRTH_NAME and birth_name.fault else FaultCode.PAYEE_INCOMPLETE
            wrong.append((code, field, values[field]))
    account = _iban(values[Field.IBAN])
    if not account:
        wrong.append((FaultCode.IBAN, Field.IBAN, masked(values[Field.IBAN])))
    return [*found.values(), account], wrong


def _birth(written: str) -> str:
    found = weeks.day(written)
    return found.isoformat() if found and found >= _FIRST_BIRTH else ""


def _matched(form: re.Pattern[str], written: str, most: int) -> str:
    plain = " ".join(written.split())
    return plain if len(plain) <= most and form.fullmatch(plain) else ""


@lru_cache(maxsize=1024)
def _iban(written: str) -> str:
    """Return an IBAN whose form is that of its country and whose key is right; else nothing.

    The keys that French banks add are judged with the account, when it is paid.
    """
    try:
        return str(stdnum_iban.validate(written, check_country=False)) if written else ""
    except ValidationError:
        return ""

"""Activation and sign-in codes, sent by mail and never stored: the register stores their digests only.

A code is derived from the master key, so that a mail sent again carries the same code. People type them, so
they have no characters that are easily confused.
"""

import re
import unicodedata
from base64 import urlsafe_b64encode
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from models.engine.keys import MasterKey
from models.texts import without_unseen

SYMBOLS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not easily confused."""
_LENGTH, _GROUP = 20, 5
"""20 symbols of 5 bits: 100 bits, impossible to guess."""


def activation_code(master: MasterKey, enrolment: str, version: int) -> str:
    """Return the code of an enrolment's n-th credentials, as printed: `ABCDE-FGHJK-LMNPQ-RSTUV`."""
    return _printed(master.derive("activation", enrolment, str(version)))


def account_code(master: MasterKey, code_id: str) -> str:
    """Return the code of a mail with which to choose a password or accept an invitation."""
    return _printed(master.derive("entry", code_id))


def _printed(derived: bytes) -> str:
    code = "".join(SYMBOLS[byte % len(SYMBOLS)] for byte in derived[:_LENGTH])
    return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def follow_up_key(master: MasterKey, enrolment: str) -> str:
    """Return the secret with which the person who enrolled may correct the address before activation."""
    return urlsafe_b64encode(master.derive("follow-up", enrolment)[:24]).decode()


def canonical(typed: str) -> str:
    """Return a code in the form that is digested, however a person typed it."""
    plain = unicodedata.normalize("NFKC", without_unseen(typed)).upper()
    return "".join(character for character in plain if character.isalnum())


RECOVERY_SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Signs of a recovery code: none is taken for another."""
RECOVERY_LENGTH: Final = 10


def _one_time(typed: str) -> str:
    digits = re.sub(r"[\s.-]", "", unicodedata.normalize("NFKC", without_unseen(typed)))
    if re.fullmatch(f"[{RECOVERY_SIGNS}]{{{RECOVERY_LENGTH}}}", canonical(typed)):
        return canonical(typed)
    if not re.fullmatch(r"\d{6}", digits, re.ASCII):
        raise ValueError("Le code à usage unique compte 6 chiffres, un code de secours 10 signes.")
    return digits


Code = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(canonical)]
"""A mailed code as a person types it."""
OneTime = Annotated[str, Field(max_length=20), AfterValidator(_one_time)]
"""Six digits of an authenticator application, or a recovery code, with any spacing."""

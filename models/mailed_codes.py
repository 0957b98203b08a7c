"""Codes of activation and sign-in: sent by mail, never stored. An enrolment and version always have the same code.

A mail that is sent again bears the code that was sent first, and the register keeps its digest only: the code
comes from the master key. Read by people: no letter or figure that is taken for another.
"""

from base64 import urlsafe_b64encode
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from models.engine.keys import MasterKey

_SYMBOLS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH, _GROUP = 20, 5
"""A hundred bits: nobody guesses one."""


def activation_code(master: MasterKey, enrolment: str, version: int) -> str:
    """Return the code of an enrolment's n-th credentials, as it is printed: `ABCDE-FGHJK-LMNPQ-RSTUV`."""
    return _printed(master.derive("activation", enrolment, str(version)))


def entry_code(master: MasterKey, entry: str) -> str:
    """Return the code of a mail to choose a password, or to accept an invitation."""
    return _printed(master.derive("entry", entry))


def _printed(derived: bytes) -> str:
    drawn = derived[:_LENGTH]
    code = "".join(_SYMBOLS[byte % len(_SYMBOLS)] for byte in drawn)
    return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def follow_up_key(master: MasterKey, enrolment: str) -> str:
    """Return the secret with which the person who enrolled may correct the address before activation."""
    return urlsafe_b64encode(master.derive("follow-up", enrolment)[:24]).decode()


def canonical(written: str) -> str:
    """Return a code as it is digested, however a person wrote it."""
    return "".join(character for character in written.upper() if character.isalnum())


Code = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(canonical)]
"""An activation code as a person writes it."""
OneTime = Annotated[str, Field(pattern=r"^\s*(\d\s*){6}$", max_length=20)]
"""Six digits of an application, however they are spaced."""

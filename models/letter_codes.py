"""Codes sent by letter: read from paper and typed, so they forgive spacing and betray a mistyped sign.

Fifteen random symbols (75 bits) and a check symbol, in four groups: `ABCD-EFGH-JKLM-NPQR`. No two symbols look alike.
"""

import secrets
from typing import Final

from stdnum import luhn

from models.engine.keys import MasterKey
from models.mailed_codes import canonical

SYMBOLS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH, _GROUP = 15, 4


def new_code() -> str:
    """Return a fresh code, as printed."""
    drawn = "".join(secrets.choice(SYMBOLS) for _ in range(_LENGTH))
    whole = drawn + luhn.calc_check_digit(drawn, alphabet=SYMBOLS)
    return "-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))


def is_well_typed(code: str) -> bool:
    """Whether a code, however it was spaced, has its length and its check symbol."""
    typed = canonical(code)
    known = len(typed) == _LENGTH + 1 and set(typed) <= set(SYMBOLS)
    return known and bool(luhn.is_valid(typed, alphabet=SYMBOLS))


def digest(master: MasterKey, letter_id: str, code: str) -> bytes:
    """Return what the register stores of a letter's code: useless without the master key, and in another letter."""
    return master.derive("letter", letter_id, canonical(code))

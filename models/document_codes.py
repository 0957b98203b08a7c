"""The random code that a document prints, under which the site says what it is; the register stores its digest only.

128 bits at least: nobody finds a document by trying codes. Documents are printed, so people may type it.
"""

import secrets
from hashlib import sha256
from typing import Final

from models.mailed_codes import SYMBOLS, canonical

_LENGTH: Final = 26
"""Symbols of 5 bits: 130 bits."""
_GROUPS: Final = (5, 5, 5, 5, 6)


def new_code() -> str:
    """Return a new code as printed: `ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ23`."""
    code = "".join(secrets.choice(SYMBOLS) for _ in range(_LENGTH))
    ends = [sum(_GROUPS[: rank + 1]) for rank in range(len(_GROUPS))]
    return "-".join(code[end - size : end] for end, size in zip(ends, _GROUPS, strict=True))


def code_digest(typed: str) -> bytes:
    """Return what the register holds of a code, however a person typed it: 32 bytes."""
    return sha256(canonical(typed).encode()).digest()

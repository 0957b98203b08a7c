"""Passwords: argon2, never in the event loop nor inside a transaction; one that is unknown takes as long."""

from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

LEAST: Final = 12
"""Characters of a password (CNIL, recommendation of 2022 on passwords: 12 with variety, or a long sentence)."""
MOST: Final = 200

_hashing: Final = PasswordHash((Argon2Hasher(),))
_nobody: Final = _hashing.hash("personne n’a ce mot de passe")


def hashed(password: str) -> str:
    """Return the argon2 hash of a password; takes a tenth of a second or more."""
    return _hashing.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether a password is that of a hash; without a hash the answer is no, after the same time."""
    return _hashing.verify(password, password_hash or _nobody) and password_hash is not None

"""Passwords: argon2, never in the event loop nor inside a transaction; one that is unknown takes as long."""

import os
from threading import BoundedSemaphore
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from starter.http.problems import fault

MIN_LENGTH: Final = 12
"""Characters of a password (CNIL, recommendation of 2022 on passwords: 12 with variety, or a long sentence)."""
MAX_LENGTH: Final = 200

_hashing: Final = PasswordHash((Argon2Hasher(),))
_turns: Final = BoundedSemaphore(max(2, os.cpu_count() or 2))
"""Each hash takes 64 MiB and a processor: a crowd that signs in waits, and does not exhaust the machine."""
_nobody: Final = _hashing.hash("personne n’a ce mot de passe")


def hashed(password: str) -> str:
    """Return the argon2 hash of a password; takes a tenth of a second or more."""
    with _turns:
        return _hashing.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether a password is that of a hash; without a hash the answer is no, after the same time."""
    with _turns:
        return _hashing.verify(password, password_hash or _nobody) and password_hash is not None


def check_length(password: str) -> None:
    """Refuse a password that is too short or too long to be chosen; raises `InvalidRequest`."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        message = f"Choisissez un mot de passe de {MIN_LENGTH} à {MAX_LENGTH} caractères."
        raise fault("/password", "password-length", message)

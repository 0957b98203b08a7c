"""Passwords, hashed with argon2. Hashing blocks: never call it in the event loop or inside a transaction."""

import os
from threading import BoundedSemaphore
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from starter.http.problems import fault

MIN_LENGTH: Final = 12
"""Characters of a password (CNIL, recommendation of 2022 on passwords: 12 with variety, or a long sentence)."""
MAX_LENGTH: Final = 200

_HASHER: Final = PasswordHash((Argon2Hasher(),))
_HASHING_SLOTS: Final = BoundedSemaphore(max(2, os.cpu_count() or 2))
"""Each hash takes 64 MiB and one core, so concurrent sign-ins wait instead of exhausting the machine."""
_DUMMY_HASH: Final = _HASHER.hash("personne n’a ce mot de passe")
"""Verified when an account has no password, so that the answer takes as long."""


def hashed(password: str) -> str:
    """Return the argon2 hash of a password; takes a tenth of a second or more."""
    with _HASHING_SLOTS:
        return _HASHER.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether a password matches a hash; False without a hash, after the same time."""
    with _HASHING_SLOTS:
        return _HASHER.verify(password, password_hash or _DUMMY_HASH) and password_hash is not None


def check_length(password: str) -> None:
    """Raise `InvalidRequest` for a new password that is too short or too long."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        message = f"Choisissez un mot de passe de {MIN_LENGTH} à {MAX_LENGTH} caractères."
        raise fault("/password", "password-length", message)

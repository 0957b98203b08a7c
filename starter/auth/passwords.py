"""Passwords, hashed with argon2. Hashing blocks: never call it in the event loop or inside a transaction."""

import os
import unicodedata
from threading import BoundedSemaphore
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from models.texts import is_seen
from starter.http.problems import fault

MIN_LENGTH: Final = 12
"""Characters of a password (CNIL, recommendation of 2022 on passwords: 12 with variety, or a long sentence)."""
MAX_LENGTH: Final = 200

_PREPARED: Final = "nfkc:"
"""Begins the hash of a prepared password; hashes of before have no such mark."""
_HASHER: Final = PasswordHash((Argon2Hasher(),))
_HASHING_SLOTS: Final = BoundedSemaphore(max(2, os.cpu_count() or 2))
"""Each hash takes 64 MiB and one core, so concurrent sign-ins wait instead of exhausting the machine."""
_DUMMY_HASH: Final = _HASHER.hash("personne n’a ce mot de passe")
"""Verified when an account has no password, so that the answer takes as long."""


def prepared(password: str) -> str:
    """Return the one form of a password, however a system writes its letters; it is never trimmed.

    NIST SP 800-63B, 3.1.1.2: normalised (NFKC) before it is hashed, and one character for each code point; RFC 8265
    maps its spaces in the same way.
    """
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """Return the argon2 hash of a password; takes a tenth of a second or more."""
    with _HASHING_SLOTS:
        return _PREPARED + _HASHER.hash(prepared(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Whether a password matches a hash; False without a hash, after the same time.

    A hash of before may be that of a text as one system wrote it, which forms trimmed: each of these forms is tried.
    The time depends on what was typed, never on the account.
    """
    is_prepared = is_of_prepared(password_hash)
    stored = (password_hash or _DUMMY_HASH).removeprefix(_PREPARED)
    with _HASHING_SLOTS:
        verified = [_HASHER.verify(form, stored) for form in _forms(password)]
    return password_hash is not None and (verified[0] if is_prepared else any(verified))


def is_of_prepared(password_hash: str | None) -> bool:
    """Whether a hash is that of a prepared password; another is replaced when its password is known."""
    return password_hash is not None and password_hash.startswith(_PREPARED)


def _forms(password: str) -> list[str]:
    """Return the forms of a password that earlier releases hashed, today's first."""
    form = prepared(password)
    decomposed = unicodedata.normalize("NFD", password)
    return list(dict.fromkeys((form, password, password.strip(), decomposed.strip())))


def check_chosen(password: str) -> None:
    """Raise `InvalidRequest` for a new password that is too short or too long, or that shows nothing."""
    form = prepared(password)
    if any(unicodedata.category(sign) == "Cc" for sign in form):
        message = "Un mot de passe ne contient pas de caractère de commande, comme une tabulation."
        raise fault("/password", "password-control", message)
    if not is_seen(form):
        message = "Un mot de passe ne peut pas être fait d’espaces ou de signes invisibles seulement."
        raise fault("/password", "password-blank", message)
    if not MIN_LENGTH <= len(form) <= MAX_LENGTH:
        message = f"Choisissez un mot de passe de {MIN_LENGTH} à {MAX_LENGTH} caractères."
        raise fault("/password", "password-length", message)

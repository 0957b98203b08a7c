"""Secrets that are told once: the register keeps their digest."""

from hashlib import sha256


def digest(secret: str) -> bytes:
    """Return what is kept of a secret of 128 bits or more: nobody guesses it back, so nothing slower is needed."""
    return sha256(secret.encode()).digest()

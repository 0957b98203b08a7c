"""Secrets that are shown once: the register stores only their digest."""

from hashlib import sha256


def digest(secret: str) -> bytes:
    """Return the digest of a secret of 128 bits or more: it cannot be guessed, so no slower function is needed."""
    return sha256(secret.encode()).digest()

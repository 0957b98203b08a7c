"""Digests of secrets: the register never stores a secret that it hands out once."""

from hashlib import sha256


def digest(secret: str) -> bytes:
    """Return the digest of a secret of 128 bits or more; unguessable, it needs no slow hash."""
    return sha256(secret.encode()).digest()

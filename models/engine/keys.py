"""Data keys of cases: made at filing, wrapped by the master key, destroyed to erase a closed case's history."""

import hmac
from base64 import b64decode
from hashlib import sha256
from os import urandom
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
"""Bytes of nonce in front of every sealed text (AES-256-GCM)."""


class KeyDestroyed(Exception):
    """The case's history was erased: its payloads cannot be read any more."""


class KeySource(Protocol):
    """Where the codec finds the data key of a workflow."""

    async def key(self, workflow_id: str) -> bytes:
        """Return 32 bytes; raises `KeyDestroyed` when they were erased."""


class MasterKey:
    """Wraps data keys; the workflow id is associated data, so a wrapped key serves no other case."""

    def __init__(self, file: Path) -> None:
        key = b64decode(file.read_bytes().strip(), validate=True)
        self._cipher = AESGCM(key)
        self._derivation = hmac.digest(key, b"derive", "sha256")

    def derive(self, purpose: str, *about: str) -> bytes:
        """Return 32 bytes that nobody else can compute: the same for the same purpose and arguments."""
        return hmac.digest(self._derivation, "\0".join((purpose, *about)).encode(), "sha256")

    def new(self, workflow_id: str) -> bytes:
        """Return a fresh data key, wrapped."""
        return seal(self._cipher, AESGCM.generate_key(256), workflow_id.encode())

    def unwrap(self, wrapped: bytes, workflow_id: str) -> bytes:
        """Return the data key; raises `cryptography.exceptions.InvalidTag` when it is another case's."""
        return unseal(self._cipher, wrapped, workflow_id.encode())


def codec_secret(file: Path) -> str:
    """Return the last part of the address where the Temporal UI has payloads decoded, in development only."""
    return sha256(b"codec " + b64decode(file.read_bytes().strip(), validate=True)).hexdigest()[:32]


def seal(cipher: AESGCM, clear: bytes, bound_to: bytes) -> bytes:
    """Encrypt under a fresh nonce, bound to associated data."""
    nonce = urandom(NONCE)
    return nonce + cipher.encrypt(nonce, clear, bound_to)


def unseal(cipher: AESGCM, sealed: bytes, bound_to: bytes) -> bytes:
    """Decrypt what `seal` made; raises `InvalidTag` when it was altered or bound to something else."""
    return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], bound_to)

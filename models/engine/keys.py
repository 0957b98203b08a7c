"""Data keys of cases: created at filing, wrapped by the master key, destroyed to erase a case's history."""

import hmac
from base64 import b64decode
from hashlib import sha256
from os import urandom
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
"""Bytes of nonce in front of every ciphertext (AES-256-GCM)."""


class KeyDestroyed(Exception):
    """The case's history was erased, so its payloads can no longer be read."""


class KeySource(Protocol):
    """Where the codec finds the data key of a workflow."""

    async def key(self, workflow_id: str) -> bytes:
        """Return the key, 32 bytes; raises `KeyDestroyed` when it was erased."""


class MasterKey:
    """Wraps data keys; the workflow id is associated data, so a wrapped key cannot be used for another case."""

    def __init__(self, file: Path) -> None:
        key = b64decode(file.read_bytes().strip(), validate=True)
        self._cipher = AESGCM(key)
        self._derivation = hmac.digest(key, b"derive", "sha256")

    def derive(self, purpose: str, *about: str) -> bytes:
        """Derive a secret of 32 bytes; the same purpose and arguments always give the same one."""
        return hmac.digest(self._derivation, "\0".join((purpose, *about)).encode(), "sha256")

    def new(self, workflow_id: str) -> bytes:
        """Return a fresh data key, wrapped."""
        return seal(self._cipher, AESGCM.generate_key(256), workflow_id.encode())

    def unwrap(self, wrapped: bytes, workflow_id: str) -> bytes:
        """Return the data key; raises `cryptography.exceptions.InvalidTag` when it is another case's."""
        return unseal(self._cipher, wrapped, workflow_id.encode())


def codec_secret(file: Path) -> str:
    """Return the secret path segment at which the Temporal UI has payloads decoded (development only)."""
    return sha256(b"codec " + b64decode(file.read_bytes().strip(), validate=True)).hexdigest()[:32]


def seal(cipher: AESGCM, clear: bytes, bound_to: bytes) -> bytes:
    """Encrypt with a fresh nonce, bound to associated data; returns nonce and ciphertext."""
    nonce = urandom(NONCE)
    return nonce + cipher.encrypt(nonce, clear, bound_to)


def unseal(cipher: AESGCM, sealed: bytes, bound_to: bytes) -> bytes:
    """Decrypt what `seal` returned; raises `InvalidTag` if it was altered or bound to other data."""
    return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], bound_to)

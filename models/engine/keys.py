"""Keys: the data key of each case, wrapped by the master key and destroyed to erase it; that of blind indexes."""

import hmac
from base64 import b64decode
from collections.abc import Iterable
from hashlib import sha256
from os import urandom
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12
"""Bytes of nonce in front of every ciphertext (AES-256-GCM)."""
KEY_BYTES: Final = 32
BLIND_BYTES: Final = 16
NIR_LENGTH: Final = 13
"""Characters of a NIR without its key."""


class KeyDestroyed(Exception):
    """The case's history was erased, so its payloads can no longer be read."""


class KeySource(Protocol):
    """Where the codec finds the data key of a workflow."""

    async def key(self, workflow_id: str) -> bytes:
        """Return the key, 32 bytes, made on first use; raises `KeyDestroyed` when it was erased."""

    async def known_key(self, workflow_id: str) -> bytes:
        """Return the key without ever making one; raises `KeyDestroyed` when there is none any more."""


class MasterKey:
    """Wraps data keys; the workflow id is associated data, so a wrapped key cannot be used for another case."""

    def __init__(self, file: Path) -> None:
        key = b64decode(file.read_bytes().strip(), validate=True)
        self._cipher = AESGCM(key)
        self._derivation = hmac.digest(key, b"derive", "sha256")
        self._iban_key = HKDF(SHA256(), 32, salt=None, info=b"tacite iban look-up 1").derive(key)

    def mark_iban(self, iban: str) -> bytes:
        """Return the mark by which the same account is found elsewhere: an HMAC under a key for that alone (HKDF)."""
        return hmac.digest(self._iban_key, iban.encode(), "sha256")

    def derive(self, purpose: str, *about: str) -> bytes:
        """Derive a secret of 32 bytes; the same purpose and arguments always give the same one."""
        return hmac.digest(self._derivation, "\0".join((purpose, *about)).encode(), "sha256")

    def new(self, workflow_id: str) -> bytes:
        """Return a fresh data key, wrapped."""
        return seal(self._cipher, AESGCM.generate_key(256), workflow_id.encode())

    def unwrap(self, wrapped: bytes, workflow_id: str) -> bytes:
        """Return the data key; raises `cryptography.exceptions.InvalidTag` when it is another case's."""
        return unseal(self._cipher, wrapped, workflow_id.encode())


class BlindKey:
    """Makes the blind index of a person, by which claims find them again and from which nobody finds them.

    Its root is neither the master key nor derived from it, and is never changed: what was counted under another one
    would be that of somebody else.
    """

    def __init__(self, file: Path) -> None:
        self._key = b64decode(file.read_bytes().strip(), validate=True)
        if len(self._key) != KEY_BYTES:
            raise ValueError("a blind key has 32 bytes")

    def index(self, nir: str) -> bytes:
        """Return the index of a NIR, given with or without its key: an HMAC of its 13 characters, cut to 16 bytes."""
        return hmac.digest(self._key, nir[:NIR_LENGTH].encode(), "sha256")[:BLIND_BYTES]

    def digest(self, content: Iterable[bytes]) -> bytes:
        """Return the digest of what names people, from which nobody guesses a NIR."""
        digest = hmac.new(self._key, digestmod="sha256")
        for each in content:
            digest.update(each)
        return digest.digest()


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

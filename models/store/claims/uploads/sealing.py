"""The bytes of a file of a claim, sealed under the key of its case as they arrive.

A sealed file is a sequence of blocks, each a nonce and the ciphertext (AES-256-GCM) of one mebibyte, the last one
shorter. Associated data are the id of the upload, the place of the block and whether it is the last one: a block cannot
be moved, left out or taken from another file.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models.engine.keys import NONCE, seal, unseal

BLOCK_BYTES: Final = 1024 * 1024
TAG_BYTES: Final = 16
SEALED_BLOCK_BYTES: Final = NONCE + BLOCK_BYTES + TAG_BYTES


class SealedFile(NamedTuple):
    """A whole file, sealed; size and digest (SHA-256) are those of its clear bytes."""

    upload_id: str
    sealed: bytes
    size: int
    digest: bytes


class Sealer:
    """Seals one file while it arrives: less than a block of it is ever held in clear."""

    def __init__(self, upload_id: str, key: bytes) -> None:
        self._upload_id = upload_id
        self._cipher = AESGCM(key)
        self._digest = sha256()
        self._size = 0
        self._clear = bytearray()
        self._blocks: list[bytes] = []

    def add(self, chunk: bytes) -> None:
        """Take the next bytes of the file."""
        self._digest.update(chunk)
        self._size += len(chunk)
        self._clear += chunk
        while len(self._clear) >= BLOCK_BYTES:
            self._seal(bytes(self._clear[:BLOCK_BYTES]), last=False)
            del self._clear[:BLOCK_BYTES]

    def finish(self) -> SealedFile:
        """Return the whole file; nothing can be added to it any more."""
        self._seal(bytes(self._clear), last=True)
        sealed = b"".join(self._blocks)
        self._blocks.clear()
        return SealedFile(self._upload_id, sealed, self._size, self._digest.digest())

    def _seal(self, clear: bytes, *, last: bool) -> None:
        place = _place(self._upload_id, len(self._blocks), last=last)
        self._blocks.append(seal(self._cipher, clear, place))


def open_sealed(upload_id: str, sealed: bytes, key: bytes) -> bytes:
    """Return the clear bytes of a file; raises `cryptography.exceptions.InvalidTag` if anything of it was changed."""
    return b"".join(_blocks(upload_id, memoryview(sealed), AESGCM(key)))


def _blocks(upload_id: str, sealed: memoryview, cipher: AESGCM) -> Iterator[bytes]:
    number = -(-len(sealed) // SEALED_BLOCK_BYTES)
    for at in range(number):
        block = sealed[at * SEALED_BLOCK_BYTES : (at + 1) * SEALED_BLOCK_BYTES]
        yield unseal(cipher, bytes(block), _place(upload_id, at, last=at == number - 1))


def _place(upload_id: str, at: int, *, last: bool) -> bytes:
    return f"{upload_id}:{at}:{'last' if last else 'more'}".encode()

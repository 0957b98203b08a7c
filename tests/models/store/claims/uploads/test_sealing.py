"""The bytes of a file are sealed as they arrive, and opened only whole, in order and under their own id."""

import pytest
from cryptography.exceptions import InvalidTag

from models.store.claims.uploads.sealing import BLOCK_BYTES, SEALED_BLOCK_BYTES, Sealer, open_sealed

KEY = bytes(32)
SIZES = (0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES + 7)


def seal(content: bytes, upload_id: str = "one", chunk: int = 65_536) -> bytes:
    sealer = Sealer(upload_id, KEY)
    for at in range(0, len(content), chunk):
        sealer.add(content[at : at + chunk])
    file = sealer.finish()
    assert file.size == len(content)
    return file.sealed


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("chunk", [65_536, BLOCK_BYTES, 2 * BLOCK_BYTES + 3])
def test_whatever_is_sealed_in_chunks_is_opened_whole(size: int, chunk: int) -> None:
    content = bytes(at % 251 for at in range(size))
    sealed = seal(content, chunk=chunk)
    assert open_sealed("one", sealed, KEY) == content
    assert size < 64 or content[:64] not in sealed


def test_less_than_a_block_is_ever_held_in_clear() -> None:
    sealer = Sealer("one", KEY)
    for _ in range(5):
        sealer.add(bytes(BLOCK_BYTES - 1))
        assert len(sealer._clear) < BLOCK_BYTES


def test_a_file_of_another_id_or_key_does_not_open() -> None:
    sealed = seal(b"ligne")
    for upload_id, key in (("two", KEY), ("one", bytes(31) + b"1")):
        with pytest.raises(InvalidTag):
            open_sealed(upload_id, sealed, key)


def test_blocks_that_are_moved_left_out_or_changed_do_not_open() -> None:
    sealed = seal(bytes(2 * BLOCK_BYTES + 5))
    first, second, last = (sealed[at : at + SEALED_BLOCK_BYTES] for at in range(0, len(sealed), SEALED_BLOCK_BYTES))
    changed = bytearray(sealed)
    changed[BLOCK_BYTES // 2] ^= 1
    for wrong in (second + first + last, first + last, first + second, first, bytes(changed)):
        with pytest.raises(InvalidTag):
            open_sealed("one", wrong, KEY)

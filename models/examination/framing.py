"""Frames between the program `examining` and its clients: bounded both ways.

A call is `!4sIQ` (magic, bytes of the header, bytes of the file), the header in JSON, then the file.
An answer is a seal of 16 random bytes, what the process that judged writes (`!I`, bytes, and a verdict in JSON), then
the last word of its parent: the seal again, and `!cI`, a `Word` and the milliseconds of processor that the file took.
The parent draws the seal once that process exists, and sends it before that process reads anything: whatever a file
makes of it, it does not know the seal and can write no last word.
"""

import secrets
import socket
import struct
from enum import Enum
from typing import Final, NamedTuple

MAGIC: Final = b"EXM3"
CALL: Final = struct.Struct("!4sIQ")
ANSWER: Final = struct.Struct("!I")
END: Final = struct.Struct("!cI")
SEAL_BYTES: Final = 16
LAST_WORD_BYTES: Final = SEAL_BYTES + END.size
MAX_HEADER_BYTES: Final = 4 * 1024 * 1024
"""Largest header: the context of an examination, such as certificates and revocation data."""
MAX_FILE_BYTES: Final = 64 * 1024 * 1024
"""Largest file of any kind of examination."""
MAX_ANSWER_BYTES: Final = 64 * 1024
"""Largest verdict of a kind of examination that states no other limit."""
CHUNK_BYTES: Final = 256 * 1024


class Word(Enum):
    """How an examination ended, said by the parent of the process that judged."""

    ANSWERED = b"A"
    """The process left by itself; the bytes before this word are its verdict."""
    UNREADABLE = b"U"
    """The file ended the process: time of processor, memory, a crash."""
    STOPPED = b"S"
    """The process was stopped before it could judge; says nothing of the file."""
    KILLED = b"K"
    """The machine killed the process, perhaps for want of memory: once says nothing of the file, twice does."""
    BUSY = b"B"
    """Too many examinations are under way; nothing was read."""


class Malformed(Exception):
    """What was received is not a frame."""


class Ending(NamedTuple):
    """What was received, parted: what the process wrote, what its parent says of its end, and what the file took."""

    answer: bytes
    word: Word
    milliseconds: int


def new_seal() -> bytes:
    """Draw the seal of one connection."""
    return secrets.token_bytes(SEAL_BYTES)


def last_word(seal: bytes, word: Word, seconds: float = 0) -> bytes:
    """Return what the parent says last, with the seconds of processor that the file took."""
    return seal + END.pack(word.value, round(1000 * seconds))


def part(received: bytes) -> Ending:
    """Part what was received from its last word; raises `Malformed` without the word of the parent."""
    seal, last = received[:SEAL_BYTES], received[SEAL_BYTES:][-LAST_WORD_BYTES:]
    if len(last) < LAST_WORD_BYTES or last[:SEAL_BYTES] != seal:
        raise Malformed
    value, milliseconds = END.unpack(last[SEAL_BYTES:])
    try:
        return Ending(received[SEAL_BYTES:-LAST_WORD_BYTES], Word(value), milliseconds)
    except ValueError as unknown:
        raise Malformed from unknown


def read_exactly(connection: socket.socket, size: int) -> bytes:
    """Read `size` bytes; raises `Malformed` at an early end."""
    buffer = bytearray(size)
    view, filled = memoryview(buffer), 0
    while filled < size:
        got = connection.recv_into(view[filled : filled + CHUNK_BYTES])
        if not got:
            raise Malformed
        filled += got
    return bytes(buffer)


def unframe(received: bytes, max_bytes: int = MAX_ANSWER_BYTES) -> bytes:
    """Return the verdict inside a whole answer; raises `Malformed`."""
    if len(received) < ANSWER.size:
        raise Malformed
    (size,) = ANSWER.unpack_from(received)
    if size > max_bytes or len(received) != ANSWER.size + size:
        raise Malformed
    return received[ANSWER.size :]

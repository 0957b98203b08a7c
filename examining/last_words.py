"""What the parent says of an examination once its process has ended: kept until the connection takes it.

That process may have filled the connection just before, and what it wrote last must not stand for our word.
"""

import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from models.examination.framing import Word, last_word, new_seal

KEPT_SECONDS: Final = 30.0
"""Longest wait for a caller that does not read: as long as a process that judges may live."""


@dataclass(slots=True, eq=False)
class _Kept:
    """A connection that has not taken all of its last word yet."""

    connection: socket.socket
    rest: bytes
    since: float


class LastWords:
    """Those that connections have not taken yet; its length is their number."""

    def __init__(self, selector: selectors.BaseSelector) -> None:
        self._selector = selector
        self._kept: list[_Kept] = []

    def __len__(self) -> int:
        return len(self._kept)

    def say(self, connection: socket.socket, seal: bytes, word: Word, seconds: float = 0) -> None:
        """Say how an examination ended, and the seconds of processor it took; then close the connection."""
        self._send(_Kept(connection, last_word(seal, word, seconds), time.monotonic()))

    def dismiss(self, connection: socket.socket, word: Word) -> None:
        """Say why nothing is judged to a connection that has no seal yet, and close it."""
        seal = new_seal()
        self._send(_Kept(connection, seal + last_word(seal, word), time.monotonic()))

    def deadlines(self) -> Iterator[float]:
        """Yield until when each connection may take its word."""
        return (each.since + KEPT_SECONDS for each in self._kept)

    def drop_late(self) -> None:
        """Give up those whose callers have not read for too long: without our word they know nothing of the file."""
        now = time.monotonic()
        for each in [each for each in self._kept if now - each.since >= KEPT_SECONDS]:
            self._forget(each)

    def end(self) -> None:
        """Give up all of them."""
        for each in tuple(self._kept):
            self._forget(each)

    def _send(self, kept: _Kept) -> None:
        if _is_sent(kept):
            _close(kept.connection)
            return
        self._kept.append(kept)
        self._selector.register(kept.connection, selectors.EVENT_WRITE, lambda: self._send_rest(kept))

    def _send_rest(self, kept: _Kept) -> None:
        if _is_sent(kept):
            self._forget(kept)

    def _forget(self, kept: _Kept) -> None:
        self._kept.remove(kept)
        self._selector.unregister(kept.connection)
        _close(kept.connection)


def _is_sent(kept: _Kept) -> bool:
    """Send what is left of a last word; whether the connection has taken all of it, or its caller has left."""
    try:
        size = kept.connection.send(kept.rest, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
    except BlockingIOError:
        return False
    except OSError:
        return True
    kept.rest = kept.rest[size:]
    return not kept.rest


def _close(connection: socket.socket) -> None:
    with connection, suppress(OSError):
        connection.shutdown(socket.SHUT_WR)

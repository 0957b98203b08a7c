"""Client of the program `examining`: sends a file, returns a validated verdict; for threads of doors and for acts."""

import json
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Generic

from pydantic import JsonValue, ValidationError

from models.examination import addresses
from models.examination.framing import (
    ANSWER,
    CALL,
    CHUNK_BYTES,
    LAST_WORD_BYTES,
    MAGIC,
    MAX_HEADER_BYTES,
    SEAL_BYTES,
    Ending,
    Malformed,
    Word,
    part,
    unframe,
)
from models.examination.shapes import Kind, V

CONNECT_TIMEOUT: Final = 2.0
"""Seconds to reach the program, which is on this machine."""
ANSWER_TIMEOUT: Final = 45.0
"""Seconds from the first byte sent to the verdict; longer than the program itself takes, waiting included."""
PROBE_SECONDS: Final = 5.0
"""How long `answers` repeats itself: each probe costs the program a process, and anybody may ask."""


class ExaminerUnavailable(Exception):
    """The program is away, busy or was stopped: nothing is known of the file; try again.

    `milliseconds` of processor were spent on the file all the same: its sender is charged with them.
    """

    def __init__(self, reason: str = "", milliseconds: int = 0) -> None:
        super().__init__(reason)
        self.milliseconds = milliseconds


@dataclass(frozen=True, slots=True)
class Examined(Generic[V]):
    """A verdict on a file, and the milliseconds of processor that it took: those of the file, however busy we are."""

    verdict: V
    milliseconds: int


class Examiner:
    """Asks the program at `address`; one connection a file, so that threads may share it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._probed = (-PROBE_SECONDS, False)

    def answers(self) -> bool:
        """Whether the program takes connections, as it was some seconds ago at most; no file is sent."""
        now = time.monotonic()
        since, answered = self._probed
        if now - since >= PROBE_SECONDS:
            answered = self._listens()
            self._probed = (now, answered)
        return answered

    def _listens(self) -> bool:
        try:
            self._connect().close()
        except (OSError, ValueError):
            return False
        return True

    def examine(self, kind: Kind[V], content: bytes, context: Mapping[str, JsonValue] | None = None) -> V:
        """Return the verdict on a file; raises as `measure` does."""
        return self.measure(kind, content, context).verdict

    def measure(self, kind: Kind[V], content: bytes, context: Mapping[str, JsonValue] | None = None) -> Examined[V]:
        """Return the verdict on a file; raises `ExaminerUnavailable`, and `ValueError` for a file over the limits.

        A file that exceeds its limits of time or memory, or ends the process that reads it, is `kind.unreadable`;
        so is one whose process the machine kills twice: it is sent again once.
        An answer that is no valid verdict counts as such an end.
        """
        header = json.dumps({"kind": kind.name, "context": dict(context or {})}).encode()
        if len(content) > kind.max_bytes or len(header) > MAX_HEADER_BYTES:
            raise ValueError(f"too large for an examination: {kind.name}")
        call, took = CALL.pack(MAGIC, len(header), len(content)) + header, 0
        try:
            ending = self._exchange(kind, call, content)
            took = ending.milliseconds
            if ending.word is Word.KILLED:
                ending = self._exchange(kind, call, content)
                took += ending.milliseconds
        except (OSError, ValueError, Malformed) as away:
            raise ExaminerUnavailable(type(away).__name__, took) from away
        match ending.word:
            case Word.ANSWERED:
                return Examined(_verdict(kind, ending.answer), took)
            case Word.UNREADABLE | Word.KILLED:
                return Examined(kind.unreadable, took)
            case Word.BUSY | Word.STOPPED:
                raise ExaminerUnavailable(ending.word.name.lower(), took)

    def _exchange(self, kind: Kind[V], header: bytes, content: bytes) -> Ending:
        """Send everything; return how it ended; raises `Malformed` without the word of the parent."""
        with self._connect() as connection:
            limit = time.monotonic() + ANSWER_TIMEOUT
            connection.settimeout(ANSWER_TIMEOUT)
            with suppress(BrokenPipeError, ConnectionResetError):  # it may have answered before the end: it is busy
                connection.sendall(header)
                connection.sendall(content)
                connection.shutdown(socket.SHUT_WR)
            return _receive(connection, limit, SEAL_BYTES + ANSWER.size + kind.max_answer_bytes + LAST_WORD_BYTES)

    def _connect(self) -> socket.socket:
        family, where = addresses.parse(self._address)
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(CONNECT_TIMEOUT)
            connection.connect(where)
        except BaseException:
            connection.close()
            raise
        return connection


def _receive(connection: socket.socket, limit: float, max_bytes: int) -> Ending:
    """Read to the end, at most so many bytes: those of one answer between a seal and a last word."""
    received = bytearray()
    with suppress(ConnectionResetError):  # the process left part of the file unread; its parent has spoken before
        while True:
            connection.settimeout(max(limit - time.monotonic(), 0.001))
            chunk = connection.recv(CHUNK_BYTES)
            received += chunk
            if not chunk:
                break
            if len(received) > max_bytes:
                return Ending(b"", Word.UNREADABLE, 0)
    return part(bytes(received))


def _verdict(kind: Kind[V], received: bytes) -> V:
    try:
        return kind.verdict.model_validate_json(unframe(received, kind.max_answer_bytes))
    except (Malformed, ValidationError):
        return kind.unreadable

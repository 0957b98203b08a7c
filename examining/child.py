"""The process that judges one file: it reads, judges, writes one verdict and leaves."""

import gc
import json
import logging
import os
import signal
import socket
from collections.abc import Mapping
from types import TracebackType
from typing import Final, NoReturn, Self

from pydantic import JsonValue

from examining import confinement, system_calls
from examining.confinement import Parent
from examining.kinds import Examination, WrongContext
from models.examination.framing import (
    ANSWER,
    CALL,
    MAGIC,
    MAX_FILE_BYTES,
    MAX_HEADER_BYTES,
    read_exactly,
)

DONE: Final = 0
"""Exit code once the verdict is written."""
UNREADABLE: Final = 1
"""Exit code when the file could not be judged."""
NO_CALL: Final = 2
"""Exit code when the connection brought no whole call."""


class Gate:
    """Holds a process that was just forked back until its parent leaves the block."""

    def __init__(self) -> None:
        self._opening, self._held = os.pipe()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._held)
        os.close(self._opening)

    def wait(self) -> None:
        """Wait, in the process that was forked, until the parent has closed its end, or has died."""
        os.close(self._held)
        os.read(self._opening, 1)


def run(parent: Parent, connection: int, gate: Gate, examinations: Mapping[str, Examination]) -> NoReturn:
    """Judge the file that this connection brings, once the gate is open; never returns."""
    code = NO_CALL
    try:
        gate.wait()
        _forget_parent()
        confinement.confine(parent, connection)
        with socket.socket(fileno=confinement.CONNECTION) as caller:
            caller.setblocking(True)
            if parent.filters:
                system_calls.restrict()
            code = _serve(caller, examinations)
    finally:
        os._exit(code)


def _forget_parent() -> None:
    """Drop the handlers of the parent, and the logs of libraries: nobody reads what a file makes them say."""
    signal.set_wakeup_fd(-1)
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(each, signal.SIG_DFL)
    logging.disable(logging.CRITICAL)
    gc.disable()


def _serve(caller: socket.socket, examinations: Mapping[str, Examination]) -> int:
    try:
        name, context, content = _call(caller)
        examination = examinations[name]
    except Exception:  # noqa: BLE001 -- whatever a caller sends instead of a call
        return NO_CALL
    try:
        verdict = examination.examine(content, context).model_dump_json().encode()
        if len(verdict) > examination.max_answer_bytes:
            return UNREADABLE
        caller.sendall(ANSWER.pack(len(verdict)) + verdict)
    except WrongContext:
        return NO_CALL
    except Exception:  # noqa: BLE001 -- a hostile file: whatever it makes a parser raise, it is unreadable
        return UNREADABLE
    return DONE


def _call(caller: socket.socket) -> tuple[str, dict[str, JsonValue], bytes]:
    magic, header_size, size = CALL.unpack(read_exactly(caller, CALL.size))
    if magic != MAGIC or header_size > MAX_HEADER_BYTES or size > MAX_FILE_BYTES:
        raise ValueError
    header = json.loads(read_exactly(caller, header_size))
    return str(header["kind"]), dict(header["context"]), read_exactly(caller, size)

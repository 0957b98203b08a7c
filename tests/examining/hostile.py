"""`python -m tests.examining.hostile`: `examining` with examinations that do what hostile files may do."""

import ctypes
import os
import resource
import socket
import sys
import time
from collections.abc import Callable, Mapping
from typing import Final

from pydantic import BaseModel, JsonValue

from examining import program
from examining.kinds import Examination
from models.examination.framing import ANSWER, Word, last_word
from models.examination.shapes import Kind, Shape

Context = Mapping[str, JsonValue]


class Powers(Shape):
    """What the process could do, by name."""

    done: tuple[str, ...] = ()
    ended: bool = False


POWERS: Final = Kind("powers", Powers, Powers(ended=True), 1_000)
KINDS: Final = {
    name: Kind(name, Powers, Powers(ended=True), 70_000_000)
    for name in ("powers", "spin", "eat", "crash", "sleep", "flood", "lie", "leave", "raise", "echo")
} | {name: Kind(name, Powers, Powers(ended=True), 1_000, max_answer_bytes=1_000_000) for name in ("large", "forge")}
FORGED_SECONDS: Final = 0.2
"""Time of processor that a forger takes, and denies."""
_libc = ctypes.CDLL(None, use_errno=True)


def _powers(_content: bytes, context: Context) -> Powers:
    """Try everything that a process with power over it would try."""
    tried: dict[str, Callable[[], object]] = {
        "file": lambda: os.open(str(context["file"]), os.O_RDONLY),
        "write": lambda: os.open(str(context["folder"]) + "/new", os.O_WRONLY | os.O_CREAT),
        "socket": socket.socket,
        "unix socket": lambda: socket.socket(socket.AF_UNIX),
        "pipe": os.pipe,
        "standard output": lambda: os.write(1, b"x"),
        "standard error": lambda: os.write(2, b"x"),
        "other descriptors": lambda: [os.fstat(number) for number in range(1, 200)],
        "duplicate": lambda: os.dup(0),
        "another process": lambda: os.kill(os.getppid(), 0),
        "a new process": os.fork,
        "environment": lambda: next(iter(os.environ)),
        "more descriptors": _raise_limit,
        "the end of the connection": _end_connection,
    }
    return Powers(done=tuple(name for name, attempt in tried.items() if _succeeds(attempt)))


def _raise_limit() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (10, 10))


def _end_connection() -> None:
    if _libc.shutdown(0, socket.SHUT_WR) != 0:
        raise OSError(ctypes.get_errno(), "shutdown")


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, StopIteration, ImportError):
        return False
    return True


def _spin(_content: bytes, context: Context) -> Powers:
    """Take as much time of processor as the context says, or all that there is."""
    enough = float(str(context.get("seconds", "inf")))
    while time.process_time() < enough:
        pass
    return Powers(done=("spun",))


def _eat(_content: bytes, _context: Context) -> Powers:
    held = []
    while True:
        held.append(bytearray(10_000_000))


def _crash(_content: bytes, _context: Context) -> Powers:
    ctypes.string_at(0)
    return Powers()


def _sleep(_content: bytes, context: Context) -> Powers:
    time.sleep(float(str(context["seconds"])))
    return Powers(done=("slept",))


def _flood(_content: bytes, _context: Context) -> Powers:
    return Powers(done=("x" * 100_000,))


class Lie(BaseModel):
    """A verdict of another shape."""

    valid: str = "yes"


def _lie(_content: bytes, _context: Context) -> Lie:
    return Lie()


def _leave(_content: bytes, _context: Context) -> Powers:
    os._exit(0)


def _large(_content: bytes, context: Context) -> Powers:
    return Powers(done=("x" * int(str(context["size"])),))


def _forge(_content: bytes, context: Context) -> Powers:
    """Write a verdict and the last word of the parent, as if nothing had been used; then leave."""
    _spin(b"", {"seconds": FORGED_SECONDS})
    verdict = _large(b"", context).model_dump_json().encode()
    forged = ANSWER.pack(len(verdict)) + verdict + last_word(bytes(16), Word.ANSWERED)
    while forged:
        forged = forged[os.write(0, forged) :]
    os._exit(0)


def _raise(_content: bytes, _context: Context) -> Powers:
    raise RuntimeError("not for the logs")


def _echo(content: bytes, _context: Context) -> Powers:
    return Powers(done=(str(len(content)),))


EXAMINATIONS: Final = {
    "powers": _powers,
    "spin": _spin,
    "eat": _eat,
    "crash": _crash,
    "sleep": _sleep,
    "flood": _flood,
    "lie": _lie,
    "leave": _leave,
    "raise": _raise,
    "echo": _echo,
    "large": _large,
    "forge": _forge,
}


def _warm() -> None:
    """Nothing to load."""


if __name__ == "__main__":
    examinations = {n: Examination(each, _warm, KINDS[n].max_answer_bytes) for n, each in EXAMINATIONS.items()}
    sys.exit(program.main(os.environ, examinations))

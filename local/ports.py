"""Loopback ports of this world: chosen so that no other world and no outgoing connection takes them meanwhile."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

RANGE: Final = range(20_000, 32_000)
"""Below Linux's ephemeral ports, which outgoing connections take."""
_held: set[int] = set()


class Ports:
    """Loopback ports by name, the same at every start, because mails and certificates contain them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        for port in self._known.values():
            hold(port)

    def __getitem__(self, name: str) -> int:
        if name not in self._known:
            self._known[name] = free_port()
            self._file.write_text(json.dumps(self._known))
        return self._known[name]


def free_port() -> int:
    """Return a port that nothing listens on, and that no process of this user is given again while we live."""
    return next(port for port in _drawn() if port not in _held and hold(port) and free(port))


def hold(port: int) -> bool:
    """Reserve a port until we end; return whether no other process had reserved it."""
    try:
        # A lock of the byte whose place is the port: the kernel releases it when the process ends, however it ends.
        fcntl.lockf(_reservations(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except BlockingIOError:
        return False
    _held.add(port)
    return True


def free(port: int) -> bool:
    """Whether a server could listen on this loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def listening(port: int) -> bool:
    """Whether something accepts connections on this loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _drawn() -> Iterator[int]:
    while True:
        yield RANGE[secrets.randbelow(len(RANGE))]


@cache
def _reservations() -> int:
    """Open the file of the reservations once: closing any descriptor of it would release them all.

    It is the same for every process of a user, whatever its folder of temporary files.
    """
    file = f"/var/tmp/tacite-ports-{os.getuid()}"  # noqa: S108
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)

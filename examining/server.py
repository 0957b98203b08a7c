"""The parent: it accepts connections, forks one process for each, stops those that last, and never reads a byte.

One thread. Everything that a stranger sends is read by the children, which are confined first.
"""

import os
import selectors
import signal
import socket
import struct
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from examining import child
from examining.confinement import CPU_SECONDS, Parent
from examining.kinds import Examination
from examining.last_words import LastWords
from examining.lines import log
from models.examination.framing import Word, new_seal

MAX_CHILDREN: Final = 4
"""Files judged at once."""
MAX_WAITING: Final = 16
"""Connections that wait for their turn; the next one is told at once that we are busy."""
WAIT_SECONDS: Final = 10.0
"""Longest wait for a turn."""
WALL_SECONDS: Final = 30.0
"""Longest life of a child, which has less time of processor than that."""
SILENT_SECONDS: Final = 2.0
"""Longest silence of a connection before its call."""
MAX_SILENT: Final = 64
"""Connections that have not sent anything yet; the oldest makes room for the next one."""
ACCEPT_BACKLOG: Final = 64


@dataclass(frozen=True, slots=True)
class Running:
    """A child, the connection that it serves and when it must end."""

    connection: socket.socket
    since: float
    seal: bytes
    """What makes our last word known as ours; the child does not have it."""


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """A connection that waits for its turn, or has not sent anything yet."""

    connection: socket.socket
    since: float


class Server:
    """Serves one listening socket until `stop`."""

    def __init__(self, listener: socket.socket, parent: Parent, examinations: Mapping[str, Examination]) -> None:
        self._listener = listener
        self._parent = parent
        self._examinations = examinations
        self._running: dict[int, Running] = {}
        self._waiting: deque[Waiting] = deque()
        self._silent: deque[Waiting] = deque()
        self._late: set[int] = set()
        self._selector = selectors.DefaultSelector()
        self._last_words = LastWords(self._selector)
        self._stopped = False

    def stop(self) -> None:
        """Make `serve` return; may be called by a signal handler."""
        self._stopped = True

    def serve(self, wake: socket.socket) -> None:
        """Serve; `wake` becomes readable at each signal. No child is left at the end."""
        with self._selector as selector:
            selector.register(self._listener, selectors.EVENT_READ, self._accept)
            selector.register(wake, selectors.EVENT_READ, lambda: wake.recv(4096))
            while not self._stopped:
                for key, _ in selector.select(self._next_deadline()):
                    key.data()
                self._reap()
                self._stop_late()
                self._begin()
            self._end()

    def _next_deadline(self) -> float | None:
        ends = [each.since + WALL_SECONDS for each in self._running.values()]
        ends += [each.since + WAIT_SECONDS for each in self._waiting]
        ends += [each.since + SILENT_SECONDS for each in self._silent]
        ends += self._last_words.deadlines()
        return max(min(ends) - time.monotonic(), 0) if ends else None

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:  # the caller left already
            return
        if len(self._silent) >= MAX_SILENT:
            self._drop(self._silent[0])
        caller = Waiting(connection, time.monotonic())
        self._silent.append(caller)
        self._selector.register(connection, selectors.EVENT_READ, lambda: self._hear(caller))

    def _hear(self, caller: Waiting) -> None:
        """Let a connection that brings something, which we do not read, wait for its turn."""
        if caller not in self._silent:  # it was dropped since it was selected
            return
        self._silent.remove(caller)
        self._selector.unregister(caller.connection)
        if len(self._waiting) >= MAX_WAITING:
            self._last_words.dismiss(caller.connection, Word.BUSY)
            log("busy")
            return
        self._waiting.append(Waiting(caller.connection, time.monotonic()))

    def _drop(self, caller: Waiting) -> None:
        self._silent.remove(caller)
        self._selector.unregister(caller.connection)
        self._last_words.dismiss(caller.connection, Word.STOPPED)
        log("silent")

    def _begin(self) -> None:
        """Give their turn to those that wait: whoever has not taken our last word still holds a place."""
        while self._waiting and len(self._running) + len(self._last_words) < MAX_CHILDREN:
            connection = self._waiting.popleft().connection
            try:
                self._fork(connection)
            except OSError:
                self._last_words.dismiss(connection, Word.BUSY)
                log("no_process")
                return

    def _fork(self, connection: socket.socket) -> None:
        """Start a child, which reads nothing before its caller was sent a seal that the child does not know."""
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", int(SILENT_SECONDS), 0))
        with child.Gate() as gate:
            pid = os.fork()
            if pid == 0:
                child.run(self._parent, connection.fileno(), gate, self._examinations)
            seal = new_seal()
            with suppress(OSError):  # the caller left
                connection.send(seal, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            self._running[pid] = Running(connection, time.monotonic(), seal)

    def _reap(self) -> None:
        """Tell the callers of the children that ended how they ended."""
        while self._running:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                return
            _kill_group(ended.si_pid)  # before it is reaped, while its number cannot be another's
            pid, status, used = os.wait4(ended.si_pid, 0)
            running = self._running.pop(pid)
            cpu = used.ru_utime + used.ru_stime
            word = _word(status, cpu, late=pid in self._late)
            self._late.discard(pid)
            self._last_words.say(running.connection, running.seal, word, cpu)
            log(
                "examined",
                end=word.name.lower(),
                status=os.waitstatus_to_exitcode(status),
                seconds=round(time.monotonic() - running.since, 3),
                cpu=round(cpu, 3),
                peak_kib=used.ru_maxrss,
            )

    def _stop_late(self) -> None:
        """Kill the children that last, and send away those that waited too long."""
        now = time.monotonic()
        for pid, each in self._running.items():
            if now - each.since >= WALL_SECONDS:
                self._late.add(pid)
                _kill_group(pid)
        while self._silent and now - self._silent[0].since >= SILENT_SECONDS:
            self._drop(self._silent[0])
        while self._waiting and now - self._waiting[0].since >= WAIT_SECONDS:
            self._last_words.dismiss(self._waiting.popleft().connection, Word.BUSY)
            log("busy")
        self._last_words.drop_late()

    def _end(self) -> None:
        for pid in self._running:
            _kill_group(pid)
        for pid, each in self._running.items():
            os.waitpid(pid, 0)
            self._last_words.say(each.connection, each.seal, Word.STOPPED)
        for waiting in self._waiting:
            self._last_words.dismiss(waiting.connection, Word.BUSY)
        for silent in tuple(self._silent):
            self._drop(silent)
        self._last_words.end()


def _word(status: int, cpu: float, *, late: bool) -> Word:
    """Say of a file that it ended its process, unless we, or the machine, ended it.

    On a busy machine a costly file lasts until we end it: half of the time of processor is enough to say so.
    """
    code = os.waitstatus_to_exitcode(status)
    if code == child.DONE:
        return Word.ANSWERED
    if cpu >= CPU_SECONDS / 2:
        return Word.UNREADABLE
    if late or code in (child.NO_CALL, -signal.SIGTERM):
        return Word.STOPPED
    if code == -signal.SIGKILL:
        return Word.KILLED
    return Word.UNREADABLE


def _kill_group(pid: int) -> None:
    """Kill a child and whatever it started; before its `setpgid` it has no group of its own."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)

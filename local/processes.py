"""A child process of this world: start it, wait until it is ready, stop, kill, restart it; it dies with its parent."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from local.ports import free

ROOT = Path(__file__).resolve().parent.parent
"""The folder of our own programs; every child runs there."""

DIE_WITH_PARENT = ROOT / "local" / "die_with_parent.py"

# The kernel ties a child to the *thread* that forked it: one thread, which lives as long as we do, forks all of them.
_SPAWNER = ThreadPoolExecutor(1, thread_name_prefix="spawner")


class ProgramFailed(Exception):
    """A program did not start; the message is for a person and ends with the last lines of its log."""


class Program:
    """One program and its log; subclasses say how it is called and when it is ready.

    `start`, `stop`, `kill` and `restart` may be called from any thread; the same object keeps the same ports.
    `added` holds extra environment variables, which win over all others, so that tests can break it.
    """

    name: str
    log: Path
    stop_signal = signal.SIGTERM
    """Asks it to end; the kernel also sends it when we die."""
    start_timeout = 60.0
    """Seconds that it may take to be ready."""
    stop_timeout = 15.0
    """Seconds that it may take to end."""
    kill_timeout = 30.0
    """Seconds that the kernel may take to end it."""

    def __init__(self, name: str, log: Path) -> None:
        self.name = name
        self.log = log
        self.added: dict[str, str] = {}
        self._child: subprocess.Popen[bytes] | None = None
        self._mark = 0

    def command(self) -> list[str]:
        """Program and arguments."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        """Its environment: ours, without the variables that configure another Tacite or another engine."""
        return {k: v for k, v in os.environ.items() if not k.startswith(("TACITE_", "TEMPORAL_"))}

    def identity(self) -> list[str]:
        """A command prefix that changes the user, or nothing."""
        return []

    def ports(self) -> list[int]:
        """Loopback ports that must be free before it starts."""
        return []

    def prepare(self) -> None:
        """Whatever must exist before the program runs."""

    def ready(self) -> bool:
        """Whether it is ready; polled until it is."""
        raise NotImplementedError

    @property
    def pid(self) -> int:
        """Process id; raises `ProgramFailed` when it was never started."""
        if self._child is None:
            raise ProgramFailed(f"{self.name} n’a pas été démarré")
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Prepare, run and wait until ready, unless it runs already; raises `ProgramFailed`."""
        if self.running:
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._await_ports()
        self.prepare()
        self._mark = self.log.stat().st_size if self.log.exists() else 0
        self._child = _SPAWNER.submit(self._spawn).result()
        try:
            self._await()
        except BaseException:
            self.kill()
            raise

    def stop(self) -> bool:
        """Ask it to end, then kill what is left: no descendant remains. Returns whether it had to be killed.

        Raises `ProgramFailed` when even that does not end it.
        """
        if self._child is None or not self.running:
            return False
        family = _family(self._child.pid)
        self._child.send_signal(self.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(self.stop_timeout)
        forced = self.running
        self._end(family)
        return forced

    def __enter__(self) -> Self:
        """Start; it is ready inside the block."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def kill(self) -> None:
        """End it and all its descendants at once, as a power cut would (SIGKILL)."""
        if self._child is None or not self.running:
            return
        self._child.send_signal(signal.SIGSTOP)  # so that it forks no more while we list its children
        self._end(_family(self._child.pid))

    def pause(self) -> None:
        """Suspend it and all its descendants (SIGSTOP), as on a machine that swaps, until `resume`."""
        for process in _family(self.pid) if self.running else ():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.suspend()

    def resume(self) -> None:
        """Resume it and all its descendants."""
        for process in _family(self.pid) if self.running else ():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()

    def restart(self) -> None:
        """Stop it if it runs and start it with the same arguments, ports and files."""
        self.stop()
        self.start()

    def logged(self, words: str) -> bool:
        """Whether it has logged these words since it was last started.

        Indented lines do not count: a traceback quotes the very line that would have logged them.
        """
        with self.log.open("rb") as log:
            log.seek(self._mark)
            return any(words.encode() in line and not line[:1].isspace() for line in log)

    def tail(self, lines: int = 20) -> str:
        """The last lines of its log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def _spawn(self) -> subprocess.Popen[bytes]:
        prefix = [
            sys.executable,
            "-I",
            "-S",
            str(DIE_WITH_PARENT),
            str(int(self.stop_signal)),
            str(os.getpid()),
        ]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*self.identity(), *prefix, *self.command()],
                cwd=ROOT,
                env=self.environment() | self.added,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is for us only: we stop the others in order
            )

    def _await_ports(self) -> None:
        """Wait for the ports: a program that was just killed may take a moment to release them."""
        limit = time.monotonic() + self.stop_timeout
        for port in self.ports():
            while not free(port):
                if time.monotonic() > limit:
                    raise ProgramFailed(f"{self.name} ne peut pas démarrer : le port {port} est déjà pris")
                time.sleep(0.05)

    def _await(self) -> None:
        limit = time.monotonic() + self.start_timeout
        while not self.ready():
            if not self.running:
                raise ProgramFailed(self._failure("s’est arrêté au démarrage"))
            if time.monotonic() > limit:
                raise ProgramFailed(self._failure(f"n’est pas prêt après {self.start_timeout:.0f} s"))
            time.sleep(0.02)

    def _end(self, family: list[psutil.Process]) -> None:
        limit = time.monotonic() + self.kill_timeout
        while left := [process for process in family if not gone(process)]:
            for process in left:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            if time.monotonic() > limit:
                raise ProgramFailed(f"{self.name} ne meurt pas : processus {[process.pid for process in left]}")
            time.sleep(0.01)
        if self._child is not None:
            self._child.wait(self.kill_timeout)

    def _failure(self, what: str) -> str:
        return f"{self.name} {what} ; fin de {self.log} :\n{self.tail()}"


def answers(url: str) -> bool:
    """Whether this address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def gone(process: psutil.Process) -> bool:
    """Whether a process has ended; a zombie has ended too."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _family(pid: int) -> list[psutil.Process]:
    try:
        head = psutil.Process(pid)
        return [head, *head.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def give_way(pid: int, niceness: int) -> None:
    """Set how far a whole session gives way to others, 0 to 19: the kernel weighs sessions, and `nice` within."""
    with contextlib.suppress(OSError):  # a kernel without these groups
        Path(f"/proc/{pid}/autogroup").write_text(str(niceness))

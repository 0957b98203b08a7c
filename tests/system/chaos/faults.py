"""The faults: each begins and ends on one part of a world, and leaves it intact."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Final

from local.processes import Program
from local.programs import Service
from tests.system.chaos.certificates import expired
from tests.system.chaos.clocks import Clock
from tests.system.chaos.disks import Disk

MAX_WRONG_SECONDS: Final = 72 * 3600.0
"""Maximum error of a program's clock, in seconds."""
MAX_LEAP_SECONDS: Final = 15.0
"""Maximum step forward of the register's clock, in seconds; it keeps the new time, as a corrected clock would."""
STEP_BACK_SECONDS: Final = 0.3
"""Seconds of the step back that follows."""


class Fault(ABC):
    """A failure with a beginning and an end. The campaign restarts programs that exit because of it."""

    @abstractmethod
    def begin(self) -> None:
        """Begin the failure."""

    @abstractmethod
    def end(self) -> None:
        """End the failure."""


class KilledProgram(Fault):
    """A program is killed (SIGKILL), with all its descendants."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def begin(self) -> None:
        self._program.kill()

    def end(self) -> None:
        pass


class PausedProgram(Fault):
    """A program is frozen (SIGSTOP): its connections stay open without an answer."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def begin(self) -> None:
        self._program.pause()

    def end(self) -> None:
        self._program.resume()


class FullDisk(Fault):
    """The disk of a program's data is full."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def begin(self) -> None:
        self._disk.fill()

    def end(self) -> None:
        self._disk.empty()


class WrongClock(Fault):
    """The clock of a program jumps by hours or days, then jumps back."""

    def __init__(self, clock: Clock, amount: float) -> None:
        self._clock = clock
        self._seconds = (2 * amount - 1) * MAX_WRONG_SECONDS

    def begin(self) -> None:
        self._clock.set_offset(self._seconds)

    def end(self) -> None:
        self._clock.set_offset(0)


class ClockSteps(Fault):
    """The register's clock, which is authoritative, steps forward, then a little back."""

    def __init__(self, clock: Clock, amount: float) -> None:
        self._clock = clock
        self._leap = amount * MAX_LEAP_SECONDS

    def begin(self) -> None:
        self._clock.set_offset(self._clock.offset + self._leap)

    def end(self) -> None:
        self._clock.set_offset(self._clock.offset - min(STEP_BACK_SECONDS, self._leap))


class SwitchedFault(Fault):
    """A local stand-in fails by its own switch files (slow links, false time-stamps, half-written files)."""

    def __init__(self, folder: Path, *switches: str) -> None:
        self._switches = [folder / switch for switch in switches]

    @classmethod
    def of(cls, part: Service, *switches: str) -> "SwitchedFault":
        """Create the fault from switch files of a part."""
        return cls(part.folder, *switches)

    def begin(self) -> None:
        for switch in self._switches:
            switch.touch()

    def end(self) -> None:
        for switch in self._switches:
            switch.unlink(missing_ok=True)


class HostileVisitors(Fault):
    """Strangers hold half bodies and send documents that cost much to read; an employer uploads the same."""

    def __init__(self, visitors: Program) -> None:
        self._visitors = visitors

    def begin(self) -> None:
        self._visitors.start()

    def end(self) -> None:
        self._visitors.stop()


class FrozenChannel(Fault):
    """An operator freezes a channel to the agency, for seconds: the freeze ends by itself, whatever else is broken."""

    def __init__(self, freeze: Callable[[], None]) -> None:
        self._freezing = threading.Thread(target=freeze, name="freeze", daemon=True)

    def begin(self) -> None:
        self._freezing.start()

    def end(self) -> None:
        pass


class ExpiredCertificate(Fault):
    """A key's certificate has expired; the worker, which caches certificates, is restarted to load it."""

    def __init__(self, authorities: Path, holder: Path, worker: Program) -> None:
        self._certificate = holder / "certificate.pem"
        self._authorities = authorities
        self._worker = worker
        self._valid = b""

    def begin(self) -> None:
        self._valid = self._certificate.read_bytes()
        self._put(expired(self._valid, (self._authorities / "keys" / "issuing.pem").read_bytes()))
        self._worker.kill()

    def end(self) -> None:
        self._put(self._valid)

    def _put(self, content: bytes) -> None:
        draft = self._certificate.with_suffix(".new")
        draft.write_bytes(content)
        draft.rename(self._certificate)

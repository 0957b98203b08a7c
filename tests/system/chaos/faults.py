"""The faults: each begins and ends, on one part of a world, and leaves it whole."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Final

from local.processes import Program
from local.programs import Service
from tests.system.chaos.certificates import expired
from tests.system.chaos.clocks import Clock
from tests.system.chaos.disks import Disk

HOURS: Final = 72 * 3600.0
"""Most that the clock of a program is put wrong by, in seconds."""
LEAP: Final = 15.0
"""Most that the register's clock steps forward by: it decides, so it stays there, as a corrected one would."""
BACK: Final = 0.3
"""Seconds that it then steps back by."""


class Fault(ABC):
    """Something that breaks, then no more does. Programs that end by it are started again by the campaign."""

    @abstractmethod
    def begin(self) -> None:
        """Break it."""

    @abstractmethod
    def end(self) -> None:
        """Mend it."""


class Killed(Fault):
    """A program ends without warning (SIGKILL), with all its descendants."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def begin(self) -> None:
        self._program.kill()

    def end(self) -> None:
        pass


class Paused(Fault):
    """A program stands still (SIGSTOP): its connections stay open and nobody answers."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def begin(self) -> None:
        self._program.pause()

    def end(self) -> None:
        self._program.resume()


class FullDisk(Fault):
    """Not one more byte can be written where a program keeps its data."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def begin(self) -> None:
        self._disk.fill()

    def end(self) -> None:
        self._disk.empty()


class WrongClock(Fault):
    """The clock of a program is put hours or days wrong, in one step, and put right in another."""

    def __init__(self, clock: Clock, amount: float) -> None:
        self._clock = clock
        self._seconds = (2 * amount - 1) * HOURS

    def begin(self) -> None:
        self._clock.put(self._seconds)

    def end(self) -> None:
        self._clock.put(0)


class ClockSteps(Fault):
    """The register's clock, by which everything is judged, leaps forward, then a little back."""

    def __init__(self, clock: Clock, amount: float) -> None:
        self._clock = clock
        self._leap = amount * LEAP

    def begin(self) -> None:
        self._clock.put(self._clock.offset + self._leap)

    def end(self) -> None:
        self._clock.put(self._clock.offset - min(BACK, self._leap))


class Asked(Fault):
    """A part of this machine's world breaks as its own switches have it (slow links, lies, half-written files)."""

    def __init__(self, folder: Path, *switches: str) -> None:
        self._switches = [folder / switch for switch in switches]

    @classmethod
    def of(cls, part: Service, *switches: str) -> "Asked":
        """Use switches of a part."""
        return cls(part.folder, *switches)

    def begin(self) -> None:
        for switch in self._switches:
            switch.touch()

    def end(self) -> None:
        for switch in self._switches:
            switch.unlink(missing_ok=True)


class ExpiredCertificate(Fault):
    """A key's certificate is out of date; the worker, which keeps certificates, is started on it."""

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

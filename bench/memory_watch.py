"""Peak memory of running programs, as their containers would count it, beside their limits in `docker-compose.yml`."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psutil
import yaml  # type: ignore[import-untyped]
from pydantic import BaseModel

COMPOSE: Final = Path(__file__).parent.parent / "docker-compose.yml"
UNITS: Final = {"K": 1024, "M": 1024**2, "G": 1024**3}
SAMPLE_SECONDS: Final = 1.0
PAGE: Final = 4096


class Limits(BaseModel):
    """Limits of a service; its memory as in `512M`."""

    memory: str


class Resources(BaseModel):
    """Resources of a service."""

    limits: Limits


class Deploy(BaseModel):
    """How a service runs."""

    resources: Resources


class Service(BaseModel):
    """A service, and how it runs, if that is said."""

    deploy: Deploy | None = None


class Compose(BaseModel):
    """The services of an installation."""

    services: dict[str, Service]


def memory_limits() -> dict[str, int]:
    """Return the bytes that each service with a limit may use."""
    services = Compose.model_validate(yaml.safe_load(COMPOSE.read_text("utf-8"))).services
    return {name: in_bytes(each.deploy.resources.limits.memory) for name, each in services.items() if each.deploy}


def in_bytes(memory: str) -> int:
    """Return a size of Compose in bytes."""
    return int(memory[:-1]) * UNITS[memory[-1]]


@dataclass
class Peaks:
    """The most bytes that each program used at once, by the name of its service."""

    bytes_used: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def shares(self) -> dict[str, float]:
        """Return the share of its limit that each program used, the greatest first."""
        limits = memory_limits()
        found = {name: used / limits[name] for name, used in self.bytes_used.items()}
        return dict(sorted(found.items(), key=lambda each: -each[1]))


@contextmanager
def watch_memory(programs: Mapping[str, int]) -> Iterator[Peaks]:
    """Sample programs (their pids by the name of their service) during the block; `Peaks` is complete at its end."""
    peaks, stop = Peaks(), threading.Event()

    def sample() -> None:
        while not stop.wait(SAMPLE_SECONDS):
            _sample(programs, peaks)

    sampler = threading.Thread(target=sample, name="memory")
    sampler.start()
    try:
        yield peaks
    finally:
        stop.set()
        sampler.join()
        _sample(programs, peaks)


def _sample(programs: Mapping[str, int], peaks: Peaks) -> None:
    children = defaultdict(list)
    for child, parent in _parents().items():
        children[parent].append(child)
    for name, pid in programs.items():
        family = [pid]
        for each in family:
            family += children[each]
        peaks.bytes_used[name] = max(peaks.bytes_used[name], used(family))


def used(pids: list[int]) -> int:
    """Return the bytes in use by processes of one container.

    What is resident, pages shared with files or between sessions counted once, and files without a name, which are in
    the container's `tmpfs`. Pages that a fork still shares with its parent are counted twice: a little too much.
    """
    own, shared, files = 0, [0], 0
    for pid in pids:
        with suppress(OSError, psutil.Error):
            pages = [int(each) for each in Path(f"/proc/{pid}/statm").read_text().split()]
            own += pages[1] - pages[2]
            shared.append(pages[2])
            files += sum(_unnamed_sizes(pid))
    return (own + max(shared)) * PAGE + files


def unnamed_files(pid: int) -> list[Path]:
    """Return the descriptors of a process that hold a temporary file without a name."""
    found = []
    with suppress(OSError):
        for each in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                target = str(each.readlink())
                if target.startswith("/") and target.endswith(" (deleted)"):
                    found.append(each)
    return found


def _unnamed_sizes(pid: int) -> Iterator[int]:
    for each in unnamed_files(pid):
        with suppress(OSError):
            yield each.stat().st_blocks * 512


def _parents() -> dict[int, int]:
    """Return the parent of every process."""
    found = {}
    for each in Path("/proc").iterdir():
        if each.name.isdecimal():
            with suppress(OSError, IndexError):
                found[int(each.name)] = int((each / "stat").read_text().rpartition(")")[2].split()[1])
    return found

"""What hostile visitors leave once they are gone: processes, files, connections, rows; nothing of it may remain."""

import asyncio
import time
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

import psutil
from temporalio.client import Client

from bench.memory_watch import unnamed_files
from bench.register_watch import POLL_SECONDS, RegisterWatch
from local.engine import NAMESPACE
from local.visitors import ADDRESS
from local.world import World

SETTLING_SECONDS: Final = 90.0
"""Longest wait: a file lasts thirty seconds at most, its caller a little more."""
TIME_WAIT: Final = "06"
"""State of a closed connection, which the kernel remembers for a minute."""
ERRANDS: Final = "SELECT count(*) FROM errand"
RUNNING: Final = "WorkflowType = 'Verification' AND ExecutionStatus = 'Running'"


@dataclass(frozen=True)
class Leftovers:
    """What is left, by kind."""

    children: int
    """Processes that judge a file."""
    files: int
    """Temporary files, those without a name included."""
    connections: int
    """Connections of the visitors' address that the doors have not closed."""
    errands: int
    """Rows of work that a caller waited for."""
    processes: int
    """Processes of the engine that verify a document."""
    seconds: float
    """Time from the departure of the visitors until nothing was left, or until we gave up."""

    @property
    def nothing(self) -> bool:
        """Whether nothing is left."""
        return not any(astuple(self)[:-1])


def await_nothing(running: World, watch: RegisterWatch, temporary: Path) -> Leftovers:
    """Wait until nothing is left, at most `SETTLING_SECONDS`; return what is."""
    began = time.monotonic()
    while True:
        seconds = time.monotonic() - began
        left = find(running, watch, temporary, seconds)
        if left.nothing or seconds > SETTLING_SECONDS:
            return left
        time.sleep(POLL_SECONDS)


def find(running: World, watch: RegisterWatch, temporary: Path, seconds: float = 0.0) -> Leftovers:
    """Return what is there now; `temporary` is the folder in which programs make their temporary files."""
    own = (running.doors.pid, running.examining.pid, running.verifying.pid)
    return Leftovers(
        children=len(psutil.Process(running.examining.pid).children(recursive=True)),
        files=sum(1 for _ in temporary.rglob("*")) + sum(len(unnamed_files(pid)) for pid in own),
        connections=connections_from(ADDRESS, running.http_port),
        errands=watch.count(ERRANDS),
        processes=asyncio.run(_verifying(running.engine.address)),
        seconds=seconds,
    )


def connections_from(address: str, port: int) -> int:
    """Return how many connections from an address to a loopback port the server's side has not closed."""
    caller = "".join(f"{int(each):02X}" for each in reversed(address.split(".")))
    rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[2].startswith(caller) and row[3] != TIME_WAIT for row in rows)


async def _verifying(engine: str) -> int:
    client = await Client.connect(engine, namespace=NAMESPACE)
    return (await client.count_workflows(RUNNING)).count

"""Thousands of connections to copies of the HTTP server, held open for a minute, with calls through them in turn."""

import asyncio
import resource
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from bench.day import PastFiler, calls
from bench.fixtures import Employer, Scale
from bench.http import CallResults, Connection, call_at_rate
from bench.meters import memory
from local.programs import OwnProgram

CONNECTIONS = 15_000
CALLS_PER_SECOND = 200.0
HELD_SECONDS = 60
OPENED_AT_ONCE = 200
"""Connections opened at the same time."""


@dataclass(frozen=True)
class HeldConnections:
    """Connections at the beginning and still open at the end, and the calls through them."""

    opened: int
    still_open: int
    results: CallResults
    memory: float
    """MB used by all copies at the end."""
    files: int
    """Limit of open files per process."""


def hold(
    doors: Sequence[OwnProgram], people: Sequence[PastFiler], newcomers: Iterator[Employer], scale: Scale
) -> HeldConnections:
    """Open connections to each copy in turn, call through them at a rate, and count those still open."""
    size = scale(CONNECTIONS, 100)
    made = calls(people, newcomers, int(CALLS_PER_SECOND) * scale(HELD_SECONDS, 2))
    return asyncio.run(_hold(doors, size, made))


async def _hold(doors: Sequence[OwnProgram], size: int, made: list[bytes]) -> HeldConnections:
    ports = cycle(door.ports()[0] for door in doors)
    opened: list[Connection] = []
    try:
        while len(opened) < size:
            batch = min(OPENED_AT_ONCE, size - len(opened))
            opened += await asyncio.gather(*(Connection.open(next(ports)) for _ in range(batch)))
        results = await call_at_rate(opened, made, CALLS_PER_SECOND)
        still_open = sum(line.is_open for line in opened)
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        return HeldConnections(size, still_open, results, memory(*(door.pid for door in doors)), files)
    finally:
        for line in opened:
            line.close()

"""Thousands of connections to copies of the doors, held open for a minute, with calls through them in turn."""

import asyncio
import resource
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from bench.day import Someone, calls
from bench.ground import Employer, Scale
from bench.http import Line, Seen, at_rate
from bench.meters import memory
from local.programs import Ours

CONNECTIONS = 15_000
RATE = 200.0
SECONDS = 60
AT_ONCE = 200
"""Connections being opened at the same time."""


@dataclass(frozen=True)
class Held:
    """What was held: connections at the beginning and still open at the end, and the calls through them."""

    opened: int
    left: int
    seen: Seen
    memory: float
    """MB of all copies at the end."""
    files: int
    """Files that a process may open here."""


def held(
    doors: Sequence[Ours], people: Sequence[Someone], newcomers: Iterator[Employer], scale: Scale
) -> Held:
    """Open connections to each copy by turns, call through them at a rate, and see how many are still there."""
    size = scale(CONNECTIONS, 100)
    made = calls(people, newcomers, int(RATE) * scale(SECONDS, 2))
    return asyncio.run(_held(doors, size, made))


async def _held(doors: Sequence[Ours], size: int, made: list[bytes]) -> Held:
    ports = cycle(door.ports()[0] for door in doors)
    opened: list[Line] = []
    try:
        while len(opened) < size:
            more = min(AT_ONCE, size - len(opened))
            opened += await asyncio.gather(*(Line.open(next(ports)) for _ in range(more)))
        seen = await at_rate(opened, made, RATE)
        left = sum(line.is_open for line in opened)
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        return Held(size, left, seen, memory(*(door.pid for door in doors)), files)
    finally:
        for line in opened:
            line.close()

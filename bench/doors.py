"""Doors: filings beside an empty endpoint with one commit, latencies, a paused engine, thousands of connections."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench import crowded, doors_figures
from bench.bare_door import BareDoor
from bench.day import Someone, filing, some
from bench.doors_figures import Round, Told
from bench.figures import Figure
from bench.ground import Employer, Scale, another_door, employers, file, world
from bench.http import Seen, as_fast, at_rate, lines, request
from bench.meters import Meter
from bench.waiting import Watch, until
from local.world import World
from models.engine.keys import MasterKey
from models.store.database import Database

TITLE = "Doors"
HOW = (
    "Filings over HTTP, each by an employer of its own, to one process of the doors on PostgreSQL with durability on. "
    "Bare: the same server with the same settings and threads, an endpoint that commits the same rows, by the same "
    "functions of the register, without asking who files or whether it is right; and barer still, by the driver "
    "alone. The caller runs on the same two cores. The relay and the engine "
    "rest, except where the engine is paused (SIGSTOP): there the relay works and calls come at a fixed rate. "
    "No worker runs. Thousands of connections are held by two copies of the doors, as production has."
)
IN_FLIGHT = 16
CROWDED = 64
PACE = 20.0
"""Filings a second while the engine is paused."""


@dataclass
class House:
    """Everything that runs, and the employers that have not filed yet."""

    running: World
    database: Database
    watch: Watch
    newcomers: Iterator[Employer]
    bare: BareDoor

    @property
    def port(self) -> int:
        """Where the doors listen."""
        return int(self.running.http.rpartition(":")[2])

    def filings(self, size: int) -> list[bytes]:
        """Calls that file, by employers who never did."""
        return [filing(each) for each in some(self.newcomers, size)]


def run(scale: Scale) -> list[Figure]:
    """Pause the engine by turns, then filings and bare commits by turns, then the crowd of connections."""
    with _house(scale(9_000, 400)) as house:
        _run(house.port, house.filings(scale(60, 5)), 4)
        paced = [(_paced(house, scale), _paused(house, scale)) for _ in range(scale(3, 1))]
        house.running.relay.stop()
        bare = [request("POST", "/", body={}) for _ in range(scale(800, 10))]
        raw = [request("POST", "/raw", body={}) for _ in range(scale(1_200, 10))]
        _run(house.bare.port, [*bare, *raw], IN_FLIGHT)
        rounds = [_round(house, bare, raw, scale(500, 10)) for _ in range(scale(5, 1))]
        alone = [_run(house.port, house.filings(scale(250, 5)), 1) for _ in range(scale(3, 1))]
        crowd = [_run(house.port, house.filings(scale(700, 10)), CROWDED) for _ in range(scale(3, 1))]
        with another_door(house.running) as second:
            held = crowded.held((house.running.doors, second), _people(house), house.newcomers, scale)
    return doors_figures.told(Told(paced, rounds, alone, crowd, held))


@contextmanager
def _house(size: int) -> Iterator[House]:
    with ExitStack() as stack:
        running = stack.enter_context(world(("postgres", "engine", "doors", "relay")))
        database = stack.enter_context(Database(running.postgres.dsn, size=4))
        watch = Watch(running.postgres.dsn)
        stack.callback(watch.close)
        newcomers = iter(employers(database, size))
        model = file(database, MasterKey(running.master_key), next(newcomers))
        bare = stack.enter_context(BareDoor(running, model))
        for table in ("account", "establishment", "account_establishment", "token"):
            watch.analyze(table)
        yield House(running, database, watch, newcomers, bare)


def _run(port: int, calls: list[bytes], in_flight: int) -> Seen:
    return asyncio.run(as_fast(port, calls, in_flight))


def _round(house: House, bare: list[bytes], raw: list[bytes], size: int) -> Round:
    """Filings, then the same rows twice over; and what each filing took of the processor."""
    calls = house.filings(size)
    door, database = Meter(house.running.doors.pid), Meter(house.running.postgres.pid)
    ours = _run(house.port, calls, IN_FLIGHT)
    spent = [meter.spent(ours.seconds) * 1000 / size for meter in (door, database)]
    return Round(ours, _run(house.bare.port, bare, IN_FLIGHT), _run(house.bare.port, raw, IN_FLIGHT), *spent)


def _people(house: House) -> list[Someone]:
    master = MasterKey(house.running.master_key)
    return [Someone(each, file(house.database, master, each)) for each in some(house.newcomers, 100)]


def _paced(house: House, scale: Scale) -> Seen:
    """Filings at a pace, while the relay tells the engine of each."""
    calls = house.filings(scale(300, 5))

    async def paced() -> Seen:
        async with lines(house.port, IN_FLIGHT) as opened:
            return await at_rate(opened, calls, PACE)

    seen = asyncio.run(paced())
    return seen


def _paused(house: House, scale: Scale) -> Seen:
    """The same while the engine does not answer; it goes on afterwards, and is told of all."""
    until(house.watch.all_done, "every start")
    os.kill(house.running.engine.pid, signal.SIGSTOP)
    try:
        time.sleep(1)
        return _paced(house, scale)
    finally:
        os.kill(house.running.engine.pid, signal.SIGCONT)
        until(house.watch.all_done, "every start after the pause")

"""HTTP server (`doors`): filings beside an empty endpoint with one commit, latencies, a paused engine, connections."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench import doors_figures, held_connections
from bench.bare_server import BareServer
from bench.day import PastFiler, filing_call, take
from bench.doors_figures import Measured, Round
from bench.figures import Figure
from bench.fixtures import Employer, Scale, employers, file, second_server, world
from bench.http import CallResults, call_at_full_speed, call_at_rate, connections, request
from bench.meters import Meter
from bench.register_watch import RegisterWatch, until
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
MANY_IN_FLIGHT = 64
FILINGS_PER_SECOND = 20.0
"""Rate of filings while the engine is paused."""


@dataclass
class Setup:
    """The running programs, and the employers that have not filed yet."""

    running: World
    database: Database
    watch: RegisterWatch
    newcomers: Iterator[Employer]
    bare: BareServer

    def filing_calls(self, size: int) -> list[bytes]:
        """Return calls that file, by employers who have not filed yet."""
        return [filing_call(each) for each in take(self.newcomers, size)]


def run(scale: Scale) -> list[Figure]:
    """Filings with the engine running and paused, then filings and bare commits in turn, then the connections."""
    with _setup(scale(9_000, 400)) as setup:
        _call(setup.running.http_port, setup.filing_calls(scale(60, 5)), 4)
        paced = [(_paced(setup, scale), _paused(setup, scale)) for _ in range(scale(3, 1))]
        setup.running.relay.stop()
        bare = [request("POST", "/", body={}) for _ in range(scale(800, 10))]
        raw = [request("POST", "/raw", body={}) for _ in range(scale(1_200, 10))]
        _call(setup.bare.port, [*bare, *raw], IN_FLIGHT)
        rounds = [_round(setup, bare, raw, scale(500, 10)) for _ in range(scale(5, 1))]
        alone = [_call(setup.running.http_port, setup.filing_calls(scale(250, 5)), 1) for _ in range(scale(3, 1))]
        crowd = [
            _call(setup.running.http_port, setup.filing_calls(scale(700, 10)), MANY_IN_FLIGHT)
            for _ in range(scale(3, 1))
        ]
        with second_server(setup.running) as second:
            held = held_connections.hold((setup.running.doors, second), _past_filers(setup), setup.newcomers, scale)
    return doors_figures.build_figures(Measured(paced, rounds, alone, crowd, held))


@contextmanager
def _setup(size: int) -> Iterator[Setup]:
    with ExitStack() as stack:
        running = stack.enter_context(world(("postgres", "engine", "doors", "relay")))
        database = stack.enter_context(Database(running.postgres.dsn, size=4))
        watch = RegisterWatch(running.postgres.dsn)
        stack.callback(watch.close)
        newcomers = iter(employers(database, size))
        model = file(database, MasterKey(running.master_key), next(newcomers))
        bare = stack.enter_context(BareServer(running, model))
        for table in ("account", "establishment", "account_establishment", "token"):
            watch.analyze(table)
        yield Setup(running, database, watch, newcomers, bare)


def _call(port: int, calls: list[bytes], in_flight: int) -> CallResults:
    return asyncio.run(call_at_full_speed(port, calls, in_flight))


def _round(setup: Setup, bare: list[bytes], raw: list[bytes], size: int) -> Round:
    """Make filings, then commit the same rows in both bare ways; measure the processor time of each filing."""
    calls = setup.filing_calls(size)
    door, database = Meter(setup.running.doors.pid), Meter(setup.running.postgres.pid)
    ours = _call(setup.running.http_port, calls, IN_FLIGHT)
    spent = [meter.spent(ours.seconds) * 1000 / size for meter in (door, database)]
    return Round(ours, _call(setup.bare.port, bare, IN_FLIGHT), _call(setup.bare.port, raw, IN_FLIGHT), *spent)


def _past_filers(setup: Setup) -> list[PastFiler]:
    master = MasterKey(setup.running.master_key)
    return [PastFiler(each, file(setup.database, master, each)) for each in take(setup.newcomers, 100)]


def _paced(setup: Setup, scale: Scale) -> CallResults:
    """Make filings at a fixed rate, while the relay delivers each to the engine."""
    calls = setup.filing_calls(scale(300, 5))

    async def paced() -> CallResults:
        async with connections(setup.running.http_port, IN_FLIGHT) as opened:
            return await call_at_rate(opened, calls, FILINGS_PER_SECOND)

    return asyncio.run(paced())


def _paused(setup: Setup, scale: Scale) -> CallResults:
    """Do the same while the engine is stopped; it then resumes and receives every start."""
    until(setup.watch.nothing_outstanding, "every start")
    os.kill(setup.running.engine.pid, signal.SIGSTOP)
    try:
        time.sleep(1)
        return _paced(setup, scale)
    finally:
        os.kill(setup.running.engine.pid, signal.SIGCONT)
        until(setup.watch.nothing_outstanding, "every start after the pause")

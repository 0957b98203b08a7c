"""Files of claims through the door: 100,000 lines received, sealed, read, checked and staged, while others file."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import httpx

from bench import claim_uploads_figures
from bench.claim_uploads_figures import Measured, Reading
from bench.day import filing_call
from bench.figures import Figure
from bench.fixtures import BEGINS_IN_DAYS, Employer, Scale, employers, file, world
from bench.http import CallResults, call_at_rate, connections
from bench.memory_watch import watch_memory
from bench.meters import Meter
from bench.register_watch import RegisterWatch
from law.calendar import add_months
from local.payroll_files import as_csv
from local.payrolls import long_table, payroll
from local.world import World
from models.claim_files.claim import weeks_of_month
from models.engine.keys import MasterKey
from models.store.cases import silence
from models.store.database import Database

TITLE = "Files of claims through the door"
HOW = (
    "One CSV of 100,000 lines (20,000 people), sent to one process of the doors by an employer whose authorization "
    "stands; the relay starts its process, a worker has the program `examining` read it, checks every line, seals who "
    "the people are and stages them. From the first byte sent to the state « read », as the employer sees it. Others "
    "file meanwhile, at a fixed rate; the same rate with nothing read comes first. PostgreSQL is durable."
)
LINES: Final = 100_000
FILINGS_PER_SECOND: Final = 10.0
IN_FLIGHT: Final = 16
PARTS: Final = ("postgres", "engine", "authorities", "examining", "worker", "reading", "doors", "relay")
POLL_SECONDS: Final = 0.2
MAX_SECONDS: Final = 300.0


@dataclass
class Setup:
    """The running programs, employers that have not filed yet, and the claim’s content."""

    running: World
    database: Database
    newcomers: Iterator[Employer]
    month: date
    content: bytes

    @property
    def programs(self) -> dict[str, int]:
        """Process ids, by the service of Compose."""
        world = self.running
        own = {"doors": world.doors, "examining": world.examining, "worker-reading": world.reading}
        others = {"worker-cases": world.worker, "postgres": world.postgres}
        return {name: each.pid for name, each in (own | others).items()}


def run(scale: Scale) -> list[Figure]:
    """File alone, then read one file a round while others file."""
    with _setup(scale(LINES, 500), scale(2_000, 600)) as setup:
        _read(setup)
        quiet = _file_for(setup, scale(20, 1))
        readings = [_round(setup) for _ in range(scale(3, 1))]
    return claim_uploads_figures.build_figures(Measured(len(setup.content), scale(LINES, 500), quiet, readings))


@contextmanager
def _setup(lines: int, size: int) -> Iterator[Setup]:
    begun = datetime.now(UTC).date() + timedelta(days=BEGINS_IN_DAYS)
    month = add_months(begun.replace(day=1), 1)  # the first whole one of the authorization
    people = payroll(lines // len(weeks_of_month(month)), month)
    content = as_csv(long_table(people)).encode()
    with ExitStack() as stack:
        running = stack.enter_context(world(PARTS))
        database = stack.enter_context(Database(running.postgres.dsn, size=4))
        watch = RegisterWatch(running.postgres.dsn)
        stack.callback(watch.close)
        newcomers = iter(employers(database, size))
        for table in ("account", "establishment", "account_establishment", "token"):
            watch.analyze(table)
        yield Setup(running, database, newcomers, month, content)


def _authorized(setup: Setup) -> tuple[Employer, str]:
    """Return an employer whose request the silence has accepted, and its reference."""
    by = next(setup.newcomers)
    due_at = datetime.now(UTC) - timedelta(minutes=1)
    reference = file(setup.database, MasterKey(setup.running.master_key), by, due_at)
    with setup.database.begin() as connection:
        silence.establish(connection, reference)
    return by, reference


def _read(setup: Setup) -> float:
    """Send the file and wait until it is read; returns the seconds."""
    by, reference = _authorized(setup)
    address = f"{setup.running.site}/api/v1/requests/{reference}/claims/{setup.month:%Y-%m}/uploads"
    headers = {"Authorization": f"Bearer {by.token}"}
    began = time.perf_counter()
    sent = httpx.post(address, content=setup.content, headers=headers, timeout=60)
    sent.raise_for_status()
    while time.perf_counter() < began + MAX_SECONDS:
        shown = httpx.get(f"{address}/{sent.json()['id']}", headers=headers, timeout=60).json()
        if shown["state"] != "reading":
            assert shown["state"] == "read", shown
            return time.perf_counter() - began
        time.sleep(POLL_SECONDS)
    raise TimeoutError(f"{address} is not read after {MAX_SECONDS:.0f} s")


def _round(setup: Setup) -> Reading:
    """Read the file while others file, watching what each program uses."""
    seconds, done = list[float](), threading.Event()

    def read() -> None:
        try:
            seconds.append(_read(setup))
        finally:
            done.set()

    meters = {name: Meter(pid) for name, pid in setup.programs.items()}
    with watch_memory(setup.programs) as peaks:
        began = time.perf_counter()
        reader = threading.Thread(target=read, name="reader")
        reader.start()
        filed = _file_until(setup, done)
        reader.join()
        lasted = time.perf_counter() - began
    spent = {name: meter.spent(lasted) for name, meter in meters.items()}
    return Reading(seconds[0], filed, spent, dict(peaks.bytes_used))


def _file_for(setup: Setup, seconds: int) -> CallResults:
    calls = [filing_call(next(setup.newcomers)) for _ in range(int(seconds * FILINGS_PER_SECOND))]

    async def paced() -> CallResults:
        async with connections(setup.running.http_port, IN_FLIGHT) as opened:
            return await call_at_rate(opened, calls, FILINGS_PER_SECOND)

    return asyncio.run(paced())


def _file_until(setup: Setup, done: threading.Event) -> CallResults:
    """File at the rate, a second at a time, until it is done."""
    whole = CallResults()
    while not done.is_set():
        part = _file_for(setup, 1)
        whole.answers += part.answers
        whole.seconds += part.seconds
    return whole

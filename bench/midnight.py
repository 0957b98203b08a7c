"""Midnight: thousands of silences at one instant, the acts that follow, and the SQL statement on ten times as many."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from bench import midnight_figures
from bench.bare import BareMidnightWorkflow
from bench.bare_worker import QUEUE, BareWorker
from bench.engine import a_case
from bench.figures import Figure
from bench.fixtures import Scale, employers, file_requests, worker, world
from bench.midnight_figures import Storm
from bench.register_watch import RegisterWatch, WaitTimeout, until
from bench.statement import time_statements
from local.programs import OwnProgram
from local.world import EVERYTHING, World
from models.engine.keys import MasterKey
from models.store.database import Database

TITLE = "Midnight"
HOW = (
    "Requests whose silences all fall at one instant, inserted by the bench, started by the relay, acknowledged and "
    "waiting; ten of them are five pairs that overlap. Their receipts are kept beforehand, to spare the time of "
    "sealing them. The worker of the procedure is restarted twenty seconds before the instant, as every real deadline "
    "finds it: nothing is warm. What follows is measured apart, on smaller storms by turns with bare processes that "
    "have a timer and two activities which do nothing; and the statement alone, in a register of its own."
)
OVERLAPPING = 5
START_TIME_MARGIN = 1.3
"""Factor on the time that starts are expected to take."""
STORM_LEAD_SECONDS, RESTART_LEAD_SECONDS = 45, 20
"""Seconds between the last start, or the restart of the worker, and the instant of the large storm."""
WINDOW_SECONDS = 30
"""Seconds over which the rate of the acts that follow is measured."""
SMALL_STORM_LEAD_SECONDS = 10.0
"""Seconds before the instant of a small storm, for which nothing is restarted."""
MIN_LEAD_SECONDS = 4.0
"""Least margin in seconds: with less, the instant would come while cases still start."""
WINDOW_DELAY_SECONDS = 5.0
"""Seconds after the instant at which that window begins."""
UNCONTROLLED = "SELECT count(*) FROM request WHERE outcome IS NULL AND signals = '[]'"
"""Cases whose automatic checks are not done: with its notices, the last thing that a case does before it waits."""
UNSENT = "SELECT count(*) FROM notice WHERE sent_at IS NULL"
ESTABLISHED_TWICE = (
    "SELECT count(*) FROM (SELECT 1 FROM event WHERE type = 'authorization_tacitly_granted'"
    " GROUP BY subject HAVING count(*) > 1) doubled"
)
OVERLAPPING_PAIRS = (
    "SELECT count(*) FROM (SELECT 1 FROM request WHERE outcome = 'tacit' GROUP BY siret, ground, start_on, end_on"
    " HAVING count(*) = 2) pairs"
)
UNDELIVERED = "SELECT count(*) FROM outbox WHERE done_at IS NULL"


@dataclass
class Setup:
    """The running programs."""

    running: World
    database: Database
    watch: RegisterWatch
    cases: OwnProgram
    bare: BareWorker
    rate: float = 6.0
    """Starts per second, as last measured."""

    @property
    def master(self) -> MasterKey:
        """The master key of this world."""
        return MasterKey(self.running.master_key)


def run(scale: Scale) -> list[Figure]:
    """Measure small storms and bare ones in turn, then the large one, then the statement."""
    with _setup() as setup:
        size = scale(120, 4)
        pairs = [(_small_storm(setup, size), _bare_storm(setup, size)) for _ in range(scale(3, 1))]
        storm = _large_storm(setup, scale(5_000, 20), scale)
        rows = scale(50_000, 100)
        statement_runs = time_statements(setup.running.postgres, rows, scale(3, 1))
    return midnight_figures.build_figures(pairs, storm, statement_runs, rows)


@contextmanager
def _setup() -> Iterator[Setup]:
    with ExitStack() as stack:
        running = stack.enter_context(world(part for part in EVERYTHING if part not in ("worker", "doors")))
        database = stack.enter_context(Database(running.postgres.dsn, size=8))
        watch = RegisterWatch(running.postgres.dsn)
        stack.callback(watch.close)
        stack.enter_context(worker(running, "signing", "signing"))
        cases = stack.enter_context(worker(running, "cases", "cases", "agency"))
        bare = stack.enter_context(BareWorker(running))
        yield Setup(running, database, watch, cases, bare)


def _open(setup: Setup, size: int, before: float, overlapping: int = 0) -> datetime:
    """Open cases that wait for one instant; return that instant."""
    due_at = _seconds_from_now(size / setup.rate * START_TIME_MARGIN + before)
    by = employers(setup.database, size - overlapping)
    began = time.monotonic()
    file_requests(setup.database, setup.master, [*by, *by[:overlapping]], due_at, with_receipt=True)
    until(lambda: not setup.watch.count(UNDELIVERED) + setup.watch.count(UNCONTROLLED), "every start", 900)
    setup.rate = size / (time.monotonic() - began)
    if datetime.now(UTC) > due_at - timedelta(seconds=MIN_LEAD_SECONDS):
        raise WaitTimeout("the starts took longer than expected")
    return due_at


def _seconds_from_now(seconds: float) -> datetime:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)


def _sleep_until(instant: datetime) -> None:
    time.sleep(max((instant - datetime.now(UTC)).total_seconds(), 0))


def _small_storm(setup: Setup, size: int) -> float:
    """Run a small storm of the product; return cases per second, from the instant to the last notice."""
    due = setup.watch.documents("attestation") + size
    due_at = _open(setup, size, SMALL_STORM_LEAD_SECONDS)
    _sleep_until(due_at)
    until(
        lambda: setup.watch.documents("attestation") >= due and not setup.watch.count(UNSENT),
        "every attestation and its notices",
    )
    rate = size / (datetime.now(UTC) - due_at).total_seconds()
    until(setup.watch.nothing_outstanding, "every deposit")
    return rate


def _bare_storm(setup: Setup, size: int) -> float:
    """Run the same storm with bare processes."""
    due, due_at = setup.bare.sent + size, _seconds_from_now(size / 20 + 5)

    async def start_all() -> None:
        client = await Client.connect(setup.running.engine.address, data_converter=pydantic_data_converter)
        for _ in range(size):
            case = a_case(due_at)
            await client.start_workflow(BareMidnightWorkflow.run, case, id=case.reference, task_queue=QUEUE)

    asyncio.run(start_all())
    _sleep_until(due_at)
    until(lambda: setup.bare.sent >= due, "the last act of every bare process")
    return size / (datetime.now(UTC) - due_at).total_seconds()


def _large_storm(setup: Setup, size: int, scale: Scale) -> Storm:
    """Run the large storm: what the register recorded, when all of it could be read, and the acts that follow."""
    before = setup.watch.documents("attestation")
    due_at = _open(setup, size, scale(STORM_LEAD_SECONDS, 20), OVERLAPPING)
    _sleep_until(due_at - timedelta(seconds=scale(RESTART_LEAD_SECONDS, 10)))
    setup.cases.restart()
    _sleep_until(due_at)
    tacit_count = f"SELECT count(*) FROM request WHERE deadline_at = '{due_at.isoformat()}' AND outcome = 'tacit'"
    until(lambda: setup.watch.count(tacit_count) >= size, "every silence")
    readable = (datetime.now(UTC) - due_at).total_seconds()
    _sleep_until(due_at + timedelta(seconds=WINDOW_DELAY_SECONDS))
    first, began = setup.watch.documents("attestation"), time.monotonic()
    time.sleep(scale(WINDOW_SECONDS, 3))
    sealed = setup.watch.documents("attestation") - first
    return Storm(
        size=size,
        lateness=setup.watch.lateness(due_at.isoformat()),
        readable=readable,
        twice=setup.watch.count(ESTABLISHED_TWICE),
        overlapping=setup.watch.count(OVERLAPPING_PAIRS),
        first=first - before,
        sealed=sealed / (time.monotonic() - began),
        started=setup.rate,
    )

"""Midnight: thousands of silences at one instant, what follows them, and the statement alone on ten times as many."""

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
from bench.ground import Scale, employers, file_all, worker, world
from bench.midnight_figures import Storm
from bench.statement import statements
from bench.waiting import NeverHappened, Watch, until
from local.programs import Ours
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
MARGIN = 1.3
"""Of the time that starts are expected to take."""
BEFORE, RESTART = 45, 20
"""Seconds between the last start, or the restart of the worker, and the instant of the great storm."""
WINDOW = 30
"""Seconds over which the rate of what follows it is taken."""
SHORTLY = 10.0
"""The same before a small one, for which nothing is restarted."""
LEAST = 4.0
"""Seconds without which the instant would come upon starts."""
AFTER = 5.0
"""Seconds after the instant from which the rate of what follows is taken."""
WAITING = "SELECT count(*) FROM request WHERE outcome IS NULL AND signals = '[]'"
"""Cases whose controls are not made: with their notices, the last thing that a case does before it waits."""
UNSENT = "SELECT count(*) FROM notice WHERE sent_at IS NULL"
TWICE = (
    "SELECT count(*) FROM (SELECT 1 FROM event WHERE type = 'authorization_tacitly_granted'"
    " GROUP BY subject HAVING count(*) > 1) doubled"
)
PAIRS = (
    "SELECT count(*) FROM (SELECT 1 FROM request WHERE outcome = 'tacit' GROUP BY siret, ground, start_on, end_on"
    " HAVING count(*) = 2) pairs"
)
CARRIED = "SELECT count(*) FROM outbox WHERE done_at IS NULL"


@dataclass
class Night:
    """Everything that runs."""

    running: World
    database: Database
    watch: Watch
    cases: Ours
    bare: BareWorker
    rate: float = 6.0
    """Starts a second, as last seen."""

    @property
    def master(self) -> MasterKey:
        """The master key of this world."""
        return MasterKey(self.running.master_key)


def run(scale: Scale) -> list[Figure]:
    """Small storms by turns with bare ones, the great one, the statement."""
    with _night() as night:
        size = scale(120, 4)
        pairs = [(_drained(night, size), _bare(night, size)) for _ in range(scale(3, 1))]
        storm = _storm(night, scale(5_000, 20), scale)
        rows = scale(50_000, 100)
        alone = statements(night.running.postgres, rows, scale(3, 1))
    return midnight_figures.told(pairs, storm, alone, rows)


@contextmanager
def _night() -> Iterator[Night]:
    with ExitStack() as stack:
        running = stack.enter_context(world(part for part in EVERYTHING if part not in ("worker", "doors")))
        database = stack.enter_context(Database(running.postgres.dsn, size=8))
        watch = Watch(running.postgres.dsn)
        stack.callback(watch.close)
        stack.enter_context(worker(running, "signing", "signing"))
        cases = stack.enter_context(worker(running, "cases", "cases", "agency"))
        bare = stack.enter_context(BareWorker(running))
        yield Night(running, database, watch, cases, bare)


def _open(night: Night, size: int, before: float, overlapping: int = 0) -> datetime:
    """Open cases that wait for one instant, and return it."""
    due_at = _in(size / night.rate * MARGIN + before)
    by = employers(night.database, size - overlapping)
    began = time.monotonic()
    file_all(night.database, night.master, [*by, *by[:overlapping]], due_at, papered=True)
    until(lambda: not night.watch.count(CARRIED) + night.watch.count(WAITING), "every start", 900)
    night.rate = size / (time.monotonic() - began)
    if datetime.now(UTC) > due_at - timedelta(seconds=LEAST):
        raise NeverHappened("the starts took longer than was foreseen")
    return due_at


def _in(seconds: float) -> datetime:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)


def _sleep_until(instant: datetime) -> None:
    time.sleep(max((instant - datetime.now(UTC)).total_seconds(), 0))


def _drained(night: Night, size: int) -> float:
    """A small storm of ours: cases a second, from the instant to the last notice."""
    due = night.watch.documents("attestation") + size
    due_at = _open(night, size, SHORTLY)
    _sleep_until(due_at)
    until(
        lambda: night.watch.documents("attestation") >= due and not night.watch.count(UNSENT),
        "every attestation and its notices",
    )
    rate = size / (datetime.now(UTC) - due_at).total_seconds()
    until(night.watch.all_done, "every deposit")
    return rate


def _bare(night: Night, size: int) -> float:
    """The same storm of bare processes."""
    due, due_at = night.bare.sent + size, _in(size / 20 + 5)

    async def started() -> None:
        client = await Client.connect(night.running.engine.address, data_converter=pydantic_data_converter)
        for _ in range(size):
            case = a_case(due_at)
            await client.start_workflow(BareMidnightWorkflow.run, case, id=case.reference, task_queue=QUEUE)

    asyncio.run(started())
    _sleep_until(due_at)
    until(lambda: night.bare.sent >= due, "the last act of every bare process")
    return size / (datetime.now(UTC) - due_at).total_seconds()


def _storm(night: Night, size: int, scale: Scale) -> Storm:
    """The great one: what the register holds of each silence, when all could be read, and what follows."""
    before = night.watch.documents("attestation")
    due_at = _open(night, size, scale(BEFORE, 20), OVERLAPPING)
    _sleep_until(due_at - timedelta(seconds=scale(RESTART, 10)))
    night.cases.restart()
    _sleep_until(due_at)
    born = f"SELECT count(*) FROM request WHERE deadline_at = '{due_at.isoformat()}' AND outcome = 'tacit'"
    until(lambda: night.watch.count(born) >= size, "every silence")
    readable = (datetime.now(UTC) - due_at).total_seconds()
    _sleep_until(due_at + timedelta(seconds=AFTER))
    first, began = night.watch.documents("attestation"), time.monotonic()
    time.sleep(scale(WINDOW, 3))
    sealed = night.watch.documents("attestation") - first
    return Storm(
        size=size,
        lateness=night.watch.lateness(due_at.isoformat()),
        readable=readable,
        twice=night.watch.count(TWICE),
        overlapping=night.watch.count(PAIRS),
        first=first - before,
        sealed=sealed / (time.monotonic() - began),
        started=night.rate,
    )

"""Engine: processor and disk cost of a silent case beside its bare equivalent, and decisions after a restart."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from bench import decisions, engine_figures
from bench.bare import BareWorkflow
from bench.bare_worker import QUEUE, BareWorker
from bench.engine_figures import Batch
from bench.figures import Figure
from bench.fixtures import DEPARTMENT, Scale, employers, file, worker, world
from bench.meters import Meter, cpu, engine_kib, register_kib
from bench.register_watch import RegisterWatch, until
from law.silence import silence
from local.programs import OwnProgram
from local.world import EVERYTHING, World
from models.engine.keys import MasterKey
from models.messages.case import Case, Receipt
from models.store.database import Database

TITLE = "Engine"
HOW = (
    "A silent case from its filing to its hand-over: receipt, controls, notice, timer, silence, attestation, "
    "hand-over, notices (reminders, the same in both shapes, are left out). The product: its relay, one worker for "
    "`cases` and `agency`, one for `signing`. Bare: the same timer and acts, acts that do nothing, no encryption, no "
    "sandbox, no search attribute, started by a plain client. Batches by turns on one server, a case every tenth of "
    "a second, each due 8 s after its filing; what the programs spend when nothing happens is taken off."
)
CASE_INTERVAL_SECONDS = 0.1
"""Seconds between two cases."""
SILENCE_AFTER_SECONDS = 8.0
"""Seconds from a filing to its silence."""
SETTLING_SECONDS = 1.0
"""Seconds left for the last workflow task after the last visible act."""
IDLE_SECONDS = 5.0
_numbers = count()


@dataclass
class Setup:
    """The running programs, and their processor use at rest."""

    running: World
    database: Database
    watch: RegisterWatch
    cases: OwnProgram
    signing: OwnProgram
    bare: BareWorker
    idle: dict[str, float] = field(default_factory=dict)

    @property
    def pids(self) -> dict[str, int]:
        """Programs whose processor time is counted, by name."""
        return {
            "server": self.running.engine.pid,
            "cases": self.cases.pid,
            "signing": self.signing.pid,
            "bare": self.bare.pid,
            "register": self.running.postgres.pid,
            "relay": self.running.relay.pid,
        }


def run(scale: Scale) -> list[Figure]:
    """Measure pairs of batches, then decisions."""
    with _setup() as setup:
        time.sleep(scale(3, 1))
        before = {name: cpu(pid) for name, pid in setup.pids.items()}
        time.sleep(IDLE_SECONDS)
        setup.idle = {name: (cpu(pid) - before[name]) / IDLE_SECONDS for name, pid in setup.pids.items()}
        size = scale(40, 3)
        if not scale.tiny:  # one-off costs: first page, first connections
            _product_batch(setup, size // 4), _bare_batch(setup, size // 4)
        pairs = [(_product_batch(setup, size), _bare_batch(setup, size)) for _ in range(scale(4, 1))]
        workers = (setup.signing, setup.cases)
        decided = decisions.figures(setup.running, setup.database, setup.watch, workers, scale)
        return [*engine_figures.of_cases(pairs), *decided]


@contextmanager
def _setup() -> Iterator[Setup]:
    with ExitStack() as stack:
        running = stack.enter_context(world(part for part in EVERYTHING if part != "worker"))
        database = stack.enter_context(Database(running.postgres.dsn, size=8))
        watch = RegisterWatch(running.postgres.dsn)
        stack.callback(watch.close)
        signing = stack.enter_context(worker(running, "signing", "signing"))
        cases = stack.enter_context(worker(running, "cases", "cases", "agency"))
        bare = stack.enter_context(BareWorker(running))
        yield Setup(running, database, watch, cases, signing, bare)


def _product_batch(setup: Setup, size: int) -> Batch:
    """File cases, and wait until nothing is left to do for them."""
    master, by = MasterKey(setup.running.master_key), employers(setup.database, size)
    due = setup.watch.documents("attestation") + size

    def file_at_pace() -> None:
        began = time.monotonic()
        for number, each in enumerate(by):
            time.sleep(max(began + number * CASE_INTERVAL_SECONDS - time.monotonic(), 0))
            file(setup.database, master, each, datetime.now(UTC) + timedelta(seconds=SILENCE_AFTER_SECONDS))

    def all_finished() -> bool:
        return setup.watch.documents("attestation") >= due and setup.watch.nothing_outstanding()

    with _measured(setup, size) as batch:
        file_at_pace()
        until(all_finished, "every attestation, notice and deposit")
        time.sleep(SETTLING_SECONDS)
    return batch


def _bare_batch(setup: Setup, size: int) -> Batch:
    """Start bare processes at the same pace, and wait for their last act."""
    due = setup.bare.sent + 2 * size

    async def start_at_pace() -> None:
        client = await Client.connect(setup.running.engine.address, data_converter=pydantic_data_converter)
        began = time.monotonic()
        for number in range(size):
            await asyncio.sleep(max(began + number * CASE_INTERVAL_SECONDS - time.monotonic(), 0))
            case = a_case(datetime.now(UTC) + timedelta(seconds=SILENCE_AFTER_SECONDS))
            await client.start_workflow(BareWorkflow.run, case, id=case.reference, task_queue=QUEUE)

    with _measured(setup, size) as batch:
        asyncio.run(start_at_pace())
        until(lambda: setup.bare.sent >= due, "the last act of every bare process")
        time.sleep(SETTLING_SECONDS)
    return batch


def a_case(due_at: datetime) -> Case:
    """Return the input of a bare process: the same as the product's."""
    now = datetime.now(UTC)
    delay = silence(now, DEPARTMENT)
    receipt = Receipt(
        version=1,
        received_at=now,
        rule=delay.rule,
        last_day_on=delay.last_day_on,
        tacit_acceptance_at=due_at,
    )
    end_on = (now + timedelta(days=90)).date()
    return Case(
        reference=f"bare:{next(_numbers):09}",
        department=DEPARTMENT,
        receipt=receipt,
        council=False,
        end_on=end_on,
        filed_on=now.date(),
    )


@contextmanager
def _measured(setup: Setup, size: int) -> Iterator[Batch]:
    """Measure processor by program and growth of both databases during the block, per case."""
    batch = Batch(size)
    disk = engine_kib(setup.running.engine.database_file)
    rows = register_kib(setup.running.postgres.dsn)
    meters = {name: Meter(pid, idle=setup.idle.get(name, 0.0)) for name, pid in setup.pids.items()}
    began = time.monotonic()
    yield batch
    seconds = time.monotonic() - began
    batch.ms = {name: meter.spent(seconds) * 1000 / size for name, meter in meters.items()}
    batch.disk = (engine_kib(setup.running.engine.database_file) - disk) / size
    batch.rows = (register_kib(setup.running.postgres.dsn) - rows) / size

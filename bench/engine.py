"""Engine: what a silent case costs in processor and disk beside its bare shape, and decisions after a restart."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from bench import deciding, engine_figures
from bench.bare import BareWorkflow
from bench.bare_worker import QUEUE, BareWorker
from bench.engine_figures import Batch
from bench.figures import Figure
from bench.ground import DEPARTMENT, Scale, employers, file, worker, world
from bench.meters import Meter, cpu, engine_pages, register_size
from bench.waiting import Watch, until
from law.silence import silence
from local.programs import Ours
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
PACE = 0.1
"""Seconds between two cases."""
LIFE = 8.0
"""Seconds from a filing to its silence."""
SETTLING = 1.0
"""Seconds for the last workflow task after the last act that can be seen."""
IDLE = 5.0
_numbers = count()


@dataclass
class Bench:
    """Everything that runs, and what it spends at rest."""

    running: World
    database: Database
    watch: Watch
    cases: Ours
    signing: Ours
    bare: BareWorker
    idle: dict[str, float] = field(default_factory=dict)

    @property
    def pids(self) -> dict[str, int]:
        """Programs whose processor is counted, by name."""
        return {
            "server": self.running.engine.pid,
            "cases": self.cases.pid,
            "signing": self.signing.pid,
            "bare": self.bare.pid,
            "register": self.running.postgres.pid,
            "relay": self.running.relay.pid,
        }


def run(scale: Scale) -> list[Figure]:
    """Pairs of batches, then decisions."""
    with _bench() as bench:
        time.sleep(scale(3, 1))
        before = {name: cpu(pid) for name, pid in bench.pids.items()}
        time.sleep(IDLE)
        bench.idle = {name: (cpu(pid) - before[name]) / IDLE for name, pid in bench.pids.items()}
        size = scale(40, 3)
        if not scale.tiny:  # what only happens once: first page, first connections
            _ours(bench, size // 4), _bare(bench, size // 4)
        pairs = [(_ours(bench, size), _bare(bench, size)) for _ in range(scale(4, 1))]
        workers = (bench.signing, bench.cases)
        decided = deciding.figures(bench.running, bench.database, bench.watch, workers, scale)
        return [*engine_figures.of_cases(pairs), *decided]


@contextmanager
def _bench() -> Iterator[Bench]:
    with ExitStack() as stack:
        running = stack.enter_context(world(part for part in EVERYTHING if part != "worker"))
        database = stack.enter_context(Database(running.postgres.dsn, size=8))
        watch = Watch(running.postgres.dsn)
        stack.callback(watch.close)
        signing = stack.enter_context(worker(running, "signing", "signing"))
        cases = stack.enter_context(worker(running, "cases", "cases", "agency"))
        bare = stack.enter_context(BareWorker(running))
        yield Bench(running, database, watch, cases, signing, bare)


def _ours(bench: Bench, size: int) -> Batch:
    """File cases, and wait until nothing is left to do for any."""
    master, by = MasterKey(bench.running.master_key), employers(bench.database, size)
    due = bench.watch.documents("attestation") + size

    def filed() -> None:
        began = time.monotonic()
        for number, each in enumerate(by):
            time.sleep(max(began + number * PACE - time.monotonic(), 0))
            file(bench.database, master, each, datetime.now(UTC) + timedelta(seconds=LIFE))

    def done() -> bool:
        return bench.watch.documents("attestation") >= due and bench.watch.all_done()

    with _measured(bench, size) as batch:
        filed()
        until(done, "every attestation, notice and deposit")
        time.sleep(SETTLING)
    return batch


def _bare(bench: Bench, size: int) -> Batch:
    """Start bare processes at the same pace, and wait for their last act."""
    due = bench.bare.sent + 2 * size

    async def started() -> None:
        client = await Client.connect(bench.running.engine.address, data_converter=pydantic_data_converter)
        began = time.monotonic()
        for number in range(size):
            await asyncio.sleep(max(began + number * PACE - time.monotonic(), 0))
            case = a_case(datetime.now(UTC) + timedelta(seconds=LIFE))
            await client.start_workflow(BareWorkflow.run, case, id=case.reference, task_queue=QUEUE)

    with _measured(bench, size) as batch:
        asyncio.run(started())
        until(lambda: bench.bare.sent >= due, "the last act of every bare process")
        time.sleep(SETTLING)
    return batch


def a_case(due_at: datetime) -> Case:
    """The input of a bare process: what the product's own would be given."""
    now = datetime.now(UTC)
    fixed = silence(now, DEPARTMENT)
    receipt = Receipt(
        version=1,
        received_at=now,
        rule=fixed.rule,
        last_day_on=fixed.last_day_on,
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
def _measured(bench: Bench, size: int) -> Iterator[Batch]:
    """Processor by program and growth of both databases over the block, for one case."""
    batch = Batch(size)
    disk = engine_pages(bench.running.engine.database_file)
    rows = register_size(bench.running.postgres.dsn)
    meters = {name: Meter(pid, idle=bench.idle.get(name, 0.0)) for name, pid in bench.pids.items()}
    began = time.monotonic()
    yield batch
    seconds = time.monotonic() - began
    batch.ms = {name: meter.spent(seconds) * 1000 / size for name, meter in meters.items()}
    batch.disk = (engine_pages(bench.running.engine.database_file) - disk) / size
    batch.rows = (register_size(bench.running.postgres.dsn) - rows) / size

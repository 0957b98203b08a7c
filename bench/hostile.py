"""Hostile visitors: decisions, filings and health checks while one address does all it can, and what it leaves."""

import asyncio
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import hostile_figures, leftovers
from bench.day import filing_call, take
from bench.figures import Figure
from bench.fixtures import DEPARTMENT, HALF, QUARTER, Employer, Scale, employers, file_requests, worker, world
from bench.hostile_figures import ANSWERED, Measured, Service
from bench.http import ANSWER_TIMEOUT_SECONDS, NO_ANSWER, Answer, Connection, call_at_rate, connections, request
from bench.memory_watch import watch_memory
from bench.meters import Meter
from bench.register_watch import RegisterWatch, until
from cli.accounts import open_account, trial_delegation
from local import people
from local.processes import give_way
from local.programs import OwnProgram
from local.visitors import NUMBERS, Visitors
from local.world import EVERYTHING, World
from models.engine.keys import MasterKey
from models.engine.names import Queue
from models.store.database import Database

TITLE = "Hostile visitors"
HOW = (
    "Every program of an installation, the workers apart as in Compose, one copy of each. From one address, 2,050 "
    "bodies that are never finished and 200 documents to verify, from the same 40 uploads by one account with "
    "authority over ten establishments: PDFs that cost or swell, pictures that swell, signed documents cut, altered or "
    "made longer (`local/hostile_files.py`). Whoever is refused, answered or closed comes back after five to fifteen "
    "seconds, for as long as the measure lasts. All of them are one process with prepared bytes, on the same two "
    "cores. Meanwhile, from another address and at fixed rates whatever the answers: ten filings a second, each by an "
    "employer of its own, a decision every two seconds, five health checks a second, each on a new connection. The "
    "same is measured before, with nobody hostile."
)
FILINGS_PER_SECOND, DECISIONS_PER_SECOND, CHECKS_PER_SECOND = 10.0, 0.5, 5.0
QUEUES: Final[tuple[Queue, ...]] = ("cases", "signing", "agency")
LANES = 32
"""Connections of those who file."""
CHECK_TIMEOUT_SECONDS = 4.0
"""As in the image: a check that takes longer has failed."""
ESTABLISHMENTS = 10
"""Of the account that uploads: with one, its quota of refused files would soon spare the doors."""
WARM_UP = 5
"""Filings and decisions that are not counted."""
TINY = {"half bodies": 60, "verifications": 12, "uploads": 4}
SIGNED = "SELECT bytes FROM document WHERE kind = 'receipt' AND published_at IS NOT NULL LIMIT 2"
DECIDED = "SELECT count(*) FROM decision WHERE notified_at IS NOT NULL"
SPENT = "SELECT reference, extract(epoch FROM notified_at - registered_at) FROM decision WHERE notified_at IS NOT NULL"


@dataclass
class Setup:
    """The running programs, who has not filed yet, which cases are undecided."""

    running: World
    database: Database
    watch: RegisterWatch
    workers: dict[str, OwnProgram]
    temporary: Path
    newcomers: Iterator[Employer]
    agent: str
    undecided: list[str]

    @property
    def programs(self) -> dict[str, int]:
        """Process ids, by the service of Compose."""
        world = self.running
        own = {"doors": world.doors, "relay": world.relay, "examining": world.examining}
        others = {"postgres": world.postgres, "engine": world.engine}
        asked = {"worker-verifying": world.verifying, "worker-reading": world.reading}
        return {name: each.pid for name, each in (own | others | asked | self.workers).items()}


def run(scale: Scale) -> list[Figure]:
    """Measure with nobody hostile, then with all of them, then what they left."""
    quiet_seconds, seconds = scale(30, 3), scale(100, 5)
    with _setup(quiet_seconds + seconds) as setup:
        _serve(setup, WARM_UP, WARM_UP)
        quiet = _serve_for(setup, quiet_seconds)
        with _visitors(setup, TINY if scale.tiny else NUMBERS) as visitors, watch_memory(setup.programs) as peaks:
            came, began = Counter(visitors.state), time.monotonic()
            programs = setup.programs | {"visitors": visitors.pid}
            meters = {name: Meter(pid) for name, pid in programs.items()}
            busy = _serve_for(setup, seconds)
            lasted = time.monotonic() - began
            cores = {name: meter.spent(lasted) / lasted for name, meter in meters.items()}
            answers = {f: n - came[f] for f, n in visitors.state.items() if ANSWERED in f}
        left = leftovers.await_nothing(setup.running, setup.watch, setup.temporary)
    return hostile_figures.build_figures(Measured(quiet, busy, peaks.shares(), cores, answers, lasted, left))


@contextmanager
def _setup(seconds: int) -> Iterator[Setup]:
    with ExitStack() as stack:
        temporary = stack.enter_context(_temporary_folder())
        running = stack.enter_context(world(part for part in EVERYTHING if part != "worker"))
        database = stack.enter_context(Database(running.postgres.dsn, size=4))
        watch = RegisterWatch(running.postgres.dsn)
        stack.callback(watch.close)
        workers = {f"worker-{each}": stack.enter_context(worker(running, each, each)) for each in QUEUES}
        give_way(running.examining.pid, QUARTER)
        for each in (running.verifying, running.reading, *workers.values()):
            give_way(each.pid, HALF)
        newcomers = iter(employers(database, int(2 * FILINGS_PER_SECOND * seconds)))
        for table in ("account", "establishment", "account_establishment", "token"):
            watch.analyze(table)
        agent = _agent(database)
        undecided = _open(running, database, watch, take(newcomers, int(seconds * DECISIONS_PER_SECOND) + 2 * WARM_UP))
        yield Setup(running, database, watch, workers, temporary, newcomers, agent, undecided)


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    """Have all programs make their temporary files in one folder of their own; ours, the world's, stay outside it."""
    before = os.environ.get("TMPDIR")
    with tempfile.TemporaryDirectory(prefix="tacite-bench-tmp-") as folder:
        os.environ["TMPDIR"] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop("TMPDIR")
            os.environ |= {"TMPDIR": before} if before is not None else {}


def _agent(database: Database) -> str:
    return open_account(
        database,
        "agent",
        "Nadia Perrin",
        "agent@tacite.invalid",
        departments=[DEPARTMENT],
        delegation=trial_delegation("agent", [DEPARTMENT]),
    )


def _open(running: World, database: Database, watch: RegisterWatch, by: Sequence[Employer]) -> list[str]:
    """Open cases that wait for their decision, until nothing else is left to do for them."""
    references = file_requests(database, MasterKey(running.master_key), by)
    until(lambda: watch.documents("receipt") >= len(by) and watch.nothing_outstanding(), "every receipt")
    return references


@contextmanager
def _visitors(setup: Setup, numbers: dict[str, int]) -> Iterator[Visitors]:
    """Let all visitors come; yield once each has come."""
    establishments = [people.fictional(number, DEPARTMENT) for number in range(1, 1 + ESTABLISHMENTS)]
    token = open_account(
        setup.database, "employer", "Un compte hostile", "h@tacite.invalid", establishments=establishments, trial=True
    )
    signed = setup.watch.contents(SIGNED)
    with Visitors(setup.running, token, numbers, signed) as visitors:
        until(lambda: all(_came(visitors.state, kind) >= number for kind, number in numbers.items()), "every visitor")
        yield visitors


def _came(state: dict[str, int], kind: str) -> int:
    """Return how often somebody of a kind has come: under way, or answered."""
    return sum(number for name, number in state.items() if name.startswith(kind))


def _serve_for(setup: Setup, seconds: int) -> Service:
    return _serve(setup, int(FILINGS_PER_SECOND * seconds), int(DECISIONS_PER_SECOND * seconds))


def _serve(setup: Setup, filings: int, decisions: int) -> Service:
    """File, decide and check at fixed rates, all at once; wait until every decision is notified."""
    calls = [filing_call(each) for each in take(setup.newcomers, filings)]
    cases = [setup.undecided.pop() for _ in range(decisions)]
    due = setup.watch.count(DECIDED) + decisions
    service = asyncio.run(_serve_all(setup, calls, cases))
    until(lambda: setup.watch.count(DECIDED) >= due, "every decision")
    return service.notified_after(setup.watch.by_reference(SPENT), cases)


async def _serve_all(setup: Setup, calls: list[bytes], cases: list[str]) -> Service:
    port, seconds = setup.running.http_port, len(calls) / FILINGS_PER_SECOND
    checks = [request("GET", "/api/v1/health")] * int(seconds * CHECKS_PER_SECOND)
    async with connections(port, LANES) as lanes:
        filed, decided, checked = await asyncio.gather(
            call_at_rate(lanes, calls, FILINGS_PER_SECOND),
            _call_anew(port, [_decision(setup.agent, each) for each in cases], DECISIONS_PER_SECOND),
            _call_anew(port, checks, CHECKS_PER_SECOND, CHECK_TIMEOUT_SECONDS),
        )
    return Service(filed, decided, checked)


def _decision(token: str, case: str) -> bytes:
    body = {"id": f"D-{case}", "outcome": "grant"}
    return request("POST", f"/api/v1/requests/{case}/decision", token, body)


async def _call_anew(
    port: int, calls: Sequence[bytes], rate: float, timeout: float = ANSWER_TIMEOUT_SECONDS
) -> list[Answer]:
    """Make calls at a fixed rate, each on a new connection; return the answers in the order of the calls."""
    began = time.perf_counter()

    async def call_one(number: int, call: bytes) -> Answer:
        due = began + number / rate
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        try:
            async with asyncio.timeout(timeout):
                connection = await Connection.open(port)
                try:
                    return await connection.call(call, due)
                finally:
                    connection.close()
        except (OSError, TimeoutError):
            return Answer(NO_ANSWER, b"", time.perf_counter() - due)

    return await asyncio.gather(*(call_one(number, call) for number, call in enumerate(calls)))

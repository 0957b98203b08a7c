"""Crowd: tens of thousands of open cases, and a minute of the national day at its peak."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.contrib.pydantic import pydantic_data_converter

from bench import crowd_figures
from bench.bare import WaitingWorkflow
from bench.bare_worker import QUEUE, BareWorker
from bench.crowd_figures import Day, Measured, Opened
from bench.day import PEAK_CALLS_PER_SECOND, PastFiler, calls, filing_call, take
from bench.engine import a_case
from bench.figures import Figure
from bench.fixtures import DEPARTMENT, Employer, Scale, employers, file, file_requests, worker, world
from bench.http import CallResults, call_at_full_speed, call_at_rate, connections
from bench.meters import engine_kib, memory, register_kib
from bench.register_watch import RegisterWatch, until
from bench.statement import COPY_REQUESTS
from local.world import EVERYTHING, World
from models.engine.keys import MasterKey
from models.engine.names import DEADLINE, RULE, STATUS
from models.engine.names import DEPARTMENT as DEPARTMENT_ATTRIBUTE
from models.store.database import Database

TITLE = "Crowd"
HOW = (
    "Open cases: some of the product, from their filing to their acknowledgement, and as many more processes as make "
    "up the number, of one workflow task and one timer each, with the search attributes and the summary of a case (the "
    "product’s own would take a quarter of an hour to open); their rows are in the register too. Then a minute of the "
    "national day: 17 users a second at the peak, thirty calls each, 2 % of which file, while relay and workers work, "
    "at the rate that this machine holds if it is less than the peak."
)
CASES, CROWD = 800, 20_000
STARTS_IN_FLIGHT = 16
SHARE_OF_MAXIMUM = 0.7
"""Share of the maximum rate of the HTTP server at which the minute is then held."""
IN_FLIGHT = 32
FAR_DEADLINE = timedelta(days=15)


@dataclass
class Setup:
    """The running programs, and the employers that have not filed yet."""

    running: World
    database: Database
    watch: RegisterWatch
    newcomers: Iterator[Employer]

    @property
    def master(self) -> MasterKey:
        """The master key of this world."""
        return MasterKey(self.running.master_key)


def run(scale: Scale) -> list[Figure]:
    """Measure filings before and after the crowd, the engine's memory and restart, then the day."""
    with _setup(scale(CASES + 6_000, 600)) as setup:
        before = _filings(setup, scale)
        opened = _open(setup, scale)
        _fill(setup, scale(CROWD - CASES, 20))
        weight = memory(setup.running.engine.pid)
        after = _filings(setup, scale)
        restarts = [_restart(setup) for _ in range(scale(3, 1))]
        day = _day(setup, scale)
    return crowd_figures.build_figures(Measured(scale(CROWD, 30), opened, before, after, weight, restarts, day))


@contextmanager
def _setup(size: int) -> Iterator[Setup]:
    with ExitStack() as stack:
        running = stack.enter_context(world(part for part in EVERYTHING if part != "worker"))
        database = stack.enter_context(Database(running.postgres.dsn, size=8))
        watch = RegisterWatch(running.postgres.dsn)
        stack.callback(watch.close)
        stack.enter_context(worker(running, "signing", "signing"))
        stack.enter_context(worker(running, "cases", "cases", "agency"))
        yield Setup(running, database, watch, iter(employers(database, size)))


def _filings(setup: Setup, scale: Scale) -> list[CallResults]:
    """Make unloaded filings; the relay is stopped, so nothing else happens meanwhile."""
    setup.running.relay.stop()
    rounds = [[filing_call(each) for each in take(setup.newcomers, scale(150, 5))] for _ in range(scale(4, 2))]
    results = [asyncio.run(call_at_full_speed(setup.running.http_port, made, 1)) for made in rounds]
    setup.running.relay.start()
    until(setup.watch.nothing_outstanding, "every start", 300)
    return results[1:]


def _open(setup: Setup, scale: Scale) -> Opened:
    """Open cases of the product, from their filing to their receipt and its notice."""
    size, due = scale(CASES, 10), setup.watch.documents("receipt")
    disk, rows = engine_kib(setup.running.engine.database_file), register_kib(setup.running.postgres.dsn)
    began = time.monotonic()
    file_requests(setup.database, setup.master, take(setup.newcomers, size))
    until(
        lambda: setup.watch.documents("receipt") >= due + size and setup.watch.nothing_outstanding(),
        "every receipt",
        600,
    )
    seconds = time.monotonic() - began
    return Opened(
        rate=size / seconds,
        disk=(engine_kib(setup.running.engine.database_file) - disk) / size,
        rows=(register_kib(setup.running.postgres.dsn) - rows) / size,
    )


def _fill(setup: Setup, size: int) -> None:
    """Start waiting processes, and insert as many rows in the register."""
    model = file(setup.database, setup.master, next(setup.newcomers))
    due_at = (datetime.now(UTC) + FAR_DEADLINE).isoformat()
    with setup.database.begin() as connection:
        connection.exec_driver_sql(COPY_REQUESTS.format(mark="9a", due_at=due_at, rows=size, model=model))
        # Their processes are not the product's: a relay that acquires its lock would start each of them.
        connection.exec_driver_sql("UPDATE request SET closed_at = received_at WHERE reference LIKE '9a%%'")
    setup.watch.analyze("request")
    with BareWorker(setup.running):
        asyncio.run(_start_waiting_processes(setup.running.engine.address, size))


async def _start_waiting_processes(engine: str, size: int) -> None:
    client = await Client.connect(engine, data_converter=pydantic_data_converter)
    slots = asyncio.Semaphore(STARTS_IN_FLIGHT)

    async def one() -> None:
        async with slots:
            case = a_case(datetime.now(UTC) + FAR_DEADLINE)
            attributes = {
                STATUS: "under_review",
                DEADLINE: case.receipt.tacit_acceptance_at,
                DEPARTMENT_ATTRIBUTE: DEPARTMENT,
                RULE: case.receipt.rule.value,
            }
            search_attributes = TypedSearchAttributes(
                [SearchAttributePair(name, value) for name, value in attributes.items()]  # type: ignore[arg-type]
            )
            await client.start_workflow(
                WaitingWorkflow.run,
                case,
                id=case.reference,
                task_queue=QUEUE,
                search_attributes=search_attributes,
                static_summary=f"{case.reference} · département de l’Hérault (34)",
                static_details="Sans décision notifiée, acceptation implicite le jour dit. " * 3,
            )

    await asyncio.gather(*(one() for _ in range(size)))


def _restart(setup: Setup) -> float:
    """Return the seconds from the start of the engine to its first answer."""
    setup.running.engine.stop()
    began = time.monotonic()
    setup.running.engine.start()
    return time.monotonic() - began


def _day(setup: Setup, scale: Scale) -> Day:
    """Measure the maximum rate of the HTTP server, then a minute at the peak or at the rate that it sustains."""
    people = [PastFiler(e, file(setup.database, setup.master, e)) for e in take(setup.newcomers, scale(200, 5))]
    maximum = asyncio.run(
        call_at_full_speed(setup.running.http_port, calls(people, setup.newcomers, scale(4_000, 60)), IN_FLIGHT)
    ).rate()
    rate = min(PEAK_CALLS_PER_SECOND, SHARE_OF_MAXIMUM * maximum)
    made = calls(people, setup.newcomers, int(rate * scale(60, 2)))
    filed = setup.watch.count(FILED_COUNT)

    async def minute() -> CallResults:
        async with connections(setup.running.http_port, 4 * IN_FLIGHT) as opened:
            return await call_at_rate(opened, made, rate)

    results = asyncio.run(minute())
    accepted = sum(each.status == 201 for each in results.answers)
    lost = accepted - (setup.watch.count(FILED_COUNT) - filed)
    behind = setup.watch.count("SELECT count(*) FROM outbox WHERE done_at IS NULL")
    return Day(maximum, rate, results, lost, behind)


FILED_COUNT = "SELECT count(*) FROM request WHERE reference NOT LIKE '9a%'"

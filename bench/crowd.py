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
from bench.crowd_figures import Day, Opened, Told
from bench.day import PEAK, Someone, calls, filing, some
from bench.engine import a_case
from bench.figures import Figure
from bench.ground import DEPARTMENT, Employer, Scale, employers, file, file_all, worker, world
from bench.http import Seen, as_fast, at_rate, lines
from bench.meters import engine_pages, memory, register_size
from bench.statement import COPIED
from bench.waiting import Watch, until
from local.world import EVERYTHING, World
from models.engine.keys import MasterKey
from models.engine.names import DEADLINE, RULE, STATUS
from models.engine.names import DEPARTMENT as PLACE
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
SIDE_BY_SIDE = 16
CAREFULLY = 0.7
"""Share of what the doors serve at most, at which a minute is then held."""
IN_FLIGHT = 32
FAR = timedelta(days=15)


@dataclass
class Town:
    """Everything that runs, and the employers that have not filed yet."""

    running: World
    database: Database
    watch: Watch
    newcomers: Iterator[Employer]

    @property
    def master(self) -> MasterKey:
        """The master key of this world."""
        return MasterKey(self.running.master_key)

    @property
    def port(self) -> int:
        """Where the doors listen."""
        return int(self.running.http.rpartition(":")[2])


def run(scale: Scale) -> list[Figure]:
    """Filings before and after the crowd, the engine's weight and restart, then the day."""
    with _town(scale(CASES + 6_000, 600)) as town:
        before = _filings(town, scale)
        opened = _open(town, scale)
        _fill(town, scale(CROWD - CASES, 20))
        weight = memory(town.running.engine.pid)
        after = _filings(town, scale)
        restarts = [_restart(town) for _ in range(scale(3, 1))]
        day = _day(town, scale)
    return crowd_figures.told(Told(scale(CROWD, 30), opened, before, after, weight, restarts, day))


@contextmanager
def _town(size: int) -> Iterator[Town]:
    with ExitStack() as stack:
        running = stack.enter_context(world(part for part in EVERYTHING if part != "worker"))
        database = stack.enter_context(Database(running.postgres.dsn, size=8))
        watch = Watch(running.postgres.dsn)
        stack.callback(watch.close)
        stack.enter_context(worker(running, "signing", "signing"))
        stack.enter_context(worker(running, "cases", "cases", "agency"))
        yield Town(running, database, watch, iter(employers(database, size)))


def _filings(town: Town, scale: Scale) -> list[Seen]:
    """Unloaded filings; nothing else goes on meanwhile, for the relay rests."""
    town.running.relay.stop()
    rounds = [[filing(each) for each in some(town.newcomers, scale(150, 5))] for _ in range(scale(4, 2))]
    seen = [asyncio.run(as_fast(town.port, made, 1)) for made in rounds]
    town.running.relay.start()
    until(town.watch.all_done, "every start", 300)
    return seen[1:]


def _open(town: Town, scale: Scale) -> Opened:
    """Cases of the product, from their filing to their receipt and its notice."""
    size, due = scale(CASES, 10), town.watch.documents("receipt")
    disk, rows = engine_pages(town.running.engine.database_file), register_size(town.running.postgres.dsn)
    began = time.monotonic()
    file_all(town.database, town.master, some(town.newcomers, size))
    until(
        lambda: town.watch.documents("receipt") >= due + size and town.watch.all_done(), "every receipt", 600
    )
    seconds = time.monotonic() - began
    return Opened(
        rate=size / seconds,
        disk=(engine_pages(town.running.engine.database_file) - disk) / size,
        rows=(register_size(town.running.postgres.dsn) - rows) / size,
    )


def _fill(town: Town, size: int) -> None:
    """Processes that wait, and rows of the register for as many."""
    model = file(town.database, town.master, next(town.newcomers))
    due_at = (datetime.now(UTC) + FAR).isoformat()
    with town.database.begin() as connection:
        connection.exec_driver_sql(COPIED.format(mark="9a", due_at=due_at, rows=size, model=model))
        # Their processes are not the product's: a relay that takes its post would begin each of them.
        connection.exec_driver_sql("UPDATE request SET closed_at = received_at WHERE reference LIKE '9a%%'")
    town.watch.analyze("request")
    with BareWorker(town.running):
        asyncio.run(_wait(town.running.engine.address, size))


async def _wait(engine: str, size: int) -> None:
    client = await Client.connect(engine, data_converter=pydantic_data_converter)
    slots = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one() -> None:
        async with slots:
            case = a_case(datetime.now(UTC) + FAR)
            told = {
                STATUS: "under_review",
                DEADLINE: case.receipt.tacit_acceptance_at,
                PLACE: DEPARTMENT,
                RULE: case.receipt.rule.value,
            }
            attributes = TypedSearchAttributes(
                [SearchAttributePair(name, value) for name, value in told.items()]  # type: ignore[arg-type]
            )
            await client.start_workflow(
                WaitingWorkflow.run,
                case,
                id=case.reference,
                task_queue=QUEUE,
                search_attributes=attributes,
                static_summary=f"{case.reference} · département de l’Hérault (34)",
                static_details="Sans décision notifiée, acceptation implicite le jour dit. " * 3,
            )

    await asyncio.gather(*(one() for _ in range(size)))


def _restart(town: Town) -> float:
    """Seconds from the start of the engine to its first answer."""
    town.running.engine.stop()
    began = time.monotonic()
    town.running.engine.start()
    return time.monotonic() - began


def _day(town: Town, scale: Scale) -> Day:
    """What the doors serve at most, then a minute at the peak or at what they hold."""
    people = [Someone(e, file(town.database, town.master, e)) for e in some(town.newcomers, scale(200, 5))]
    most = asyncio.run(as_fast(town.port, calls(people, town.newcomers, scale(4_000, 60)), IN_FLIGHT)).rate()
    rate = min(PEAK, CAREFULLY * most)
    made = calls(people, town.newcomers, int(rate * scale(60, 2)))
    filed = town.watch.count(FILED)

    async def minute() -> Seen:
        async with lines(town.port, 4 * IN_FLIGHT) as opened:
            return await at_rate(opened, made, rate)

    seen = asyncio.run(minute())
    accepted = sum(each.status == 201 for each in seen.answers)
    lost = accepted - (town.watch.count(FILED) - filed)
    behind = town.watch.count("SELECT count(*) FROM outbox WHERE done_at IS NULL")
    return Day(most, rate, seen, lost, behind)


FILED = "SELECT count(*) FROM request WHERE reference NOT LIKE '9a%'"

"""One file of a claim, from its first byte to its receipt: the programs that take part, an employer who sends it."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

import httpx

from bench.claim_uploads_figures import Stages
from bench.fixtures import HALF, QUARTER, Employer, endless_employers, file, worker, world
from bench.register_watch import RegisterWatch
from law.calendar import add_months
from local.payroll_files import as_csv
from local.payrolls import long_table, payroll
from local.processes import give_way
from local.programs import OwnProgram
from local.world import World
from models.claim_files.claim import weeks_of_month
from models.engine.keys import MasterKey
from models.labels import DocumentKind
from models.store.cases import silence
from models.store.database import Database

PARTS: Final = ("postgres", "engine", "authorities", "mail", "examining", "reading", "doors", "relay")
HOURS_OF_A_LINE: Final = 40
"""At most: a claim may not ask for more than its authorization grants."""
POLL_SECONDS: Final = 0.2
CALL_SECONDS: Final = 120.0
MAX_SECONDS: Final = 300.0
"""Of one stage."""


@dataclass
class Setup:
    """The running programs, employers that have not filed yet, and a claim of the month before this one."""

    running: World
    workers: dict[str, OwnProgram]
    database: Database
    newcomers: Iterator[Employer]
    month: date
    people: int
    content: bytes

    @property
    def programs(self) -> dict[str, int]:
        """Process ids, by the service of Compose."""
        world = self.running
        own = {"doors": world.doors, "relay": world.relay, "examining": world.examining}
        others = {"worker-reading": world.reading, "postgres": world.postgres}
        return {name: each.pid for name, each in (own | self.workers | others).items()}


class Claimant(NamedTuple):
    """An employer whose request the silence has accepted."""

    token: str
    reference: str


@contextmanager
def open_setup(lines: int, size: int) -> Iterator[Setup]:
    """Run the programs, a worker a queue and with the weights of Compose; as many employers are made beforehand."""
    month = add_months(datetime.now(UTC).date().replace(day=1), -1)  # all its weeks are over
    people = lines // len(weeks_of_month(month))
    content = as_csv(long_table(payroll(people, month))).encode()
    with ExitStack() as stack:
        running = stack.enter_context(world(PARTS))
        database = stack.enter_context(Database(running.postgres.dsn, size=4))
        watch = RegisterWatch(running.postgres.dsn)
        stack.callback(watch.close)
        cases = stack.enter_context(worker(running, "cases", "cases"))
        signing = stack.enter_context(worker(running, "signing", "signing"))
        for each, niceness in (
            (running.examining, QUARTER),
            (running.reading, QUARTER),
            (cases, HALF),
            (signing, HALF),
        ):
            give_way(each.pid, niceness)
        newcomers = endless_employers(database, size)
        for table in ("account", "establishment", "account_establishment", "token"):
            watch.analyze(table)
        workers = {"worker-cases": cases, "worker-signing": signing}
        yield Setup(running, workers, database, newcomers, month, people, content)


def authorize(setup: Setup) -> Claimant:
    """Have a request accepted by the silence, of a period that began with the month."""
    by = next(setup.newcomers)
    end_on = setup.month + timedelta(days=80)
    changes = {
        "period": {"start_on": setup.month.isoformat(), "end_on": end_on.isoformat()},
        "headcount": setup.people,
        "employees": setup.people,
        "hours": str(setup.people * len(weeks_of_month(setup.month)) * HOURS_OF_A_LINE),
    }
    due_at = datetime.now(UTC) - timedelta(minutes=1)
    reference = file(setup.database, MasterKey(setup.running.master_key), by, due_at, changes=changes)
    with setup.database.begin() as connection:
        silence.establish(connection, reference)
    return Claimant(by.token, reference)


def claim(setup: Setup, by: Claimant) -> Stages:
    """Send the file, wait until it is read, submit its claim and wait for the receipt, as an employer sees each."""
    address = f"{setup.running.site}/api/v1/requests/{by.reference}/claims"
    month = f"{setup.month:%Y-%m}"
    with httpx.Client(headers={"Authorization": f"Bearer {by.token}"}, timeout=CALL_SECONDS) as client:
        began = time.perf_counter()
        sent = client.post(f"{address}/{month}/uploads", content=setup.content).raise_for_status().json()["id"]
        _until(lambda: _is_read(client.get(f"{address}/{month}/uploads/{sent}")), "read")
        read = time.perf_counter()
        client.post(address, json={"month": month, "upload": sent}).raise_for_status()
        submitted = time.perf_counter()
        _until(lambda: _has_receipt(client.get(f"{address}/{month}")), "acknowledged")
        return Stages(read - began, submitted - read, time.perf_counter() - submitted)


def _is_read(answer: httpx.Response) -> bool:
    state = answer.raise_for_status().json()["state"]
    assert state in ("received", "reading", "read"), answer.text
    return bool(state == "read")


def _has_receipt(answer: httpx.Response) -> bool:
    (version,) = answer.raise_for_status().json()["versions"]
    return any(each["kind"] == DocumentKind.CLAIM_RECEIPT for each in version["documents"])


def _until(truth: Callable[[], bool], what: str) -> None:
    began = time.perf_counter()
    while not truth():
        if time.perf_counter() > began + MAX_SECONDS:
            raise TimeoutError(f"the claim is not {what} after {MAX_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)

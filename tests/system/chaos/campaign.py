"""A campaign: cases go through every journey while parts break as planned; then all is repaired and audited."""

import json
import logging
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import psycopg

from local.processes import ROOT
from local.world import World
from models.store.database import Database
from tests.system.auditor import Auditor, Promise
from tests.system.chaos.faulty_world import FaultyWorld
from tests.system.chaos.plan import TARGETS, Strike, plan
from tests.system.conftest import an_auditor
from tests.system.journeys import Journey, draw_journeys
from tests.system.people import Person
from tests.system.population import CLIENTS, Population, a_population
from tests.system.tallies import counted, lateness

SETTLING_SECONDS: Final = 300.0
"""Seconds within which all due work must be done, once everything runs again."""
OPERATOR_INTERVAL_SECONDS: Final = 4.0
"""Seconds between two rounds of the operator, who resumes parked processes."""
RELEASE_ALL: Final = 1_000_000
log = logging.getLogger("chaos")


@dataclass
class CampaignResult:
    """Result of a campaign."""

    seed: int
    cases: int
    seconds: float = 0
    faults: Counter[str] = field(default_factory=Counter)
    missing: dict[str, str] = field(default_factory=dict)
    unexpected_exits: Counter[str] = field(default_factory=Counter)
    journeys: Counter[str] = field(default_factory=Counter)
    stuck: list[str] = field(default_factory=list)
    """Cases that got stuck, or received a wrong answer."""
    findings: list[str] = field(default_factory=list)
    """Findings of the auditor, once everything is repaired."""
    counted: dict[str, int] = field(default_factory=dict)
    lateness: dict[str, float] = field(default_factory=dict)
    """Seconds from effect to record of silences."""

    @property
    def passed(self) -> bool:
        """Whether the campaign found nothing wrong."""
        return not self.stuck and not self.findings


class FaultInjector(threading.Thread):
    """Injects the planned faults, each time enough cases have ended."""

    def __init__(self, faulty: FaultyWorld, strikes: list[Strike]) -> None:
        super().__init__(name="fault-injector")
        self._faulty = faulty
        self._strikes = strikes
        self._ended = threading.Semaphore(0)
        self._stopped = False
        self.begun: Counter[str] = Counter()
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            for strike in self._strikes:
                for _ in range(strike.after):
                    self._ended.acquire()
                if self._stopped:
                    return
                self._strike(strike)
        except Exception as failed:  # noqa: BLE001 raised again by `stop`
            self.failure = failed

    def case_ended(self) -> None:
        """Count one more ended case."""
        self._ended.release()

    def stop(self) -> None:
        """Stop injecting; raises the error of a part that could not be restarted."""
        self._stopped = True
        self._ended.release(RELEASE_ALL)
        self.join()
        if self.failure:
            raise self.failure

    def _strike(self, strike: Strike) -> None:
        active = [(planned, self._faulty.fault(planned)) for planned in strike.faults]
        for planned, fault in active:
            log.info("begins: %s, %s", planned.kind, planned.target)
            fault.begin()
            self.begun[planned.kind] += 1
        time.sleep(strike.seconds)
        for _, fault in reversed(active):
            fault.end()
        killed = {b.target for b, _ in active if b.kind == "kill"}
        if any(b.kind == "certificate expired" for b, _ in active):
            killed.add("worker")  # restarted with the expired certificate, then with the valid one
        self._faulty.unexpected_exits.update(self._faulty.ended_programs() - killed)
        self._faulty.restart_ended()


class Operator(threading.Thread):
    """Resumes parked processes at regular intervals."""

    def __init__(self, person: Person) -> None:
        super().__init__(name="operator")
        self._person = person
        self._stopped = threading.Event()
        self.resumed = 0

    def run(self) -> None:
        while not self._stopped.wait(OPERATOR_INTERVAL_SECONDS):
            with suppress(AssertionError):  # no answer for minutes: the waiting cases will report it
                for incident in self._person.get("/incidents").json().get("items", ()):
                    self._person.post(f"/incidents/{incident['id']}/resume", {"reason": "Tout est rétabli."})
                    self.resumed += 1

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def run(
    faulty: FaultyWorld,
    seed: int,
    cases: int,
    *,
    kinds: Collection[str] = tuple(TARGETS),
    say: Callable[[str], None] = lambda line: None,
) -> tuple[CampaignResult, list[Promise]]:
    """Take `cases` cases through the journeys drawn from the seed, then audit; the world keeps running."""
    drawn = draw_journeys(cases, random.Random(f"ways-{seed}"))
    strikes = plan(random.Random(seed), cases, [kind for kind in faulty.kinds if kind in kinds])
    result = CampaignResult(
        seed, cases, missing=faulty.missing, journeys=Counter(journey.__name__ for journey in drawn)
    )
    started_at = time.monotonic()
    with (
        Database(faulty.world.postgres.dsn, size=2) as database,
        a_population(faulty.world, database, cases, seed) as population,
        Person(faulty.world, population.operator) as person,
        _resuming(person) as operator,
    ):
        injector = FaultInjector(faulty, strikes)
        promises = _run_cases(population, drawn, injector, result, say)
        result.faults, result.unexpected_exits = injector.begun, faulty.unexpected_exits
        result.seconds = time.monotonic() - started_at
        say(f"{cases} cases in {result.seconds:.0f} s; everything is mended, the auditor waits for quiet…")
        with psycopg.connect(faulty.world.postgres.dsn, autocommit=True) as session:
            result.findings = _findings_once_settled(an_auditor(faulty.world, session), promises)
            result.findings += _findings_of_the_product(faulty.world)
            result.counted = counted(session) | {"resumed by the operator": operator.resumed}
            result.lateness = lateness(session)
    return result, promises


def _run_cases(
    population: Population,
    drawn: list[Journey],
    injector: FaultInjector,
    result: CampaignResult,
    say: Callable[[str], None],
) -> list[Promise]:
    """Run every case, several at a time, while faults are injected."""
    promises: list[Promise] = []
    ended, started_at = Counter[str](), time.monotonic()

    def run_case(number: int) -> None:
        journey = drawn[number]
        with population.actors(number) as actors:
            try:
                journey(actors)
            except Exception as failed:  # noqa: BLE001 a case that is stuck must not end the campaign
                result.stuck.append(
                    f"{journey.__name__} {actors.reference or number}: {type(failed).__name__}: {failed}"
                )
            promises.extend(actors.promises)
        ended["cases"] += 1
        injector.case_ended()
        if ended["cases"] % 100 == 0:
            say(f"{ended['cases']} cases, {ended['cases'] / (time.monotonic() - started_at):.2f} a second")

    injector.start()
    try:
        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(run_case, range(len(drawn))))
    finally:
        injector.stop()
    return promises


@contextmanager
def _resuming(person: Person) -> Iterator[Operator]:
    operator = Operator(person)
    operator.start()
    try:
        yield operator
    finally:
        operator.stop()


def _findings_once_settled(auditor: Auditor, promises: list[Promise]) -> list[str]:
    """Return what is still wrong once all work has settled."""
    limit = time.monotonic() + SETTLING_SECONDS
    while (findings := auditor.findings(promises)) and time.monotonic() < limit:
        log.info("%d sentences, the first one: %s", len(findings), findings[0])
        time.sleep(2)
    return [*findings, *auditor.of_documents()]


def _findings_of_the_product(world: World) -> list[str]:
    """Return what `tacite audit` finds: digests, chains, anchors and time-stamps."""
    audited = subprocess.run(
        [sys.executable, "tacite.py", "audit", "--all", "--json"],
        env=os.environ | world.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if audited.returncode == 0:
        return []
    broken = json.loads(audited.stdout or "{}").get("broken", [audited.stderr[-500:]])
    return [f"tacite audit: {each}" for each in broken]

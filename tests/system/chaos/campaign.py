"""A campaign: cases go through every journey while parts break as planned; then all is repaired and audited."""

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import psycopg

from models.store.database import Database
from tests.system.chaos import audits
from tests.system.chaos.audits import Promises
from tests.system.chaos.faulty_world import FaultyWorld
from tests.system.chaos.plan import TARGETS, Strike, plan
from tests.system.journey_deck import JOURNEYS, Journey, draw_journeys
from tests.system.people import Person, Rounds
from tests.system.population import CLIENTS, Population, a_population
from tests.system.tallies import counted, lateness

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


def _resume_all(person: Person) -> int:
    """Resume every parked process, as an operator would; returns how many."""
    incidents = person.get("/incidents").json().get("items", ())
    for incident in incidents:
        person.post(f"/incidents/{incident['id']}/resume", {"reason": "Tout est rétabli."})
    return len(incidents)


def run(
    faulty: FaultyWorld,
    seed: int,
    cases: int,
    *,
    kinds: Collection[str] = tuple(TARGETS),
    journeys: Mapping[Journey, int] = JOURNEYS,
    say: Callable[[str], None] = lambda line: None,
) -> tuple[CampaignResult, Promises]:
    """Take `cases` cases through the journeys drawn from the seed, then audit; the world keeps running."""
    drawn = draw_journeys(cases, random.Random(f"ways-{seed}"), journeys)
    strikes = plan(random.Random(seed), cases, [kind for kind in faulty.kinds if kind in kinds])
    result = CampaignResult(
        seed, cases, missing=faulty.missing, journeys=Counter(journey.__name__ for journey in drawn)
    )
    started_at = time.monotonic()
    with (
        Database(faulty.world.postgres.dsn, size=2) as database,
        a_population(faulty.world, database, cases, seed) as population,
        Person(faulty.world, population.operator) as person,
        population.office as office,
        _resuming(person) as resumed,
    ):
        injector = FaultInjector(faulty, strikes)
        promises = _run_cases(population, drawn, injector, result, say)
        result.faults, result.unexpected_exits = injector.begun, faulty.unexpected_exits
        result.seconds = time.monotonic() - started_at
        say(f"{cases} cases in {result.seconds:.0f} s; everything is mended, the auditor waits for quiet…")
        with psycopg.connect(faulty.world.postgres.dsn, autocommit=True) as session:
            result.findings = audits.findings_once_settled(faulty.world, session, promises)
            result.counted = counted(session) | office.counted | resumed
            result.lateness = lateness(session)
    return result, promises


def _run_cases(
    population: Population,
    drawn: list[Journey],
    injector: FaultInjector,
    result: CampaignResult,
    say: Callable[[str], None],
) -> Promises:
    """Run every case, several at a time, while faults are injected."""
    promises = Promises([], [])
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
            promises.cases.extend(actors.promises)
            promises.claims.extend(actors.claim_promises)
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
def _resuming(person: Person) -> Iterator[Counter[str]]:
    """Resume parked processes at regular intervals; gives how many were."""
    resumed = Counter[str]()

    def resume() -> None:
        resumed["resumed by the operator"] += _resume_all(person)

    rounds = Rounds("operator", resume, OPERATOR_INTERVAL_SECONDS)
    rounds.start()
    try:
        yield resumed
    finally:
        rounds.stop()

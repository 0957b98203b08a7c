"""A campaign: cases go every way while parts break as planned; then everything is mended, and the auditor looks."""

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import psycopg

from models.store.database import Database
from tests.system.auditor import Auditor, Promise
from tests.system.chaos.plan import TARGETS, Strike, plan
from tests.system.chaos.stage import Stage
from tests.system.conftest import an_auditor
from tests.system.journeys import Way, chosen
from tests.system.people import Person
from tests.system.population import CLIENTS, Town, a_town
from tests.system.tallies import counted, lateness

SETTLING: Final = 300.0
"""Seconds in which everything that is due must be done, once everything runs again."""
ROUND: Final = 4.0
"""Seconds between two rounds of the operator, who resumes whatever is parked."""
MANY: Final = 1_000_000
log = logging.getLogger("chaos")


@dataclass
class Outcome:
    """What a campaign has shown."""

    seed: int
    cases: int
    seconds: float = 0
    faults: Counter[str] = field(default_factory=Counter)
    missing: dict[str, str] = field(default_factory=dict)
    fell: Counter[str] = field(default_factory=Counter)
    walked: Counter[str] = field(default_factory=Counter)
    stuck: list[str] = field(default_factory=list)
    """Cases that did not go on, or that were answered wrongly."""
    findings: list[str] = field(default_factory=list)
    """What the auditor says, once everything is mended."""
    counted: dict[str, int] = field(default_factory=dict)
    lateness: dict[str, float] = field(default_factory=dict)
    """Seconds between effect and record of the silences."""

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.stuck and not self.findings


class Striker(threading.Thread):
    """Breaks what the plan says, each time enough cases have ended."""

    def __init__(self, stage: Stage, strikes: list[Strike]) -> None:
        super().__init__(name="striker")
        self._stage = stage
        self._strikes = strikes
        self._ended = threading.Semaphore(0)
        self._over = False
        self.struck: Counter[str] = Counter()
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            for strike in self._strikes:
                for _ in range(strike.after):
                    self._ended.acquire()
                if self._over:
                    return
                self._strike(strike)
        except Exception as failed:  # noqa: BLE001 told by whoever waits for it
            self.failure = failed

    def case_ended(self) -> None:
        """Hear that one more case has ended."""
        self._ended.release()

    def rest(self) -> None:
        """Let everything run again; raises what could not be started."""
        self._over = True
        self._ended.release(MANY)
        self.join()
        if self.failure:
            raise self.failure

    def _strike(self, strike: Strike) -> None:
        falling = [(blow, self._stage.fault(blow)) for blow in strike.blows]
        for blow, fault in falling:
            log.info("begins: %s, %s", blow.kind, blow.target)
            fault.begin()
            self.struck[blow.kind] += 1
        time.sleep(strike.seconds)
        for _, fault in reversed(falling):
            fault.end()
        killed = {b.target for b, _ in falling if b.kind == "kill"}
        if any(b.kind == "certificate expired" for b, _ in falling):
            killed.add("worker")  # started again on it, and then without it
        self._stage.fell.update(self._stage.gone() - killed)
        self._stage.revive()


class Operator(threading.Thread):
    """Resumes whatever is parked, round after round."""

    def __init__(self, person: Person) -> None:
        super().__init__(name="operator")
        self._person = person
        self._over = threading.Event()
        self.resumed = 0

    def run(self) -> None:
        while not self._over.wait(ROUND):
            with suppress(AssertionError):  # nobody answers for minutes: those who wait will say so
                for incident in self._person.get("/incidents").json().get("items", ()):
                    self._person.post(f"/incidents/{incident['id']}/resume", {"reason": "Tout est rétabli."})
                    self.resumed += 1

    def rest(self) -> None:
        self._over.set()
        self.join()


def run(
    stage: Stage,
    seed: int,
    cases: int,
    *,
    kinds: Collection[str] = tuple(TARGETS),
    say: Callable[[str], None] = lambda line: None,
) -> tuple[Outcome, list[Promise]]:
    """Lead so many cases through what the seed says, and judge what is left; the world runs on."""
    ways = chosen(cases, random.Random(f"ways-{seed}"))
    strikes = plan(random.Random(seed), cases, [kind for kind in stage.kinds if kind in kinds])
    told = Outcome(seed, cases, missing=stage.missing, walked=Counter(way.__name__ for way in ways))
    began = time.monotonic()
    with (
        Database(stage.world.postgres.dsn, size=2) as database,
        a_town(stage.world, database, cases, seed) as town,
        Person(stage.world, town.operator) as person,
        _resuming(person) as operator,
    ):
        striker = Striker(stage, strikes)
        promises = _lived(town, ways, striker, told, say)
        told.faults, told.fell = striker.struck, stage.fell
        told.seconds = time.monotonic() - began
        say(f"{cases} cases in {told.seconds:.0f} s; everything is mended, the auditor waits for quiet…")
        with psycopg.connect(stage.world.postgres.dsn, autocommit=True) as session:
            told.findings = _settled(an_auditor(stage.world, session), promises)
            told.counted = counted(session) | {"resumed by the operator": operator.resumed}
            told.lateness = lateness(session)
    return told, promises


def _lived(
    town: Town, ways: list[Way], striker: Striker, told: Outcome, say: Callable[[str], None]
) -> list[Promise]:
    """Live every case, some at a time, while the striker strikes."""
    promises: list[Promise] = []
    ended, began = Counter[str](), time.monotonic()

    def live(number: int) -> None:
        way = ways[number]
        with town.life(number) as life:
            try:
                way(life)
            except Exception as failed:  # noqa: BLE001 a case that is stuck must not end the campaign
                told.stuck.append(
                    f"{way.__name__} {life.reference or number}: {type(failed).__name__}: {failed}"
                )
            promises.extend(life.promises)
        ended["cases"] += 1
        striker.case_ended()
        if ended["cases"] % 100 == 0:
            say(f"{ended['cases']} cases, {ended['cases'] / (time.monotonic() - began):.2f} a second")

    striker.start()
    try:
        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(live, range(len(ways))))
    finally:
        striker.rest()
    return promises


@contextmanager
def _resuming(person: Person) -> Iterator[Operator]:
    operator = Operator(person)
    operator.start()
    try:
        yield operator
    finally:
        operator.rest()


def _settled(auditor: Auditor, promises: list[Promise]) -> list[str]:
    """What is still wrong when nothing moves any more."""
    limit = time.monotonic() + SETTLING
    while (findings := auditor.findings(promises)) and time.monotonic() < limit:
        log.info("%d sentences, the first one: %s", len(findings), findings[0])
        time.sleep(2)
    return [*findings, *auditor.of_documents()]

"""A town: employers, agents, and a clock that makes time pass for each of their cases, whatever breaks meanwhile."""

import asyncio
import random
import secrets
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import httpx
from psycopg.errors import OperationalError as SessionLost
from sqlalchemy.exc import OperationalError
from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper

from local.engine import NAMESPACE
from local.time_travel import Clockwork
from local.world import World
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.engine.names import authorization_id
from models.store.cases import requests
from models.store.database import Database, case_now
from models.store.journal.keys import StoredKeys
from tests.builders import Credentials, a_filing, employer, staff
from tests.system.auditor import Promise
from tests.system.people import PATIENCE, Codes, Person, sirets

T = TypeVar("T")
CLIENTS: Final = 8
NOT_YET: Final = datetime.min.replace(tzinfo=UTC)
PLACES: Final = ("34", "974", "2A")
"""Départements: one on the mainland, one whose midnight is another, one with a letter."""
LOST: Final = (RPCError, RuntimeError, TimeoutError, WorkflowQueryFailedError, OperationalError, SessionLost)


class TownClock:
    """Makes time pass for cases and drafts, in the register and in the engine, however often either dies."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="clock")
        self._thread.start()
        self._database = Database(world.postgres.dsn, size=CLIENTS)
        self._client = self._do(self._connected())
        self._clockwork = Clockwork(self._database, self._client)

    async def _connected(self) -> Client:
        keys = StoredKeys(self._database, MasterKey(self._world.master_key))
        return await connect(self._world.engine.address, NAMESPACE, keys)

    def pass_to(self, subject: str, instant: datetime) -> None:
        """Bring a case or a draft to an instant of its own time, at least."""

        async def step() -> None:
            await self._clockwork.advance_to(subject, instant)
            # A step that was cut short has moved the register alone: the engine follows with the next one.
            await self._clockwork.advance(subject, timedelta(seconds=1))

        self._insist(step, subject)

    def engine_ahead(self, reference: str, by: timedelta) -> None:
        """Let the engine alone believe that time has passed for a case."""
        process = self._client.get_workflow_handle(authorization_id(reference))

        async def leap() -> None:
            await asyncio.wait_for(TimeSkipper(self._client).fast_forward(process, by), 10)

        self._insist(leap, reference)

    def register_ahead(self, reference: str, instant: datetime) -> None:
        """Let the register alone believe that an instant of a case has come."""

        async def leap() -> None:
            with self._database.begin() as connection:
                left = instant - case_now(connection, reference)
                requests.advance(connection, reference, max(left, timedelta()))

        self._insist(leap, reference)

    def _insist(self, step: Callable[[], Coroutine[None, None, None]], subject: str) -> None:
        limit = time.monotonic() + PATIENCE
        while True:
            try:
                self._do(step())
            except LOST:
                assert time.monotonic() < limit, f"{subject} cannot be advanced"
                time.sleep(0.5)
            else:
                return

    def _do(self, call: Coroutine[None, None, T]) -> T:
        return asyncio.run_coroutine_threadsafe(call, self._loop).result()

    def stop(self) -> None:
        """Stop the clock."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._database.close()


@dataclass
class Life:
    """One case as its people live it: `me` the employer, `agent` who decides, `head` another who may."""

    number: int
    siret: str
    clock: TownClock
    me: Person
    agent: Person
    head: Person
    dice: random.Random
    codes: Codes
    promises: list[Promise] = field(default_factory=list)
    reference: str = ""
    until_at: datetime = NOT_YET
    """The instant of acceptance, as last promised."""

    @property
    def case(self) -> str:
        """Path of the case at the doors."""
        return f"/requests/{self.reference}"

    def file(self, *, path: str = "/requests", **stated: object) -> None:
        """File, sometimes twice under one key: both answers are the same one."""
        key = f"filing-{self.number}-{secrets.token_hex(4)}"
        body = a_filing(siret=self.siret, **stated) if path == "/requests" else None
        answers = [self.me.post(path, body, key=key) for _ in range(self.dice.choice((1, 1, 2)))]
        self._take(answers, key)

    def _take(self, answers: list[httpx.Response], key: str) -> None:
        for answer in answers:
            assert answer.status_code == 201, answer.text
            assert answer.json() == answers[0].json(), "two answers to one key"
        filed = answers[0].json()
        self.reference = filed["reference"]
        self.until_at = datetime.fromisoformat(filed["tacit_acceptance_at"])
        received_at = datetime.fromisoformat(filed["received_at"])
        self.promises.append(Promise(key, self.reference, received_at, self.until_at))

    def near(self) -> None:
        """Come within a second or two of the instant: whoever is quicker then wins."""
        self.clock.pass_to(self.reference, self.until_at - timedelta(seconds=self.dice.uniform(1.1, 3)))

    def let_silence_come(self) -> None:
        """Let the delay run out."""
        self.clock.pass_to(self.reference, self.until_at + timedelta(minutes=1))


@dataclass(frozen=True)
class Town:
    """Who takes part, and the clock."""

    world: World
    clock: TownClock
    agent: Credentials
    head: Credentials
    operator: Credentials
    bosses: list[tuple[Credentials, list[str]]]
    seed: int
    codes: Codes
    """What the mailbox brings to newcomers."""

    @contextmanager
    def life(self, number: int) -> Iterator[Life]:
        """One case to come, of an establishment of its own."""
        boss, places = self.bosses[number % len(self.bosses)]
        with ExitStack() as callers:
            me, agent, head = (
                callers.enter_context(Person(self.world, who)) for who in (boss, self.agent, self.head)
            )
            dice = random.Random(f"{self.seed}-{number}")
            siret = places[number // len(self.bosses)]
            yield Life(number, siret, self.clock, me, agent, head, dice, self.codes)


@contextmanager
def a_town(world: World, database: Database, cases: int, seed: int) -> Iterator[Town]:
    """Open the accounts that so many cases need."""
    each = -(-cases // CLIENTS)
    bosses = [employer(database, PLACES[n % len(PLACES)], establishments=each) for n in range(CLIENTS)]
    clock = TownClock(world)
    try:
        yield Town(
            world,
            clock,
            staff(database, "agent", *PLACES),
            staff(database, "head", *PLACES),
            staff(database, "operator"),
            [(boss, sirets(database, boss)) for boss in bosses],
            seed,
            Codes(world.mail.folder),
        )
    finally:
        clock.stop()

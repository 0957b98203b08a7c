"""A population: employers, agents, and a clock that advances each of their cases, whatever breaks meanwhile."""

import asyncio
import random
import secrets
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager, suppress
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
from local.time_travel import TimeTravel
from local.world import World
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.engine.names import answers_id, authorization_id
from models.store.agency.channels import CLAIMS
from models.store.cases import requests
from models.store.database import Database, case_now
from models.store.journal.keys import StoredKeys
from scenarios.dossier import account_of
from tests.builders import Credentials, a_filing, employer, staff
from tests.cases import HOLDER
from tests.system.auditor import Promise
from tests.system.claims_auditor import ClaimPromise
from tests.system.claims_office import ClaimsOffice
from tests.system.people import WAIT_TIMEOUT_SECONDS, Codes, Person, sirets

T = TypeVar("T")
CLIENTS: Final = 8
NOT_YET: Final = datetime.min.replace(tzinfo=UTC)
DEPARTMENTS: Final = ("34", "974", "2A")
"""Départements: one on the mainland, one in another time zone, one whose code has a letter."""
LOST_CONNECTION: Final = (
    RPCError,
    RuntimeError,
    TimeoutError,
    WorkflowQueryFailedError,
    OperationalError,
    SessionLost,
)


class CaseClock:
    """Advances the time of cases and drafts, in the register and in the engine, however often either crashes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="clock")
        self._thread.start()
        self._database = Database(world.postgres.dsn, size=CLIENTS)
        self._client = self._do(self._connect())
        self._clockwork = TimeTravel(self._database, self._client)

    async def _connect(self) -> Client:
        keys = StoredKeys(self._database, MasterKey(self._world.master_key))
        return await connect(self._world.engine.address, NAMESPACE, keys)

    def advance_to(self, subject: str, instant: datetime) -> None:
        """Advance a case or a draft at least to an instant of its own time."""

        async def step() -> None:
            await self._clockwork.advance_to(subject, instant)
            # An interrupted step has moved the register only: the engine follows with the next one.
            await self._clockwork.advance(subject, timedelta(seconds=1))

        self._insist(step, subject)

    def advance_engine(self, reference: str, by: timedelta) -> None:
        """Advance the time of a case in the engine only."""
        process = self._client.get_workflow_handle(authorization_id(reference))

        async def leap() -> None:
            await asyncio.wait_for(TimeSkipper(self._client).fast_forward(process, by), 10)

        self._insist(leap, reference)

    def advance_register(self, reference: str, instant: datetime) -> None:
        """Advance the time of a case in the register only."""

        async def leap() -> None:
            with self._database.begin() as connection:
                left = instant - case_now(connection, reference)
                requests.advance(connection, reference, max(left, timedelta()))

        self._insist(leap, reference)

    def fetch_answers(self) -> None:
        """Have the answers of the agency read now rather than at the next minute of their schedule, if that can be."""

        async def trigger() -> None:
            await asyncio.wait_for(self._client.get_schedule_handle(answers_id(CLAIMS)).trigger(), 5)

        with suppress(*LOST_CONNECTION):
            self._do(trigger())

    def _insist(self, step: Callable[[], Coroutine[None, None, None]], subject: str) -> None:
        limit = time.monotonic() + WAIT_TIMEOUT_SECONDS
        while True:
            try:
                self._do(step())
            except LOST_CONNECTION:
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
class CaseActors:
    """The people around one case: `me` the employer, `agent` who decides, `head` who also may."""

    number: int
    siret: str
    clock: CaseClock
    me: Person
    agent: Person
    head: Person
    dice: random.Random
    codes: Codes
    office: ClaimsOffice
    promises: list[Promise] = field(default_factory=list)
    claim_promises: list[ClaimPromise] = field(default_factory=list)
    reference: str = ""
    until_at: datetime = NOT_YET
    """The instant of acceptance, as last promised."""

    @property
    def case(self) -> str:
        """Path of the case in the API."""
        return f"/requests/{self.reference}"

    def file(self, **stated: object) -> None:
        """File a request, sometimes twice with one key: both answers must be equal."""
        account = {"bank_account": {"iban": account_of(self.siret), "holder": HOLDER}}
        self.file_at("/requests", a_filing(siret=self.siret, **account | stated))

    def file_at(self, path: str, body: object = None) -> None:
        """File a draft, an amendment or a request at its path, as `file` does."""
        key = f"filing-{self.number}-{secrets.token_hex(4)}"
        answers = [self.me.post(path, body, key=key) for _ in range(self.dice.choice((1, 1, 2)))]
        self._record_filing(answers, key)

    def _record_filing(self, answers: list[httpx.Response], key: str) -> None:
        for answer in answers:
            assert answer.status_code == 201, answer.text
            assert answer.json() == answers[0].json(), "two answers to one key"
        filed = answers[0].json()
        self.reference = filed["reference"]
        self.until_at = datetime.fromisoformat(filed["tacit_acceptance_at"])
        received_at = datetime.fromisoformat(filed["received_at"])
        self.promises.append(Promise(key, self.reference, received_at, self.until_at))

    def approach_instant(self) -> None:
        """Advance to within a second or two of the instant, so that the outcome is a race."""
        self.clock.advance_to(self.reference, self.until_at - timedelta(seconds=self.dice.uniform(1.1, 3)))

    def let_silence_come(self) -> None:
        """Let the delay run out."""
        self.clock.advance_to(self.reference, self.until_at + timedelta(minutes=1))


@dataclass(frozen=True)
class Population:
    """The participants, and the clock."""

    world: World
    clock: CaseClock
    agent: Credentials
    head: Credentials
    operator: Credentials
    bosses: list[tuple[Credentials, list[str]]]
    seed: int
    codes: Codes
    """Activation codes found in the mailbox."""
    office: ClaimsOffice

    @contextmanager
    def actors(self, number: int) -> Iterator[CaseActors]:
        """The actors of one new case, with its own establishment."""
        boss, sirets_of_boss = self.bosses[number % len(self.bosses)]
        with ExitStack() as stack:
            me, agent, head = (stack.enter_context(Person(self.world, who)) for who in (boss, self.agent, self.head))
            dice = random.Random(f"{self.seed}-{number}")
            siret = sirets_of_boss[number // len(self.bosses)]
            yield CaseActors(number, siret, self.clock, me, agent, head, dice, self.codes, self.office)


@contextmanager
def a_population(world: World, database: Database, cases: int, seed: int) -> Iterator[Population]:
    """Create the accounts that `cases` cases need."""
    each = -(-cases // CLIENTS)
    bosses = [employer(database, DEPARTMENTS[n % len(DEPARTMENTS)], establishments=each) for n in range(CLIENTS)]
    agent, head = (staff(database, role, *DEPARTMENTS) for role in ("agent", "head"))
    operator = staff(database, "operator")
    clock = CaseClock(world)
    office = ClaimsOffice(world, agent, head, operator, DEPARTMENTS, clock.fetch_answers)
    people = [(boss, sirets(database, boss)) for boss in bosses]
    try:
        yield Population(world, clock, agent, head, operator, people, seed, Codes(world.mail.folder), office)
    finally:
        clock.stop()

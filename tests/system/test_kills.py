"""Programs, engine and database are killed at random while two hundred cases go through; then both stores are audited.

Budget: 150 s on two cores. The seed is printed; TACITE_SEED plays a run again, as far as chance of the machine allows.
"""

import asyncio
import os
import random
import secrets
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

import psycopg
import pytest
from psycopg.errors import OperationalError as SessionLost
from sqlalchemy.exc import OperationalError
from temporalio.client import WorkflowQueryFailedError
from temporalio.service import RPCError

from local.clockwork import Clockwork
from local.engine import NAMESPACE
from local.world import World
from models.engine import connect
from models.keys import MasterKey
from models.store.keys import StoredKeys
from models.store.register import Register
from tests.builders import Credentials, a_completion_request, a_filing, a_grant, a_refusal, employer, staff
from tests.system.auditor import Auditor, Promise
from tests.system.conftest import an_auditor
from tests.system.killer import ROUNDS, Killer
from tests.system.people import PATIENCE, Person, sirets, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

T = TypeVar("T")
CASES: Final = 200
CLIENTS: Final = 8
WAYS: Final = (*["silence"] * 8, *["grant"] * 4, *["refusal"] * 3, *["desistment"] * 3, *["pieces"] * 2)
"""What becomes of twenty cases."""
LOST: Final = (RPCError, RuntimeError, WorkflowQueryFailedError, OperationalError, SessionLost)


class Clock:
    """Makes time pass for cases, in the register and in the engine, however often either dies."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="clock")
        self._thread.start()
        self._register = Register(world.postgres.dsn, size=CLIENTS)
        self._clockwork = self._do(self._connected())

    async def _connected(self) -> Clockwork:
        keys = StoredKeys(self._register, MasterKey(self._world.master_key))
        return Clockwork(self._register, await connect(self._world.engine.address, NAMESPACE, keys))

    def pass_to(self, reference: str, instant: datetime) -> None:
        """Bring a case to an instant of its own time, at least."""
        limit = time.monotonic() + PATIENCE
        while True:
            try:
                self._do(self._pass_to(reference, instant))
            except LOST:
                assert time.monotonic() < limit, f"{reference} cannot be advanced"
                time.sleep(0.5)
            else:
                return

    async def _pass_to(self, reference: str, instant: datetime) -> None:
        await self._clockwork.advance_to(reference, instant)
        # A step that was cut short has moved the register alone: the engine follows with the next one.
        await self._clockwork.advance(reference, timedelta(seconds=1))

    def _do(self, call: Coroutine[None, None, T]) -> T:
        return asyncio.run_coroutine_threadsafe(call, self._loop).result()

    def stop(self) -> None:
        """Stop the clock."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._register.close()


@dataclass(frozen=True)
class Town:
    """Who takes part, and the clock."""

    world: World
    clock: Clock
    agent: Credentials
    bosses: list[tuple[Credentials, list[str]]]

    def live(self, number: int, way: str) -> Promise:
        """File one case and lead it to its end, in one way."""
        boss, places = self.bosses[number % len(self.bosses)]
        with Person(self.world, boss) as me, Person(self.world, self.agent) as agent:
            key = f"filing-{number}-{secrets.token_hex(4)}"
            answer = me.post("/requests", a_filing(siret=places[number // len(self.bosses)]), key=key)
            assert answer.status_code == 201, answer.text
            filed = answer.json()
            case = f"/requests/{filed['reference']}"
            getattr(self, f"_{way}")(me, agent, case, datetime.fromisoformat(filed["tacit_acceptance_at"]))
            instants = (
                datetime.fromisoformat(filed[name]) for name in ("received_at", "tacit_acceptance_at")
            )
            return Promise(key, filed["reference"], *instants)

    def _grant(self, me: Person, agent: Person, case: str, until_at: datetime) -> None:
        self._decided(agent, case, a_grant(id=f"D-{case[-9:]}"))

    def _refusal(self, me: Person, agent: Person, case: str, until_at: datetime) -> None:
        self._decided(agent, case, a_refusal(id=f"D-{case[-9:]}"))

    def _desistment(self, me: Person, agent: Person, case: str, until_at: datetime) -> None:
        assert me.post(f"{case}/desistment").json()["status"] == "desisted"

    def _silence(self, me: Person, agent: Person, case: str, until_at: datetime) -> None:
        self.clock.pass_to(case[-9:], until_at + timedelta(minutes=1))

    def _pieces(self, me: Person, agent: Person, case: str, until_at: datetime) -> None:
        """Pieces are asked for and supplied; then silence."""
        asked = a_completion_request(id=f"C-{case[-9:]}")
        until(
            lambda: agent.post(f"{case}/completion-requests", asked).json()["state"] == "notified", "pieces"
        )
        pieces = {"pieces": [{"code": "circumstances", "text": "La crue."}]}
        receipt = me.post(f"{case}/completion", pieces, key=f"pieces-{case[-9:]}").json()["receipt"]
        self._silence(me, agent, case, datetime.fromisoformat(receipt["tacit_acceptance_at"]))

    def _decided(self, agent: Person, case: str, body: dict[str, object]) -> None:
        until(lambda: agent.post(f"{case}/decision", body).status_code == 200, f"the decision of {case}")


@pytest.fixture
def town(world: World, register: Register) -> Iterator[Town]:
    bosses = [employer(register, establishments=CASES // CLIENTS) for _ in range(CLIENTS)]
    clock = Clock(world)
    yield Town(world, clock, staff(register), [(boss, sirets(register, boss)) for boss in bosses])
    clock.stop()


def test_whatever_is_killed_nothing_is_lost_nothing_doubled_and_no_legal_instant_moves(
    town: Town, world: World, operator: Person
) -> None:
    seed = int(os.environ.get("TACITE_SEED", secrets.randbelow(10**6)))
    print(f"TACITE_SEED={seed}")
    dice = random.Random(seed)
    ways = list(WAYS) * (CASES // len(WAYS))
    dice.shuffle(ways)
    killer = Killer(world, dice)

    def live(number: int, way: str) -> Promise:
        try:
            return town.live(number, way)
        finally:
            killer.case_ended()

    began = time.monotonic()
    killer.start()
    try:
        with ThreadPoolExecutor(CLIENTS) as clients:
            promises = list(clients.map(live, range(CASES), ways))
    finally:
        killer.rest()
    print(f"{CASES} cases in {time.monotonic() - began:.0f} s, killed: {dict(killer.killed)}")
    assert set(killer.killed.values()) == {ROUNDS}
    with psycopg.connect(world.postgres.dsn, autocommit=True) as session:
        auditor = an_auditor(world, session)
        _settle(auditor, promises, operator)
        assert _ways(session) == Counter(_outcome(way) for way in ways)
        print(f"settled after {time.monotonic() - began:.0f} s")
        _check_the_auditor(auditor, session, promises)


def _settle(auditor: Auditor, promises: list[Promise], operator: Person) -> None:
    """Everything that is due is done some time after everything runs again; then nothing is wrong.

    What waited for the register long enough to be parked is resumed, as an operator would.
    """
    limit = time.monotonic() + PATIENCE
    while (findings := auditor.findings(promises)) and time.monotonic() < limit:
        for incident in operator.get("/incidents").json()["items"]:
            if incident["resumed_at"] is None:
                operator.post(f"/incidents/{incident['id']}/resume", {"reason": "Le registre est revenu."})
        time.sleep(1)
    assert not findings, "\n".join(findings[:30])


def _ways(session: psycopg.Connection) -> Counter[str]:
    return Counter(str(outcome) for (outcome,) in session.execute("SELECT outcome FROM request"))


def _outcome(way: str) -> str:
    return {"grant": "granted", "refusal": "refused", "desistment": "desisted"}.get(way, "tacit")


HARMS: Final = (
    "UPDATE request SET effect_at = effect_at + interval '1 second' WHERE reference = (SELECT min(reference) FROM"
    " request WHERE outcome = 'tacit')",
    "UPDATE request SET (notified_at, effect_at) = (deadline_at, deadline_at) WHERE reference = (SELECT min(reference)"
    " FROM request WHERE outcome = 'refused')",
    "UPDATE request SET (outcome, effect_at) = (NULL, NULL) WHERE outcome = 'desisted'",
    "UPDATE request SET outcome = 'granted' WHERE outcome = 'tacit'",
    "UPDATE idempotency SET answer = (SELECT max(answer) FROM idempotency) WHERE key LIKE 'filing-1%'",
    "DELETE FROM idempotency WHERE key LIKE 'filing-2-%'",
    "ALTER TABLE event DISABLE TRIGGER event_append_only; DELETE FROM event WHERE type = 'request_desisted'",
    "ALTER TABLE event DISABLE TRIGGER event_append_only; UPDATE event SET at = at - interval '1 second' WHERE seq = 1",
    "ALTER TABLE receipt DISABLE TRIGGER receipt_append_only;"
    " UPDATE receipt SET tacit_acceptance_at = tacit_acceptance_at + interval '1 day'",
    "ALTER TABLE document DROP CONSTRAINT document_reference_kind_subject_key;"
    " INSERT INTO document (reference, kind, subject, number, sha256, bytes, signed_at)"
    " SELECT reference, kind, subject, number, sha256, bytes, signed_at FROM document WHERE kind = 'receipt'",
    "UPDATE document SET bytes = 'x' WHERE kind = 'attestation'",
    "DELETE FROM deposit_row WHERE line = 1",
    "UPDATE deposit SET bytes = 'x'",
    "UPDATE outbox SET done_at = NULL WHERE kind = 'start'",
    "UPDATE request SET closed_at = NULL WHERE outcome = 'desisted'",
)
"""What an auditor worth its name would see."""


def _check_the_auditor(auditor: Auditor, session: psycopg.Connection, promises: list[Promise]) -> None:
    """Every harm, undone afterwards, is found."""
    for harm in HARMS:
        with session.transaction(force_rollback=True):
            session.execute(harm)
            assert auditor.findings(promises), harm
    assert auditor.findings([*promises, replace(promises[0], key="filing-lost")])
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "engine.db"
        with closing(sqlite3.connect(auditor.engine)) as whole, closing(sqlite3.connect(copy)) as part:
            whole.backup(part)
            for table in ("executions", "current_executions", "executions_visibility"):
                part.execute(
                    f"DELETE FROM {table} WHERE workflow_id = 'authorization:{promises[0].reference}'"
                )
                part.commit()
                assert replace(auditor, engine=copy).findings(promises), table

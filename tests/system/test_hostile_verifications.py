"""While strangers have hostile files verified without end, decisions are signed in time, and nothing stays of it."""

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import httpx
import psutil

from local.world import World
from models.store.database import Database
from tests.builders import a_refusal, employer
from tests.examining.test_pades import entries
from tests.system.conftest import ClientFactory
from tests.system.people import Person, file_one, sirets, until
from tests.system.population import CaseClock

HOSTILE = 8
"""Verifications under way again and again, from as many addresses."""
DECISIONS = 5
USUAL_SECONDS = 2.0
BEFORE_THE_INSTANT = timedelta(seconds=20)
MAX_WORKER_MIB = 400


@contextmanager
def attacked(world: World) -> Iterator[list[int]]:
    """Send hostile files without end during the block; yields the statuses of the answers."""
    stop, statuses = threading.Event(), list[int]()
    content = entries(1_500_000)

    def attack(number: int) -> None:
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{number + 10}")
        with httpx.Client(base_url=f"{world.site}/api/v1", timeout=60, transport=transport) as stranger:
            while not stop.is_set():
                answer = stranger.post("/verifications", files={"file": ("x.pdf", content)})
                statuses.append(answer.status_code)
                stop.wait(0.2)

    strangers = [threading.Thread(target=attack, args=(number,)) for number in range(HOSTILE)]
    for each in strangers:
        each.start()
    try:
        time.sleep(1)
        yield statuses
    finally:
        stop.set()
        for each in strangers:
            each.join()


def test_strangers_do_not_decide_whether_a_decision_is_signed(
    world: World, database: Database, client_of: ClientFactory, agent: Person
) -> None:
    bosses = [client_of(employer(database)) for _ in range(DECISIONS)]
    cases = {file_one(boss, sirets(database, boss.who)[0]): boss for boss in bosses}
    for promise, boss in cases.items():
        until(partial(_is_sealed, boss, promise.reference), "the receipt")
    urgent = next(iter(cases))
    clock = CaseClock(world)
    clock.advance_to(urgent.reference, urgent.tacit_acceptance_at - BEFORE_THE_INSTANT)
    clock.stop()
    spent = []
    with attacked(world) as statuses:
        for promise, boss in cases.items():
            began = time.monotonic()
            body = a_refusal(id=f"D-{promise.reference}")
            assert agent.post(f"/requests/{promise.reference}/decision", body).status_code in (200, 202)
            until(partial(_outcome, boss, promise.reference), "the decision")
            spent.append(time.monotonic() - began)
        assert psutil.Process(world.verifying.pid).memory_info().rss < MAX_WORKER_MIB * 1024**2
    assert {_outcome(boss, promise.reference) for promise, boss in cases.items()} == {"refused"}
    assert statistics.median(spent) < USUAL_SECONDS
    assert set(statuses) <= {200, 429, 503}
    assert 429 in statuses
    with database.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM errand").scalar() == 0


def _is_sealed(boss: Person, reference: str) -> bool:
    return any(each["kind"] == "receipt" for each in boss.get(f"/requests/{reference}").json()["documents"])


def _outcome(boss: Person, reference: str) -> str | None:
    outcome: str | None = boss.get(f"/requests/{reference}").json()["outcome"]
    return outcome

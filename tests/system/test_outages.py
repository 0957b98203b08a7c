"""What each part does while another is down: nothing stops without need, and nothing is done twice.

Budget: 75 s on two cores.
"""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
import pytest
from temporalio.testing import TimeSkipper

from local.engine import NAMESPACE
from local.programs import Background
from local.time_travel import TimeTravel
from local.world import World
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.engine.names import authorization_id
from models.store.database import Database
from models.store.journal.keys import StoredKeys
from tests.builders import Credentials, a_filing, a_grant, employer, staff
from tests.system.auditor import Promise
from tests.system.conftest import assert_audited
from tests.system.people import Person, event_types, file_one, sirets, until

pytestmark = pytest.mark.slow


@pytest.fixture
def session(world: World) -> Iterator[psycopg.Connection]:
    with psycopg.connect(world.postgres.dsn, autocommit=True) as opened:
        yield opened


@pytest.fixture
def places(database: Database) -> tuple[Credentials, list[str]]:
    """An employer of many establishments."""
    boss = employer(database, establishments=50)
    return boss, sirets(database, boss)


def file_all(world: World, who: tuple[Credentials, list[str]], most: int = 50) -> list[Promise]:
    """File a request for each establishment, eight at a time; every answer is 201."""
    boss, places = who
    with Person(world, boss) as person, ThreadPoolExecutor(8) as together:
        return list(together.map(lambda siret: file_one(person, siret), places[:most]))


@contextmanager
def a_second(world: World, name: str, module: str, ready: str) -> Iterator[Background]:
    """A second instance of one of our programs, in the same world."""

    class Second(Background):
        def ready(self) -> bool:
            return self.logged(ready)

    program = Second(name, module, world.folder / "second", settings=lambda: world.environment)
    program.start()
    try:
        yield program
    finally:
        program.kill()


def test_twenty_posts_of_one_key_at_once_make_one_case(
    world: World, database: Database, session: psycopg.Connection
) -> None:
    boss = employer(database)
    people = [Person(world, boss) for _ in range(20)]
    with ThreadPoolExecutor(20) as together:
        answers = list(together.map(lambda me: me.post("/requests", a_filing(), key="filing-same"), people))
    for person in people:
        person.close()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    filed = session.execute("SELECT reference FROM request WHERE account_id = %s", [boss.account_id]).fetchall()
    assert filed == [(answers[0].json()["reference"],)]
    assert_audited(world, session, [])


def test_a_door_killed_between_commit_and_answer_answers_the_same_key_as_it_would_have(
    world: World, boss: Person, session: psycopg.Connection
) -> None:
    """The commit is on disk but its acknowledgement is withheld, as for a standby that does not answer."""
    key = "filing-unanswered"
    session.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    session.execute("SELECT pg_reload_conf()")
    try:
        with ThreadPoolExecutor(1) as beside:
            answer = beside.submit(boss.post, "/requests", a_filing(), key=key)
            held = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query LIKE 'COMMIT%'"
            until(lambda: session.execute(held).fetchone(), "a commit that is held back")
            world.doors.kill()
            session.execute("ALTER SYSTEM RESET synchronous_standby_names")
            session.execute("SELECT pg_reload_conf()")
            count = "SELECT count(*) FROM request WHERE account_id = %s"
            until(lambda: session.execute(count, [boss.who.account_id]).fetchone() == (1,), "the case")
            world.doors.start()
            filed = answer.result()
    finally:
        session.execute("ALTER SYSTEM RESET synchronous_standby_names")
        session.execute("SELECT pg_reload_conf()")
    assert filed.status_code == 201
    assert boss.retries
    again = boss.post("/requests", a_filing(), key=key)
    assert again.json() == filed.json()
    assert session.execute(count, [boss.who.account_id]).fetchone() == (1,)
    assert_audited(world, session, [])


def test_with_the_engine_down_a_hundred_filings_are_answered_and_all_have_their_process_and_receipt_later(
    world: World, database: Database, places: tuple[Credentials, list[str]], session: psycopg.Connection
) -> None:
    more = employer(database, establishments=50)
    world.engine.kill()
    promises = file_all(world, places) + file_all(world, (more, sirets(database, more)))
    assert len({promise.reference for promise in promises}) == 100
    with Person(world, places[0]) as boss:
        view = boss.get(f"/requests/{promises[0].reference}").json()
        listed = boss.get("/requests").json()["items"]
    assert view["clock"]["state"] == "running"
    assert datetime.fromisoformat(view["clock"]["tacit_acceptance_at"]) == promises[0].tacit_acceptance_at
    assert event_types(view) == ["request_received"]
    assert len(listed) == 50
    began = time.monotonic()
    world.engine.start()
    assert_audited(world, session, promises)
    print(f"100 processes and receipts {time.monotonic() - began:.0f} s after the engine is back")


def test_two_relays_at_once_double_nothing_even_when_one_lost_its_post_without_knowing(
    world: World, database: Database, places: tuple[Credentials, list[str]], session: psycopg.Connection
) -> None:
    others = employer(database, establishments=10)
    with a_second(world, "Second relais", "starter.relay", "relay_standing_by") as second:
        first = world.relay.pid
        with ThreadPoolExecutor(1) as beside:
            filing = beside.submit(file_all, world, places, 30)
            until(
                lambda: session.execute("SELECT FROM outbox WHERE done_at IS NULL").fetchone() is not None,
                "mail",
            )
            os.kill(first, signal.SIGSTOP)  # in the middle of its deliveries
            holders = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
            session.execute(holders, [51223])
            until(lambda: second.logged("relay_ready"), "the second relay at its post")
            os.kill(first, signal.SIGCONT)
            promises = filing.result()
        assert_audited(world, session, promises)
        assert world.relay.running
        world.relay.kill()
        more = file_all(world, (others, sirets(database, others)))
        assert_audited(world, session, [*promises, *more])
    world.relay.start()


def test_two_workers_at_once_double_nothing(
    world: World, database: Database, places: tuple[Credentials, list[str]], session: psycopg.Connection
) -> None:
    agent = staff(database)
    with a_second(world, "Second exécutant", "worker", "worker_ready") as second:
        promises = file_all(world, places, 12)
        with Person(world, agent) as person, ThreadPoolExecutor(4) as together:
            decided = together.map(lambda promise: _grant(person, promise.reference), promises)
            assert set(decided) == {200}
        assert_audited(world, session, promises)
        assert second.running
    done = Counter(session.execute("SELECT outcome FROM request WHERE account_id = %s", [places[0].account_id]))
    assert done == {("granted",): 12}


def _grant(agent: Person, reference: str) -> int:
    path, body = f"/requests/{reference}/decision", a_grant(id=f"D-{reference}")
    until(lambda: agent.post(path, body).status_code == 200, "the decision")
    return agent.post(path, body).status_code


async def test_a_worker_killed_before_the_instant_and_started_an_hour_after_it_dates_it_rightly(
    world: World, database: Database, boss: Person, session: psycopg.Connection
) -> None:
    promise = await asyncio.to_thread(file_one, boss, boss.who.siret)
    case = f"/requests/{promise.reference}"
    await asyncio.to_thread(until, lambda: "receipt_issued" in event_types(boss.get(case).json()), "the receipt")
    client = await connect(world.engine.address, NAMESPACE, StoredKeys(database, MasterKey(world.master_key)))
    process = client.get_workflow_handle(authorization_id(promise.reference))
    last_hours = promise.tacit_acceptance_at - timedelta(hours=12)
    await TimeTravel(database, client).advance_to(promise.reference, last_hours)
    world.worker.kill()
    # Queried before the timer fires and answered by the next worker, which replays at an old workflow time.
    question = asyncio.create_task(process.query("wakes_at", rpc_timeout=timedelta(minutes=2)))
    await asyncio.sleep(1)
    late = "UPDATE request SET clock_offset = clock_offset + interval '13 hours' WHERE reference = %s"
    session.execute(late, [promise.reference])
    passing = asyncio.create_task(TimeSkipper(client).fast_forward(process, timedelta(hours=13)))
    await asyncio.sleep(2)
    view = (await asyncio.to_thread(boss.get, case)).json()
    assert view["outcome"] is None
    await asyncio.to_thread(world.worker.start)
    await passing
    await question
    view = await asyncio.to_thread(until, lambda: _if(boss.get(case).json(), "attestation_issued"), "the attestation")
    assert view["outcome"] == "tacit"
    assert datetime.fromisoformat(view["effect_at"]) == promise.tacit_acceptance_at
    lateness = datetime.fromisoformat(view["recorded_at"]) - promise.tacit_acceptance_at
    assert timedelta(minutes=59) <= lateness < timedelta(hours=1, minutes=2)
    born = next(event for event in view["events"] if event["type"] == "authorization_tacitly_granted")
    assert (born["at"], born["recorded_at"]) == (view["effect_at"], view["recorded_at"])
    await asyncio.to_thread(assert_audited, world, session, [promise])


def _if(view: dict[str, object], event: str) -> dict[str, object] | None:
    return view if event in event_types(view) else None

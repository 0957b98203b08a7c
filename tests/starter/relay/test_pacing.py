"""New cases enter the engine as fast as receipts leave it, and freely when none leaves at all."""

import asyncio
from functools import partial

import pytest

from models.engine.names import authorization_id
from models.store.cases import documents, requests
from models.store.cases.documents import Sealed
from models.store.database import Database
from models.store.journal import outbox
from starter.relay import pacing
from tests.cases import file_a_case
from tests.starter.relay.relaying import FakeEngine, emptied, relaying, until

NEVER = 3_600.0


def publish_receipt(database: Database, reference: str) -> None:
    with database.begin() as connection:
        at = requests.received_now(connection)
        stated = {"reference": reference, "kind": "receipt", "subject": "1", "number": f"{reference}00"}
        content = {"sha256": "0" * 64, "bytes": b"%PDF", "signed_at": at}
        documents.store(connection, Sealed.model_validate(stated | content))
        documents.publish(connection, reference, "1", at)


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "FEWEST", 2)
    monkeypatch.setattr(pacing, "MOST", 2)
    monkeypatch.setattr(pacing, "CHECK_INTERVAL", 0.02)


def started(engine: FakeEngine) -> list[str]:
    return [process for process, kind in engine.received if kind == "start"]


def has_started(engine: FakeEngine, number: int) -> bool:
    return len(started(engine)) == number


async def test_a_case_enters_for_each_receipt_that_leaves_in_the_order_of_filing(
    database: Database, fake_engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "STALL", NEVER)
    references = [file_a_case(database) for _ in range(6)]
    async with relaying(database, fake_engine):
        for number, reference in enumerate(references[:4], 2):
            await until(partial(has_started, fake_engine, number))
            publish_receipt(database, reference)
        await emptied(database)
    assert sorted(started(fake_engine)) == sorted(map(authorization_id, references))
    assert set(started(fake_engine)[:2]) == set(map(authorization_id, references[:2]))


async def test_messages_to_older_cases_never_wait_for_new_ones(
    database: Database, fake_engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "STALL", NEVER)
    older, *_ = references = [file_a_case(database) for _ in range(5)]
    async with relaying(database, fake_engine):
        await until(lambda: len(started(fake_engine)) == 2)
        with database.begin() as connection:
            outbox.enqueue(connection, authorization_id(older), "decide")
        await until(lambda: (authorization_id(older), "decide") in fake_engine.received)
        assert len(started(fake_engine)) == 2 < len(references)


async def test_cases_enter_freely_while_no_receipt_leaves(
    database: Database, fake_engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "STALL", 0.1)
    references = [file_a_case(database) for _ in range(6)]
    async with relaying(database, fake_engine):
        await emptied(database)
    assert len(started(fake_engine)) == len(references)


async def test_a_case_that_never_gets_a_receipt_does_not_hold_the_others_for_ever(
    database: Database, fake_engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "STALL", NEVER)
    monkeypatch.setattr(pacing, "LONGEST", 0.1)
    references = [file_a_case(database) for _ in range(6)]
    async with relaying(database, fake_engine):
        await emptied(database)
    assert len(started(fake_engine)) == len(references)


async def test_once_receipts_leave_again_after_a_long_stall_cases_enter_at_their_pace(
    database: Database, fake_engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "STALL", 0.1)
    monkeypatch.setattr(pacing, "LONGEST", 0.2)
    stuck = [file_a_case(database) for _ in range(4)]
    async with relaying(database, fake_engine):
        await until(partial(has_started, fake_engine, len(stuck)))
        await asyncio.sleep(0.5)
        monkeypatch.setattr(pacing, "STALL", NEVER)
        monkeypatch.setattr(pacing, "LONGEST", NEVER)
        await asyncio.sleep(0.1)
        for _ in range(6):
            file_a_case(database)
        await until(partial(has_started, fake_engine, len(stuck) + 2))
        await asyncio.sleep(0.2)
        assert len(started(fake_engine)) == len(stuck) + 2


async def test_while_the_engine_takes_nothing_no_more_cases_queue_for_it(
    database: Database, fake_engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "STALL", 0.05)
    fake_engine.away = {"start"}
    for _ in range(6):
        file_a_case(database)
    async with relaying(database, fake_engine):
        await asyncio.sleep(0.3)
        monkeypatch.setattr(pacing, "STALL", NEVER)
        fake_engine.away = set()
        await until(partial(has_started, fake_engine, 2))
        await asyncio.sleep(0.2)
        assert len(started(fake_engine)) == 2


async def test_establishments_take_turns() -> None:
    turns, entered = pacing.Turns(), list[str]()

    async def enter(reference: str) -> None:
        await turns.wait(reference)
        entered.append(reference)

    async with asyncio.TaskGroup() as waiting:
        tasks = [waiting.create_task(enter(f"034AAAA0{number}")) for number in range(1, 6)]
        tasks += [waiting.create_task(enter(f"075BBBB0{number}")) for number in range(1, 3)]
        await asyncio.sleep(0)
        tasks[1].cancel()
        turns.give(1)
        await asyncio.sleep(0)
        turns.give(len(turns))
    assert not turns
    assert entered == ["034AAAA01", "075BBBB01", "034AAAA03", "075BBBB02", "034AAAA04", "034AAAA05"]


async def test_a_signature_that_takes_long_by_itself_makes_nobody_wait(database: Database) -> None:
    time = 0.0
    pace = pacing.Pace(database, lambda: time)
    pace._limit = 10
    for number in range(10):
        pace.delivered(f"case {number}")
    time = 5.0
    pace._note({"case 0", "case 1"})
    assert pace._limit == 10
    time = 9.0
    pace._note({"case 2", "case 3", "case 4"})
    assert pace._limit == 8


async def test_more_cases_enter_at_once_while_receipts_come_in_time_and_fewer_when_they_come_late(
    database: Database, fake_engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "STALL", NEVER)
    monkeypatch.setattr(pacing, "MOST", 4)
    references = [file_a_case(database) for _ in range(14)]
    async with relaying(database, fake_engine):
        await until(partial(has_started, fake_engine, 2))
        for left, entered in enumerate((4, 6, 8), 1):  # in time: one more place each time, and the one that is free
            publish_receipt(database, references[left - 1])
            await until(partial(has_started, fake_engine, min(entered, left + 4)))
        monkeypatch.setattr(pacing, "TARGET_WAIT", -1.0)
        for reference in references[3:7]:
            publish_receipt(database, reference)
        await asyncio.sleep(0.2)
        assert len(started(fake_engine)) <= 7 + 3, "late: no more than before"
        for reference in references[7:]:
            publish_receipt(database, reference)
        await emptied(database)

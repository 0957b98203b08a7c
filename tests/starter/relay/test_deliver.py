"""The relay, with a fake engine: nothing lost, nothing reordered."""

import asyncio
from datetime import timedelta

import pytest
from psycopg import OperationalError
from sqlalchemy import text

from models.engine.keys import KeyDestroyed
from models.engine.names import authorization_id, enrolment_id
from models.engine.process_kind import Launch, ProcessKind
from models.store.cases import requests
from models.store.database import Database
from models.store.journal import outbox
from models.store.journal.outbox import Start
from models.store.journal.relay_lock import RelayLock
from starter.relay import deliver, held, pacing
from starter.relay.deliver import Relay
from tests.cases import ask_to_enrol, file_a_case
from tests.starter.relay.relaying import FakeEngine, emptied, relaying, until, waiting


def post(database: Database, reference: str, *kinds: outbox.Kind, subject: str = "") -> None:
    with database.begin() as connection:
        for kind in kinds:
            outbox.enqueue(connection, authorization_id(reference), kind, subject)


async def test_letters_of_a_process_are_told_in_their_order(database: Database, fake_engine: FakeEngine) -> None:
    references = [file_a_case(database) for _ in range(20)]
    for reference in references:
        post(
            database,
            reference,
            "decide",
            "request_completion",
            "complete",
            "desist",
            "supply_opinion",
            "resume",
        )
    async with relaying(database, fake_engine):
        await emptied(database)
    for reference in references:
        told = [kind for process, kind in fake_engine.received if process == authorization_id(reference)]
        assert told == [
            "start",
            "decide",
            "request_completion",
            "complete",
            "desist",
            "supply_opinion",
            "resume",
        ]


async def test_a_commit_wakes_the_relay(
    database: Database, fake_engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "POLL_INTERVAL", 60.0)
    async with relaying(database, fake_engine):
        await asyncio.sleep(0.2)
        file_a_case(database)
        await emptied(database)


async def test_while_the_engine_is_away_letters_are_kept_in_order(database: Database, fake_engine: FakeEngine) -> None:
    fake_engine.away = {"*"}
    reference = file_a_case(database)
    async with relaying(database, fake_engine):
        post(database, reference, "decide", subject="D1")
        await asyncio.sleep(0.5)
        assert (waiting(database), fake_engine.received) == (2, [])
        fake_engine.away = set()
        await emptied(database)
    assert [kind for _, kind in fake_engine.received] == ["start", "decide"]


async def test_starts_do_not_wait_behind_answers_that_do_not_come(database: Database, fake_engine: FakeEngine) -> None:
    fake_engine.away = {"decide"}
    for _ in range(40):
        post(database, file_a_case(database), "decide", subject="D1")
    async with relaying(database, fake_engine):
        await until(lambda: len(fake_engine.running) == 40)
        late = file_a_case(database)
        await until(lambda: authorization_id(late) in fake_engine.running)
        await until(lambda: waiting(database) == 40)  # marked a moment after the engine has heard


async def test_a_process_that_was_never_started_is_started_first(database: Database, fake_engine: FakeEngine) -> None:
    reference = file_a_case(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE outbox SET done_at = now()"))
    post(database, reference, "decide", subject="D1")
    async with relaying(database, fake_engine):
        await emptied(database)
    assert [kind for _, kind in fake_engine.received] == ["start", "decide"]


async def test_an_ended_process_is_told_nothing_and_its_letters_are_done(
    database: Database, fake_engine: FakeEngine
) -> None:
    never_ran, ran = file_a_case(database), file_a_case(database)
    with database.begin() as connection:
        connection.execute(text("UPDATE outbox SET done_at = now()"))
        for closed in (never_ran, ran):
            requests.close(connection, closed, requests.received_now(connection))
    fake_engine.ended.add(authorization_id(ran))
    for closed in (never_ran, ran):
        post(database, closed, "start", "restart")
        post(database, closed, "decide", subject="D1")
    async with relaying(database, fake_engine):
        await emptied(database)
    assert fake_engine.received == []


async def test_an_open_case_whose_process_somebody_ended_lives_again(
    database: Database, fake_engine: FakeEngine
) -> None:
    """Or the process has the reference of a case that a restored register no longer knows."""
    ended = authorization_id(file_a_case(database))
    fake_engine.ended.add(ended)
    async with relaying(database, fake_engine):
        await emptied(database)
    assert fake_engine.received == [(ended, "revive")]


async def test_messages_without_a_subject_are_told_apart_unless_they_wait_together(
    database: Database, fake_engine: FakeEngine
) -> None:
    reference = file_a_case(database)
    post(database, reference, "complete", "complete", "complete")
    post(database, reference, "complete", subject="2")
    post(database, reference, "resume", "resume")
    async with relaying(database, fake_engine):
        await emptied(database)
        post(database, reference, "complete")
        await emptied(database)
    first, numbered, last = fake_engine.updates
    assert (first != last, numbered) == (True, "complete:2")
    assert [kind for _, kind in fake_engine.received].count("resume") == 2


async def test_a_process_that_takes_nothing_hides_no_other_however_much_waits_for_it(
    database: Database, fake_engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "MAX_MESSAGES", 60)
    monkeypatch.setattr(deliver, "PAGE_SIZE", 30)
    monkeypatch.setattr(deliver, "POLL_INTERVAL", 0.05)
    fake_engine.away = {"decide"}
    flooded = file_a_case(database)
    for number in range(200):
        post(database, flooded, "decide", subject=f"D{number}")
    other = file_a_case(database)
    async with relaying(database, fake_engine):
        await until(lambda: authorization_id(other) in fake_engine.running)
        fake_engine.away = set()
        await emptied(database)
    assert fake_engine.updates == [f"decide:D{number}" for number in range(200)]


async def test_new_cases_that_wait_for_their_turn_hide_no_decision_of_an_older_one_and_no_other_start(
    database: Database, fake_engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "FEWEST", 2)
    monkeypatch.setattr(pacing, "MOST", 2)
    monkeypatch.setattr(held, "MAX_MESSAGES", 40)
    monkeypatch.setattr(held, "MAX_NEW_CASES", 20)
    monkeypatch.setattr(deliver, "PAGE_SIZE", 30)
    older = authorization_id(file_a_case(database))
    with database.begin() as connection:
        connection.execute(text("UPDATE outbox SET done_at = now()"))
    fake_engine.running.add(older)
    new = [file_a_case(database) for _ in range(60)]
    with database.begin() as connection:
        outbox.enqueue(connection, older, "decide", "D1")
        outbox.enqueue(connection, authorization_id(new[-1]), "desist")
    enrolment = ask_to_enrol(database)
    async with relaying(database, fake_engine):
        await until(lambda: (older, "decide") in fake_engine.received)
        await until(lambda: (enrolment_id(enrolment.process_subject), "start") in fake_engine.received)
        await until(lambda: (authorization_id(new[-1]), "desist") in fake_engine.received)
    assert waiting(database) >= 55


async def test_rows_that_wait_together_are_said_once(database: Database, fake_engine: FakeEngine) -> None:
    with database.begin() as connection:
        for _ in range(300):
            outbox.enqueue(connection, "deposit:authorizations", "deposit")
    async with relaying(database, fake_engine):
        await emptied(database)
    assert fake_engine.received == [("deposit:authorizations", "deposit")]


async def test_one_unreadable_case_holds_nobody_up(database: Database, fake_engine: FakeEngine) -> None:
    post(database, "034ZZZZ99", "decide", subject="D1")
    reference = file_a_case(database)
    async with relaying(database, fake_engine):
        await until(lambda: authorization_id(reference) in fake_engine.running)
        await until(lambda: waiting(database) == 1)


async def test_an_erased_case_is_told_nothing(
    database: Database, fake_engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def destroyed(kind: ProcessKind, launch: Launch, how: Start) -> None:
        raise KeyDestroyed(launch.subject)

    monkeypatch.setattr(fake_engine, "start", destroyed)
    file_a_case(database)
    async with relaying(database, fake_engine):
        await emptied(database)


async def test_a_lost_session_ends_the_service_and_not_silently(database: Database, fake_engine: FakeEngine) -> None:
    async with RelayLock.open(database.dsn.replace("+psycopg", "")) as post:
        await post.take()
        task = asyncio.create_task(Relay(database, fake_engine).serve(post))
        await asyncio.sleep(0.2)
        with database.begin() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
        with pytest.raises(ExceptionGroup) as lost:
            await asyncio.wait_for(task, 60)
    assert lost.group_contains(OperationalError)


def test_the_pauses_grow_to_seconds_and_no_further() -> None:
    assert sorted(deliver.RETRY_INTERVALS) == list(deliver.RETRY_INTERVALS)
    assert timedelta(seconds=deliver.RETRY_INTERVALS[-1]) <= timedelta(seconds=10)

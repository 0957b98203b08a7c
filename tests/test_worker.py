"""The worker as a program: it takes cases from filing to deposit, and refuses an inconsistent configuration."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import text
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from local.mail import received
from local.time_travel import TimeTravel
from local.world import PARTNERS, World
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.engine.names import CASES, answers_id, authorization_id, deposit_id
from models.messages.case import Notified, Ref
from models.messages.deposit import Channel
from models.settings import Settings
from models.store.agency.channels import AUTHORIZATIONS, CLAIMS
from models.store.cases import requests
from models.store.database import ClockWentBack, Database
from models.store.journal.keys import StoredKeys
from tests.cases import SENTINELS, an_agent, file_a_case, register_a_decision
from worker import NamespaceUnprepared, serve
from workflows.authorization import AuthorizationWorkflow
from workflows.deposit import DepositWorkflow


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    parts = (*PARTNERS, "worker")
    with World(tmp_path_factory.mktemp("world"), parts=parts, durable=False, headless=True) as running:
        yield running


@pytest.fixture
def chosen(world: World, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in world.environment.items():
        monkeypatch.setenv(name, value)
    return Settings()


@pytest.fixture
def books(world: World) -> Iterator[Database]:
    with Database(world.postgres.dsn) as opened:
        yield opened


@pytest.fixture
async def client(world: World, books: Database) -> Client:
    return await connect(world.engine.address, "default", StoredKeys(books, MasterKey(world.master_key)))


async def begin(client: Client, world: World, books: Database) -> str:
    """File a request and start its process, as the API and the relay do."""
    reference = file_a_case(books, master=MasterKey(world.master_key))
    with books.begin() as connection:
        case = requests.get_case(connection, reference)
    await client.start_workflow(AuthorizationWorkflow.run, case, id=authorization_id(reference), task_queue=CASES)
    return reference


async def until(books: Database, query: str, **values: str) -> None:
    """Wait until a query is true, for at most a minute."""
    for _ in range(600):
        if _asked(books, query, values):
            return
        await asyncio.sleep(0.1)
    raise TimeoutError(query)


def _asked(books: Database, query: str, values: dict[str, str]) -> bool:
    with books.begin() as connection:
        return bool(connection.execute(text(query), values).scalar_one())


HAPPENED = "SELECT count(*) FROM event WHERE subject = :reference AND type = :type"


async def test_a_silent_case_and_a_granted_one_reach_the_agency_in_one_file(
    world: World, books: Database, client: Client
) -> None:
    silent, granted = await begin(client, world, books), await begin(client, world, books)
    decision = register_a_decision(books, granted, an_agent(books))
    handle = client.get_workflow_handle(authorization_id(granted))
    found = await handle.execute_update(AuthorizationWorkflow.decide, Ref(reference=granted, id=decision))
    assert isinstance(found, Notified)
    await until(books, HAPPENED, reference=silent, type="receipt_issued")
    await TimeTravel(books, client).advance(silent, timedelta(days=17))
    await until(books, "SELECT count(*) = 2 FROM deposit_row")
    channel = Channel(name=AUTHORIZATIONS)
    count = await client.execute_workflow(DepositWorkflow.run, channel, id=deposit_id(channel.name), task_queue=CASES)
    assert count == 1
    (file,) = world.agency.deposits.glob("*.json")
    lines = json.loads(file.read_text())["lignesTelechargement"]
    assert {line["numAutorisation"] for line in lines} == {f"{silent}00", f"{granted}00"}
    assert _asked(books, HAPPENED, {"reference": silent, "type": "handed_to_asp"})
    waiting = "SELECT FROM notice WHERE sent_at IS NULL AND workflow_id LIKE 'authorization:%'"
    await until(books, f"SELECT NOT EXISTS ({waiting})")
    mails = received(world.mail.folder)
    assert {f"Décision sur votre demande {granted} : autorisée", f"Demande {silent} acceptée implicitement"} <= {
        mail["Subject"] for mail in mails
    }
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)


def test_its_log_names_nobody(world: World) -> None:
    log = world.worker.log.read_text()
    assert all(json.loads(line)["event"] for line in log.splitlines())
    assert [sentinel for sentinel in SENTINELS if sentinel in log] == []


def test_asked_to_stop_it_ends_cleanly(world: World) -> None:
    world.worker.stop()
    assert world.worker.logged("worker_stopping")
    world.worker.start()


async def known(client: Client, namespace: str) -> None:
    """Wait until the engine knows a namespace just registered."""
    asked = ListSearchAttributesRequest(namespace=namespace)
    async with asyncio.timeout(60):
        while True:
            with suppress(RPCError):
                await client.operator_service.list_search_attributes(asked)
                return
            await asyncio.sleep(0.1)


async def test_the_reading_of_answers_is_scheduled_as_its_setting_says(chosen: Settings, client: Client) -> None:
    found = []
    for minutes in (5, 7):
        stop = asyncio.Event()
        serving = asyncio.create_task(serve(chosen.model_copy(update={"agency_answers_minutes": minutes}), stop))
        async with asyncio.timeout(60):
            while (every := await _interval(client)) != timedelta(minutes=minutes):  # noqa: ASYNC110  another program
                await asyncio.sleep(0.1)
        found.append(every)
        stop.set()
        await serving
    assert found == [timedelta(minutes=5), timedelta(minutes=7)]


async def _interval(client: Client) -> timedelta | None:
    """How often the answers to claims are read, once a worker has said so."""
    try:
        described = await client.get_schedule_handle(answers_id(CLAIMS)).describe()
    except RPCError:
        return None
    return described.schedule.spec.intervals[0].every


async def test_it_refuses_a_namespace_that_does_not_know_our_search_attributes(
    chosen: Settings, client: Client
) -> None:
    request = RegisterNamespaceRequest(namespace="bare")
    request.workflow_execution_retention_period.FromTimedelta(timedelta(days=1))
    await client.workflow_service.register_namespace(request)
    await known(client, "bare")
    with pytest.raises(NamespaceUnprepared, match="CaseStatus"):
        await serve(chosen.model_copy(update={"namespace": "bare"}), asyncio.Event())


async def test_it_refuses_a_clock_that_went_back(chosen: Settings, books: Database) -> None:
    future = "INSERT INTO outbox (workflow_id, kind, created_at) VALUES ('x:y', 'deposit', now() + interval '1 hour')"
    with books.begin() as connection:
        connection.execute(text(future))
    try:
        with pytest.raises(ClockWentBack):
            await serve(chosen, asyncio.Event())
    finally:
        with books.begin() as connection:
            connection.execute(text("DELETE FROM outbox WHERE workflow_id = 'x:y'"))


async def test_started_before_what_it_depends_on_it_waits_and_can_be_stopped(chosen: Settings) -> None:
    stop = asyncio.Event()
    nowhere = chosen.model_copy(update={"engine": "127.0.0.1:1"})
    running = asyncio.create_task(serve(nowhere, stop))
    await asyncio.sleep(1)
    assert not running.done()
    stop.set()
    async with asyncio.timeout(60):
        await running

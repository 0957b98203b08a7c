"""HTTP server, relay and the real engine together, with fake acts without keys."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.worker import Worker

from activities.register import StoredRegisterActs
from local.engine import Engine
from models.engine.client import connect
from models.engine.keys import MasterKey
from models.engine.kinds.authorization import AUTHORIZATION, launch_authorization
from models.engine.names import CASES, SIGNING, authorization_id, draft_id
from models.settings import Settings
from models.store.cases import decisions, requests, silence
from models.store.database import Database
from models.store.journal import outbox
from models.store.journal.keys import StoredKeys
from models.store.journal.relay_lock import RelayLock
from starter.engine import EngineClient, EngineUnavailable, ProcessNotFound
from starter.relay.deliver import Relay
from tests.builders import Credentials, a_completion_request, a_draft, a_filing, a_grant, a_refusal, employer, staff
from tests.fakes import PlainDocuments, RecordingMails
from tests.starter.conftest import NOBODY, a_setting
from tests.starter.people import Door
from workflows.authorization import AuthorizationWorkflow
from workflows.draft import DraftWorkflow


@pytest.fixture
def settings(database: Database, tmp_path: Path, engine: Engine, namespaces: Iterator[str]) -> Settings:
    return a_setting(database, tmp_path, engine=engine.address, namespace=next(namespaces))


@pytest.fixture
async def client(settings: Settings, database: Database) -> Client:
    keys = StoredKeys(database, MasterKey(settings.master_key))
    return await connect(settings.engine, settings.namespace, keys)


@pytest.fixture
def documents(database: Database) -> PlainDocuments:
    return PlainDocuments(database)


@pytest.fixture
async def relay(settings: Settings, database: Database, client: Client) -> AsyncIterator[None]:
    async with RelayLock.open(settings.database) as post:
        await post.take()
        task = asyncio.create_task(Relay(database, EngineClient(client, timedelta(seconds=2))).serve(post))
        yield
        assert not task.done(), task.exception()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def working(client: Client, database: Database, documents: PlainDocuments) -> AsyncIterator[None]:
    async with AsyncExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(8))
        cases = [*StoredRegisterActs(database).activities(), *RecordingMails(database).activities()]
        for queue, workflows, activities in (
            (CASES, [AuthorizationWorkflow, DraftWorkflow], cases),
            (SIGNING, [], documents.activities()),
        ):
            worker = Worker(
                client,
                task_queue=queue,
                workflows=workflows,
                activities=activities,
                activity_executor=threads,
            )
            await stack.enter_async_context(worker)
        yield


async def emptied(database: Database) -> None:
    def waiting() -> int:
        with database.begin() as connection:
            return len(outbox.list_waiting(connection, 1_000))

    async with asyncio.timeout(60):
        while await asyncio.to_thread(waiting):  # noqa: ASYNC110 nothing else tells
            await asyncio.sleep(0.02)


async def test_a_decision_is_answered_once_notified(
    door: Door, boss: Credentials, agent: Credentials, database: Database, client: Client,
    documents: PlainDocuments, relay: None,
) -> None:  # fmt: skip
    async with working(client, database, documents):
        reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
        await emptied(database)
        decided = await door(agent).post(f"/requests/{reference}/decision", json=a_grant())
        assert (decided.status_code, decided.json()["state"]) == (200, "notified")
        again = await door(agent).post(f"/requests/{reference}/decision", json=a_grant())
        assert (again.status_code, again.json()) == (200, decided.json())
        await emptied(database)
        case = (await door(boss).get(f"/requests/{reference}")).json()
        assert (case["status"], case["notified_at"]) == ("authorized", decided.json()["notified_at"])
        grant = next(each for each in case["documents"] if each["kind"] == "grant")
        page = await door(boss).get(f"/requests/{reference}/documents/{grant['id']}")
        assert (page.headers["content-type"], page.headers["etag"]) == (
            "application/pdf",
            f'"{grant["sha256"]}"',
        )
        for stranger, address in ((employer(database), grant["id"]), (boss, "x"), (boss, "0" * 36)):
            hidden = await door(stranger).get(f"/requests/{reference}/documents/{address}")
            assert hidden.status_code == 404
        late = await door(agent).post(f"/requests/{reference}/decision", json=a_refusal(id="D2"))
        assert (late.status_code, late.json()["type"]) == (409, "/problems/already-decided")


async def test_a_request_for_pieces_is_answered_once_notified_and_completed(
    door: Door, boss: Credentials, agent: Credentials, database: Database, client: Client,
    documents: PlainDocuments, relay: None,
) -> None:  # fmt: skip
    async with working(client, database, documents):
        reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
        await emptied(database)
        asked = await door(agent).post(f"/requests/{reference}/completion-requests", json=a_completion_request())
        assert (asked.status_code, asked.json()["state"]) == (200, "notified")
        head = staff(database, "head")
        for number, who in ((2, agent), (3, head)):  # cancelled twice: the process must check again each time
            await door(agent).delete(f"/requests/{reference}/completion-requests/C{number - 1}")
            body = a_completion_request(id=f"C{number}")
            again = await door(who).post(f"/requests/{reference}/completion-requests", json=body)
            assert again.json()["state"] == "notified", again.text
        pieces = {"pieces": [{"code": "circumstances", "text": "La crue."}]}
        supplied = await door(boss).post(f"/requests/{reference}/completion", json=pieces)
        assert supplied.json()["receipt"]["version"] == 2
        await emptied(database)
        wakes_at = await EngineClient(client).wakes_at(authorization_id(reference))
        assert wakes_at is not None


async def test_without_a_signer_a_decision_is_accepted_then_found_void_after_the_instant(
    door: Door, boss: Credentials, agent: Credentials, database: Database, client: Client,
    documents: PlainDocuments, relay: None,
) -> None:  # fmt: skip
    documents.broken = "signer"
    async with working(client, database, documents):
        reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
        await emptied(database)
        decided = await door(agent).post(f"/requests/{reference}/decision", json=a_grant())
        assert (decided.status_code, decided.json()["state"]) == (202, "registered")
        with database.begin() as connection:
            requests.advance(connection, reference, timedelta(days=30))
            silence.establish(connection, reference)
        answer = await door(agent).post(f"/requests/{reference}/decision", json=a_grant())
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/deadline-passed")


async def test_without_workers_letters_wait_and_are_delivered_once_they_are_back(
    door: Door, boss: Credentials, agent: Credentials, database: Database, client: Client,
    documents: PlainDocuments, relay: None,
) -> None:  # fmt: skip
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    answer = await door(agent).post(f"/requests/{reference}/decision", json=a_grant())
    assert answer.status_code == 202
    later = {"ground": "supply_difficulties", "placement_on": "2027-03-01"}  # a period that no request covers yet
    draft = (await door(boss).post("/drafts", json=a_draft(**later))).json()["id"]
    months = {"start_on": "2027-03-01", "end_on": "2027-03-31"}
    await door(boss).patch(f"/drafts/{draft}", json=a_filing(**later, period=months))
    filed = await door(boss).post(f"/drafts/{draft}/filing")
    assert filed.status_code == 201
    async with working(client, database, documents):
        await emptied(database)
        await client.get_workflow_handle(draft_id(draft)).result()
        async with asyncio.timeout(60):
            while (await door(agent).get(f"/requests/{reference}")).json()["outcome"] != "granted":  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    with database.begin() as connection:
        assert decisions.get(connection, "D1").state == "notified"


async def test_with_the_engine_down_everything_is_filed_read_and_started_later(
    door: Door, engine: Engine, database: Database, client: Client, relay: None
) -> None:
    await asyncio.to_thread(engine.kill)
    people = [employer(database) for _ in range(100)]
    filed = await asyncio.gather(*(door(who).post("/requests", json=a_filing()) for who in people))
    assert [answer.status_code for answer in filed] == [201] * 100
    references = [answer.json()["reference"] for answer in filed]
    read = await asyncio.gather(
        *(door(who).get(f"/requests/{reference}") for who, reference in zip(people, references, strict=True))
    )
    assert {answer.json()["status"] for answer in read} == {"under_review"}
    await asyncio.to_thread(engine.start)
    await emptied(database)
    running = [flow.id async for flow in client.list_workflows("WorkflowType = 'Authorization'")]
    described = await asyncio.gather(
        *(client.get_workflow_handle(authorization_id(reference)).describe() for reference in references)
    )
    assert {each.id for each in described} == {authorization_id(reference) for reference in references}
    assert len(running) == len(set(running))


async def test_a_start_is_made_once_and_shows_its_case_to_operators(
    door: Door, boss: Credentials, database: Database, client: Client, settings: Settings
) -> None:
    reference = (await door(boss).post("/requests", json=a_filing())).json()["reference"]
    cases = EngineClient(client)
    with database.begin() as connection:
        launch = launch_authorization(requests.get_case(connection, reference))
    await asyncio.gather(*(cases.start(AUTHORIZATION, launch) for _ in range(5)))
    described = await client.get_workflow_handle(authorization_id(reference)).describe()
    assert await described.static_summary() == f"{reference} · département de l’Hérault (34)"
    assert "acceptation implicite" in str(await described.static_details())
    await client.get_workflow_handle(authorization_id(reference)).terminate()
    with pytest.raises(ProcessNotFound):
        await cases.start(AUTHORIZATION, launch)
    with pytest.raises(ProcessNotFound):
        await cases.resume(authorization_id("034ZZZZ99"))
    quick = EngineClient(client, timedelta(seconds=0.2))
    with pytest.raises(ProcessNotFound):
        await quick.wakes_at(authorization_id("034ZZZZ99"))
    keys = StoredKeys(database, MasterKey(settings.master_key))
    lost = EngineClient(await connect(NOBODY, "default", keys, lazy=True), timedelta(seconds=0.2))
    with pytest.raises(EngineUnavailable):
        await lost.start(AUTHORIZATION, launch)

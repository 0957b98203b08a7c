"""`tacite setup-engine` on the real server: a new namespace is configured once, and releases follow each other."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

import tacite
from cli.engine_setup import Step, prepare
from cli.terminal import CommandError, ExitCode
from local.engine import Engine
from models.engine.names import CASES, QUEUES, SEARCH_ATTRIBUTES, SIGNING
from models.settings import Settings
from worker import deployment


@workflow.defn(name="Months")
class Months:
    """Wait for a signal, and return which release of the worker ran the end."""

    def __init__(self) -> None:
        self._over = False

    @workflow.run
    async def run(self) -> str:
        await workflow.wait_condition(lambda: self._over)
        version = workflow.info().get_current_deployment_version()
        return version.build_id if version else ""

    @workflow.signal(name="end")
    def end(self) -> None:
        self._over = True


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    server = Engine(tmp_path_factory.mktemp("engine"), headless=True)
    server.start()
    yield server
    server.stop()


def told(engine: Engine, namespace: str, build: str = "") -> Settings:
    """Settings of which only the engine's are used."""
    here = Path()
    return Settings(
        engine=engine.address,
        namespace=namespace,
        build=build,
        database="postgresql://nowhere",
        master_key=here,
        blind_key=here,
        trust=here,
        seal=here,
        signatories=here,
        timestamps=(),
        agency="file:///nowhere",
    )


@asynccontextmanager
async def release(settings: Settings, *queues: str) -> AsyncIterator[Client]:
    """Run workers of one release during the block."""
    client = await Client.connect(settings.engine, namespace=settings.namespace)
    async with AsyncExitStack() as running:
        for queue in queues or QUEUES:
            worker = Worker(
                client,
                task_queue=queue,
                workflows=[Months],
                workflow_runner=UnsandboxedWorkflowRunner(),
                deployment_config=deployment(settings),
            )
            await running.enter_async_context(worker)
        yield client


async def test_a_new_namespace_is_told_everything_and_the_second_time_nothing(engine: Engine) -> None:
    settings = told(engine, "tacite")
    first = await prepare(settings, 90)
    assert [step.changed for step in first] == [True] * (1 + len(SEARCH_ATTRIBUTES))
    again = await prepare(settings, 90)
    assert [step.what for step in again] == [step.what for step in first]
    assert [step for step in again if step.changed] == []
    client = await Client.connect(engine.address, namespace="tacite")
    known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace="tacite"))
    assert set(known.custom_attributes) >= set(SEARCH_ATTRIBUTES)


async def test_only_what_differs_is_told(engine: Engine) -> None:
    await prepare(told(engine, "partial"), 90)
    steps = await prepare(told(engine, "partial"), 30)
    assert [step.changed for step in steps] == [True] + [False] * len(SEARCH_ATTRIBUTES)
    client = await Client.connect(engine.address, namespace="partial")
    namespace = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="partial"))
    assert namespace.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=30)


async def test_an_attribute_of_another_type_is_said_and_left_alone(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = told(engine, "wrong")
    await prepare(settings, 90)
    monkeypatch.setitem(SEARCH_ATTRIBUTES, "CaseStatus", "Datetime")
    with pytest.raises(CommandError, match="CaseStatus") as refused:
        await prepare(settings, 90)
    assert refused.value.code is ExitCode.MISSING


async def test_a_release_becomes_current_once_its_workers_are_there_and_cases_move_to_it(
    engine: Engine,
) -> None:
    await prepare(told(engine, "releases"), 90)
    one, two = told(engine, "releases", "0.1.0"), told(engine, "releases", "0.2.0")
    with pytest.raises(CommandError):
        await prepare(one, 90, timeout=1)
    async with release(one) as client:
        assert (await prepare(one, 90))[-1].changed
        assert not (await prepare(one, 90))[-1].changed
        case = await client.start_workflow(Months.run, id="authorization:moves", task_queue=CASES)
        await asyncio.sleep(1)
    async with release(two):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await case.result()
        assert (await prepare(two, 90))[-1] == Step(
            what="Version 0.2.0 de l’exécutant, celle que suivent les dossiers", changed=True
        )
        await case.signal(Months.end)
        assert await case.result() == "0.2.0"


async def test_a_release_that_leaves_a_queue_without_worker_is_refused_and_one_may_go_back(
    engine: Engine,
) -> None:
    await prepare(told(engine, "queues"), 90)
    one, two = told(engine, "queues", "0.1.0"), told(engine, "queues", "0.2.0")
    async with release(one):
        await prepare(one, 90)
        async with release(two, CASES, SIGNING):
            with pytest.raises(CommandError, match="n’a pas d’exécutant partout"):
                await prepare(two, 90, timeout=1)
        async with release(two):
            assert (await prepare(two, 90))[-1].changed
            assert (await prepare(one, 90))[-1].changed


async def test_an_engine_that_does_not_answer_is_a_missing_dependency(engine: Engine) -> None:
    away = told(engine, "tacite").model_copy(update={"engine": "127.0.0.1:1"})
    with pytest.raises(CommandError, match="moteur") as ended:
        await prepare(away, 90)
    assert ended.value.code is ExitCode.MISSING


def test_the_command_answers_what_it_did(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {
        "DATABASE": "postgresql://nowhere",
        "TIMESTAMPS": "[]",
        "AGENCY": "file:///x",
    }.items():
        monkeypatch.setenv(f"TACITE_{name}", value)
    for name in ("MASTER_KEY", "BLIND_KEY", "TRUST", "SEAL", "SIGNATORIES"):
        monkeypatch.setenv(f"TACITE_{name}", "x")
    monkeypatch.setenv("TACITE_ENGINE", engine.address)
    monkeypatch.setenv("TACITE_NAMESPACE", "commanded")
    assert tacite.run(["setup-engine", "--json"]) == 0
    items = json.loads(capsys.readouterr().out)["items"]
    assert all(item["changed"] for item in items)
    assert tacite.run(["setup-engine"]) == 0
    assert "fait" not in capsys.readouterr().out

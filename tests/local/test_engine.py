"""The real Temporal dev server on this machine: its configuration, and what it persists."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from temporalio import workflow
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.testing import TimeSkipper
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from local.engine import NAMESPACE, Engine
from models.engine.names import SEARCH_ATTRIBUTES, STATUS


@workflow.defn(name="Wait")
class Wait:
    """Wait for some days and return how many passed."""

    @workflow.run
    async def run(self, days: int) -> float:
        began = workflow.now()
        await workflow.sleep(timedelta(days=days))
        return (workflow.now() - began) / timedelta(days=1)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    server = Engine(tmp_path_factory.mktemp("engine"))
    server.start()
    yield server
    server.stop()


async def test_it_knows_our_search_attributes_and_keeps_closed_cases_for_years(engine: Engine) -> None:
    client = await Client.connect(engine.address)
    known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=NAMESPACE))
    assert set(SEARCH_ATTRIBUTES) <= set(known.custom_attributes)
    namespace = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=NAMESPACE))
    assert namespace.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=3650)


@pytest.mark.parametrize("end", ["kill", "stop"])
async def test_cases_survive_its_end(engine: Engine, end: str) -> None:
    client = await Client.connect(engine.address)
    attributes = TypedSearchAttributes([SearchAttributePair(STATUS, "under_review")])
    case = f"authorization:{end}"
    await client.start_workflow("Authorization", id=case, task_queue="nobody", search_attributes=attributes)
    getattr(engine, end)()
    assert not engine.running
    engine.start()
    again = await (await Client.connect(engine.address)).get_workflow_handle(case).describe()
    assert again.status == WorkflowExecutionStatus.RUNNING
    assert again.typed_search_attributes[STATUS] == "under_review"


async def test_the_clock_of_one_case_can_be_put_forward_while_the_others_wait(engine: Engine) -> None:
    client = await Client.connect(engine.address)
    runner = UnsandboxedWorkflowRunner()
    async with Worker(client, task_queue="clocks", workflows=[Wait], workflow_runner=runner):
        late, other = [
            await client.start_workflow(Wait.run, 15, id=name, task_queue="clocks") for name in ("late", "other")
        ]
        await TimeSkipper(client).fast_forward(late, timedelta(days=15, seconds=3))
        assert await late.result() >= 15
        assert (await other.describe()).status == WorkflowExecutionStatus.RUNNING


def test_its_pages_are_served(engine: Engine) -> None:
    with urlopen(engine.ui) as page:
        assert page.status == 200


def test_a_headless_one_has_no_pages_and_reads_payloads_by_the_codec_it_was_given(tmp_path: Path) -> None:
    assert "--headless" in Engine(tmp_path, headless=True).command()
    command = Engine(tmp_path, codec="http://127.0.0.1:8000/api/v1/codec").command()
    assert command[command.index("--ui-codec-endpoint") + 1] == "http://127.0.0.1:8000/api/v1/codec"

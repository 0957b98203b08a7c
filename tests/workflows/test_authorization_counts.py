"""Engine cost of a silent case, counted beside a bare workflow with the same timers and acts."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from google.protobuf.json_format import MessageToDict
from temporalio.client import WorkflowHandle
from temporalio.worker import Worker

from bench.bare import BareWorkflow
from models.engine.names import authorization_id
from models.store.cases import requests
from tests.cases import an_agent, file_a_case
from tests.workflows.conftest import Stage

OF_TIME_SKIPPING = ("WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED", "WORKFLOW_EXECUTION_OPTIONS_UPDATED")
VISIBILITY = (
    "WORKFLOW_EXECUTION_STARTED",
    "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES",
    "WORKFLOW_EXECUTION_COMPLETED",
)
LARGEST_PAYLOAD = 4096
AFTER_SILENCE = timedelta(days=17)
"""Skipped in one step, as for the bare workflow: a query in between would cost an extra workflow task."""


async def events(handle: WorkflowHandle[Any, Any]) -> list[dict[str, Any]]:
    history = await handle.fetch_history()
    return [MessageToDict(event) for event in history.events]


def count(history: list[dict[str, Any]]) -> Counter[str]:
    kinds = (event["eventType"].removeprefix("EVENT_TYPE_") for event in history)
    return Counter(kind for kind in kinds if kind not in OF_TIME_SKIPPING)


def payload_sizes(part: object) -> list[int]:
    if isinstance(part, dict):
        own = [len(part["data"])] if isinstance(part.get("data"), str) and "metadata" in part else []
        return own + [size for each in part.values() for size in payload_sizes(each)]
    if isinstance(part, list):
        return [size for each in part for size in payload_sizes(each)]
    return []


async def test_a_silent_case_costs_little_more_than_its_bare_shape(stage: Stage) -> None:
    an_agent(stage.database), an_agent(stage.database, "head")
    reference = file_a_case(stage.database, left=timedelta())
    handle = await stage.start(reference)
    await stage.clockwork._skipper.fast_forward(handle, AFTER_SILENCE)
    bare = await _bare(stage)
    history = await events(handle)
    product = count(history)
    assert product.total() <= 1.25 * bare.total(), f"{product}\n{bare}"
    assert product["WORKFLOW_TASK_COMPLETED"] <= bare["WORKFLOW_TASK_COMPLETED"] + 2, f"{product}\n{bare}"
    assert sum(product[kind] for kind in VISIBILITY) <= 4
    assert max(payload_sizes(history)) <= LARGEST_PAYLOAD


async def _bare(stage: Stage) -> Counter[str]:
    """Run the bare workflow on its own queue, and count it without its end, which the product's has not reached."""
    reference = file_a_case(stage.database, left=timedelta())
    with stage.database.begin() as connection:
        case = requests.get_case(connection, reference)
    threads = ThreadPoolExecutor(4)
    acts = [*stage.local_acts(), *stage.documents.activities()]
    async with Worker(
        stage.client, task_queue="bare", workflows=[BareWorkflow], activities=acts, activity_executor=threads
    ):
        handle = await stage.client.start_workflow(
            BareWorkflow.run, case, id=authorization_id(reference), task_queue="bare"
        )
        await stage.clockwork._skipper.fast_forward(handle)
    counted = count(await events(handle))
    del counted["WORKFLOW_EXECUTION_COMPLETED"]
    return counted

"""The nightly run: nothing that is away keeps the events from being time-stamped the next night."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import Schedule, ScheduleActionStartWorkflow, ScheduleOverlapPolicy, ScheduleSpec, WorkflowHandle
from temporalio.testing import TimeSkipper

from models.engine.names import CASES, CHAIN
from models.store.operations import incidents
from tests.workflows.conftest import Stage
from tests.workflows.paths import night
from workflows.nightly import ChainWorkflow


async def _start(stage: Stage) -> WorkflowHandle[ChainWorkflow, None]:
    return await stage.client.start_workflow(ChainWorkflow.run, id=CHAIN, task_queue=CASES)


async def test_a_night_audits_and_copies(stage: Stage) -> None:
    await night(stage)
    audited, copied = stage.evidence.done
    assert audited in ("new", "everything")
    assert copied == "copy"


@pytest.mark.slow
async def test_copies_are_tried_again_until_the_folder_answers_and_the_audit_holds_up_nothing(stage: Stage) -> None:
    stage.evidence.broken = "anchors"
    handle = await _start(stage)
    await stage.until(lambda: len(_parked(stage)) == 2)
    assert {act for act, _ in _parked(stage)} == {"audit_register", "copy_anchors"}
    stage.evidence.broken = ""
    await TimeSkipper(stage.client).fast_forward(handle, timedelta(minutes=6))
    await asyncio.wait_for(handle.result(), 60)
    assert stage.evidence.done == ["copy"]
    assert {act for act, _ in _parked(stage)} == {"audit_register"}


@pytest.mark.slow
async def test_a_second_night_of_the_schedule_is_not_stopped_by_the_result_of_the_first(stage: Stage) -> None:
    action = ScheduleActionStartWorkflow(ChainWorkflow.run, id=CHAIN, task_queue=CASES)
    schedule = await stage.client.create_schedule(CHAIN, Schedule(action=action, spec=ScheduleSpec()))
    for _ in range(2):
        await schedule.trigger(overlap=ScheduleOverlapPolicy.BUFFER_ALL)
        await asyncio.sleep(2)  # a night is named by its second
    await stage.until(lambda: len(stage.evidence.done) == 4)
    await schedule.delete()


def _parked(stage: Stage) -> list[tuple[str, str]]:
    with stage.database.begin() as connection:
        return [(each.act, each.part) for each in incidents.list_open(connection)]

"""Reading the answers of the agency: one file holds up no other, and a run never waits for the agency."""

import asyncio
from datetime import timedelta

from temporalio.client import Schedule, ScheduleActionStartWorkflow, ScheduleOverlapPolicy, ScheduleSpec
from temporalio.testing import TimeSkipper

from models.engine.names import CASES, answers_id, channel_of_answers
from models.messages.deposit import Channel
from models.store.agency.channels import CLAIMS
from models.store.operations import incidents
from tests.workflows.conftest import Stage
from workflows.answers import PAUSE, AnswersWorkflow

RUN = f"{answers_id(CLAIMS)}-2026-12-01T09:05:00Z"
"""Named as the engine names what a schedule starts."""
CHANNEL = Channel(name=CLAIMS)


def test_a_run_of_the_schedule_knows_its_channel() -> None:
    assert channel_of_answers(RUN) == CLAIMS


async def answers(stage: Stage) -> str:
    stage.answers.there = ["TACITE_DI_1", "TACITE_DI_2"]
    handle = await stage.client.start_workflow(AnswersWorkflow.run, id=RUN, task_queue=CASES)
    assert await handle.result() == 2
    return RUN


PATHS = (answers,)


async def test_every_file_is_read_then_dropped_and_what_is_missing_is_watched(stage: Stage) -> None:
    await answers(stage)
    assert stage.answers.done == ["TACITE_DI_1", "TACITE_DI_2"]
    assert stage.answers.there == []
    assert stage.answers.watched == 1
    assert _open(stage) == []


async def test_a_file_that_breaks_is_an_incident_and_the_others_go_on(stage: Stage) -> None:
    stage.answers.there, stage.answers.broken = ["TACITE_DI_1", "TACITE_DI_2"], {"TACITE_DI_1"}
    handle = await stage.client.start_workflow(AnswersWorkflow.run, id=RUN, task_queue=CASES)
    await stage.until(lambda: _open(stage) == [(answers_id(CLAIMS), "read_answers")])
    await stage.until(lambda: stage.answers.there == ["TACITE_DI_1"])
    stage.answers.broken = set()
    await TimeSkipper(stage.client).fast_forward(handle, PAUSE)
    assert await asyncio.wait_for(handle.result(), 60) == 2
    assert stage.answers.done == ["TACITE_DI_2", "TACITE_DI_1"]
    assert _open(stage) == []


async def test_an_agency_that_is_away_parks_the_run_until_it_is_back(stage: Stage) -> None:
    stage.answers.away = True
    handle = await stage.client.start_workflow(AnswersWorkflow.run, id=RUN, task_queue=CASES)
    await stage.until(lambda: _open(stage) == [(RUN, "list_answers")])
    stage.answers.away = False
    await handle.signal("resume")
    assert await asyncio.wait_for(handle.result(), 60) == 0
    assert (stage.answers.watched, _open(stage)) == (1, [])


async def test_nothing_counts_as_missing_while_the_channel_is_frozen(stage: Stage) -> None:
    stage.answers.frozen = True
    await stage.client.execute_workflow(AnswersWorkflow.run, id=RUN, task_queue=CASES)
    assert stage.answers.watched == 0


async def test_a_second_run_of_the_schedule_is_not_stopped_by_the_result_of_the_first(stage: Stage) -> None:
    name = answers_id(CLAIMS)
    action = ScheduleActionStartWorkflow(AnswersWorkflow.run, id=name, task_queue=CASES)
    schedule = await stage.client.create_schedule(name, Schedule(action=action, spec=ScheduleSpec()))
    for _ in range(2):
        await schedule.trigger(overlap=ScheduleOverlapPolicy.BUFFER_ALL)
        await asyncio.sleep(timedelta(seconds=2).total_seconds())  # a run is named by its second
    await stage.until(lambda: stage.answers.watched == 2)
    await schedule.delete()


def _open(stage: Stage) -> list[tuple[str, str]]:
    with stage.database.begin() as connection:
        return [(each.workflow_id, each.act) for each in incidents.list_open(connection)]

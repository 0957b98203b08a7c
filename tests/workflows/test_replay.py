"""Every stored history replays under the current code: no release breaks a process that was already running."""

import json
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from models.engine.client import plugin
from tests.workflows.histories import every_path
from worker import WORKFLOWS

STORED = sorted((Path(__file__).parent / "histories").glob("*/*.json"))


@pytest.mark.parametrize("file", STORED, ids=lambda file: f"{file.parent.name}-{file.stem}")
async def test_a_stored_history_replays(file: Path) -> None:
    history = WorkflowHistory.from_json(file.stem, file.read_text())
    await Replayer(workflows=WORKFLOWS, plugins=[plugin(None)]).replay_workflow(history)


def test_every_path_has_a_stored_history_and_every_process_a_path() -> None:
    assert set(every_path()) <= {file.stem for file in STORED}
    begun = [json.loads(file.read_text())["events"][0] for file in STORED]
    names = {event["workflowExecutionStartedEventAttributes"]["workflowType"]["name"] for event in begun}
    assert names == {workflow._Definition.must_from_class(each).name for each in WORKFLOWS}


@pytest.mark.parametrize("file", STORED, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_history_stays_short(file: Path) -> None:
    """A case lives for months and is never continued as new: its history stays below 200 events."""
    assert len(WorkflowHistory.from_json(file.stem, file.read_text()).events) < 200

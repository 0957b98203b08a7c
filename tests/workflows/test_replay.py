"""Every stored history replays under the code of today: no process that ever started is broken by a release."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from models.engine import plugin
from tests.workflows.paths import PATHS
from workflows.announcement import AnnouncementWorkflow
from workflows.authorization import AuthorizationWorkflow
from workflows.draft import DraftWorkflow
from workflows.enrolment import EnrolmentWorkflow

STORED = sorted((Path(__file__).parent / "histories").glob("*/*.json"))
WORKFLOWS = [AuthorizationWorkflow, DraftWorkflow, EnrolmentWorkflow, AnnouncementWorkflow]


@pytest.mark.parametrize("file", STORED, ids=lambda file: f"{file.parent.name}-{file.stem}")
async def test_a_stored_history_replays(file: Path) -> None:
    history = WorkflowHistory.from_json(file.stem, file.read_text())
    await Replayer(workflows=WORKFLOWS, plugins=[plugin(None)]).replay_workflow(history)


def test_every_path_has_a_stored_history() -> None:
    assert set(PATHS) <= {file.stem for file in STORED}


@pytest.mark.parametrize("file", STORED, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_history_stays_short(file: Path) -> None:
    """A case lives for months and is never continued as new: its history stays below 200 events."""
    assert len(WorkflowHistory.from_json(file.stem, file.read_text()).events) < 200

"""The printing of a letter: once, and parked while the printing folder is away."""

import pytest
from temporalio.client import WorkflowHandle

from models.engine.kinds.letter import LETTER, launch_letter
from models.engine.names import letter_id
from starter.engine import EngineClient
from tests.workflows.conftest import Stage
from workflows.letter import LetterWorkflow

LETTER_UUID = "01a224f4-fb32-7ae1-a2a1-8ba44fcac90f"


async def start(stage: Stage) -> WorkflowHandle[LetterWorkflow, bool]:
    await EngineClient(stage.client).start(LETTER, launch_letter(LETTER_UUID))
    return stage.client.get_workflow_handle_for(LetterWorkflow.run, letter_id(LETTER_UUID))


async def letter(stage: Stage) -> str:
    assert await (await start(stage)).result()
    return letter_id(LETTER_UUID)


PATHS = (letter,)


async def test_a_letter_is_drawn_once_for_each_order(stage: Stage) -> None:
    assert await letter(stage) == letter_id(LETTER_UUID)
    await letter(stage)
    assert stage.letters.printed == [letter_id(LETTER_UUID)] * 2


@pytest.mark.slow
async def test_a_folder_that_is_away_parks_it_until_an_operator_resumes(stage: Stage) -> None:
    stage.letters.broken = True
    handle = await start(stage)
    await stage.until(lambda: bool(stage.incidents(LETTER_UUID)))
    stage.letters.broken = False
    await handle.signal("resume")
    assert await handle.result()

"""The look-up of an establishment for somebody who waits: it ends by itself, whether or not a directory answers."""

from models.engine.kinds.jobs import LOOK_UP, launch_look_up
from starter.engine import EngineClient
from starter.services.proposals import LOOK_UP_TIMEOUT
from tests.cases import a_siret
from tests.workflows.conftest import Stage


async def look_up(stage: Stage) -> str:
    launch = launch_look_up(a_siret())
    await EngineClient(stage.client).run(LOOK_UP, launch, LOOK_UP_TIMEOUT)
    return LOOK_UP.id(launch.subject)


PATHS = (look_up,)


async def test_a_look_up_ends_without_a_directory(stage: Stage) -> None:
    described = await stage.client.get_workflow_handle(await look_up(stage)).describe()
    assert described.status is not None
    assert described.status.name == "COMPLETED"

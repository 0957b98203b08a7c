"""A kind of process: a survey of the employer, by mail."""

from tests.architecture.recipes.tree import Addition, Tree

WORKFLOW = '''
    """Survey of an employer: a toy."""

    from temporalio import workflow

    from models.messages.acts import MailActs, Process
    from workflows.parts.running_acts import ActRunner


    @workflow.defn(name="Survey")
    class SurveyWorkflow(ActRunner):
        """Enquête auprès de l’employeur."""

        @workflow.run
        async def run(self, process: Process) -> None:
            """Send the invitation that waits in the register."""
            await self.perform(MailActs.send_notices, process)
'''
KIND = '''
    """The process of a survey."""

    from typing import Final

    from sqlalchemy import Connection

    from models.engine.process_kind import Launch, ProcessKind
    from models.messages.acts import Process
    from models.store.cases import requests


    def _load_survey(connection: Connection, reference: str) -> Launch:
        requests.get(connection, reference)
        return launch_survey(reference)


    def launch_survey(reference: str) -> Launch:
        """Describe the survey of the employer of a case."""
        return Launch(reference, Process(id=SURVEY.id(reference)), f"Enquête · {reference}")


    SURVEY: Final = ProcessKind(
        workflow="Survey",
        prefix="survey",
        input=Process,
        load=_load_survey,
        link=lambda _notice, reference, _code: f"/requests/{reference}",
    )
'''
TEST = '''
    """A survey sends its invitation, and ends."""

    from models.engine.kinds.survey import SURVEY, launch_survey
    from starter.engine import EngineClient
    from tests.cases import file_a_case
    from tests.workflows.conftest import Stage


    async def survey(stage: Stage) -> str:
        launch = launch_survey(file_a_case(stage.database))
        await EngineClient(stage.client).start(SURVEY, launch)
        await stage.client.get_workflow_handle(SURVEY.id(launch.subject)).result()
        return SURVEY.id(launch.subject)


    PATHS = (survey,)


    async def test_a_survey_ends_once_its_invitation_is_sent(stage: Stage) -> None:
        assert (await survey(stage)).startswith("survey:")
'''
PROOF = """
from models.engine.kinds.survey import launch_survey
from models.engine.processes import PROCESSES, find_kind
from worker import WORKFLOWS
from workflows.survey import SurveyWorkflow

kind = find_kind("survey:034AQHV02")
assert kind in PROCESSES
assert SurveyWorkflow in WORKFLOWS
assert launch_survey("034AQHV02").summary == "Enquête · 034AQHV02"
assert launch_survey("034AQHV02").message.id == kind.id("034AQHV02")
assert kind.link(None, "034AQHV02", "") == "/requests/034AQHV02"
"""


def add(tree: Tree) -> None:
    """Follow the recipe."""
    tree.write("workflows/survey.py", WORKFLOW)
    tree.write("models/engine/kinds/survey.py", KIND)
    tree.write("tests/workflows/test_survey.py", TEST)
    tree.python("-m", "tests.workflows.histories", "next", "survey")


ADDITION = Addition(
    recipe="To add a kind of process",
    names={"process": "survey", "release": "next", "path": "survey"},
    add=add,
    proof=PROOF,
    tests=(
        "tests/models/engine/test_processes.py",
        "tests/workflows/test_replay.py::test_every_path_has_a_stored_history_and_every_process_a_path",
        "tests/workflows/test_replay.py::test_a_stored_history_replays[next-survey]",
    ),
)

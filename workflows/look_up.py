"""Look-up of an establishment for somebody who enrols and waits: only a worker asks the register of establishments."""

from temporalio import workflow

from models.engine.names import CASES
from models.messages.acts import EnrolmentActs
from models.messages.case import Ref
from workflows.parts.running_acts import run_without_parking


@workflow.defn(name="LookUp")
class LookUpWorkflow:
    """Recherche d'un établissement : the answer of the directory is kept in the register."""

    @workflow.run
    async def run(self, ref: Ref) -> None:
        """Ask about the establishment, then end."""
        await run_without_parking(
            EnrolmentActs.look_up_establishment, ref, "Demander l’établissement au répertoire", CASES
        )

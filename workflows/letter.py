"""The printing of one letter, by order of an operator."""

from temporalio import workflow

from models.messages.acts import LetterActs, Process
from workflows.parts.running_acts import ActRunner


@workflow.defn(name="Letter")
class LetterWorkflow(ActRunner):
    """Lettre qui porte le code prouvant une habilitation."""

    @workflow.run
    async def run(self, process: Process) -> bool:
        """Draw the letter into the folder of the printing channel; parks while that is unavailable."""
        return await self.perform(LetterActs.print_letter, process)

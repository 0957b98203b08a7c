"""Answers of the paying agency (ASP) to the files of one channel: listed, applied one by one, then deleted there."""

from datetime import timedelta
from typing import Final

from temporalio import workflow

from models.engine.names import answers_id, channel_of_answers
from models.messages.agency_acts import AnswerActs
from models.messages.answers import AnswerFile, AnswerFiles
from models.messages.deposit import Channel
from workflows.parts import operator_texts
from workflows.parts.running_acts import ActRunner

MAX_ROUNDS: Final = 3
"""Of one run: what still breaks after these is left to the next run."""
PAUSE: Final = timedelta(minutes=1)


@workflow.defn(name="Answers")
class AnswersWorkflow(ActRunner):
    """Retours de l’ASP : started by a schedule of its channel, whose name is in its id."""

    @workflow.run
    async def run(self) -> int:
        """Read what waits at the agency, then look at what it has not answered; returns how many files were dropped.

        While the agency is away the run is parked, and the schedule starts no other. What breaks about one file is an
        incident, and holds up no other file.
        """
        channel = Channel(name=channel_of_answers(workflow.info().workflow_id))
        dropped = 0
        for attempt in range(1, MAX_ROUNDS + 1):
            listed = await self.perform(AnswerActs.list_answers, channel)
            broken, gone = await self._read_all(channel, listed)
            dropped += gone
            if not broken or attempt == MAX_ROUNDS:
                break
            await workflow.sleep(PAUSE, summary="Nouvel essai des fichiers de retours")
        if listed.open:
            await self._watch(channel, dropped)
        return dropped

    async def _read_all(self, channel: Channel, listed: AnswerFiles) -> tuple[int, int]:
        """Read each file, and return how many could not be dealt with, and how many are gone from the agency."""
        subject, broken, gone = answers_id(channel.name), 0, 0
        for name in listed.names:
            file = AnswerFile(channel=channel.name, name=name)
            dropped = None
            if await self.attempt(AnswerActs.read_answers, file, subject):
                dropped = await self.attempt_for(AnswerActs.drop_answers, file, subject)
            broken, gone = broken + (dropped is None), gone + bool(dropped)
        return broken, gone

    async def _watch(self, channel: Channel, dropped: int) -> None:
        waiting = await self.attempt_for(AnswerActs.watch_answers, channel, answers_id(channel.name))
        if waiting:
            self.describe(operator_texts.answers(dropped, waiting))

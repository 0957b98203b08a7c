"""`tacite replay`: replay histories with this release, because a case that waits for months outlives many."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.service import RPCError
from temporalio.worker import Replayer

from cli.environment import connect_engine, current_settings, open_register
from cli.operations import subject_from
from cli.terminal import CommandError, ExitCode
from models.engine.client import plugin
from models.engine.keys import MasterKey
from models.engine.names import authorization_id
from models.identifiers import Message, find_reference
from models.settings import Settings
from models.store.database import Database
from models.store.journal.keys import StoredKeys


class ReplayResult(Message):
    """One history, and whether this release takes the same decisions as were recorded."""

    history: str
    ok: bool
    problem: str | None


def replay(sources: Sequence[str], workflows: Sequence[type]) -> list[ReplayResult]:
    """Replay stored files (their payloads in clear) and live cases by reference; raises `CommandError`."""
    return [
        asyncio.run(_replay_case(each, workflows))
        if find_reference(each)
        else asyncio.run(_replay_file(Path(each), workflows))
        for each in sources
    ]


async def _replay_file(file: Path, workflows: Sequence[type]) -> ReplayResult:
    try:
        history = WorkflowHistory.from_json(file.stem, file.read_text("utf-8"))
    except (OSError, ValueError) as wrong:
        raise CommandError(ExitCode.MISUSE, f"{file} n’est pas un historique lisible.") from wrong
    return await _replay_history(str(file), history, Replayer(workflows=workflows, plugins=[plugin(None)]))


async def _replay_case(reference: str, workflows: Sequence[type]) -> ReplayResult:
    settings = current_settings()
    with open_register(settings) as database:
        client = await connect_engine(settings, database)
        try:
            history = await client.get_workflow_handle(authorization_id(subject_from(reference))).fetch_history()
        except RPCError as unknown:
            raise CommandError(ExitCode.NEGATIVE, f"Le moteur ne connaît pas le dossier {reference}.") from unknown
        return await _replay_history(
            reference, history, Replayer(workflows=workflows, plugins=[plugin(_keys(settings, database))])
        )


def _keys(settings: Settings, database: Database) -> StoredKeys:
    return StoredKeys(database, MasterKey(settings.master_key))


async def _replay_history(name: str, history: WorkflowHistory, replayer: Replayer) -> ReplayResult:
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    failure = result.replay_failure
    return ReplayResult(history=name, ok=failure is None, problem=str(failure) if failure else None)

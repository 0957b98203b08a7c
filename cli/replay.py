"""Replaying histories with the code at hand: a case that waits for months must go on under every release."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.service import RPCError
from temporalio.worker import Replayer

from cli.environment import current, engine, register
from cli.operations import subject_from
from cli.terminal import Code, Ended
from models.engine.client import plugin
from models.engine.keys import MasterKey
from models.engine.names import authorization_id
from models.identifiers import REFERENCE, Message
from models.settings import Settings
from models.store.database import Database
from models.store.journal.keys import StoredKeys


class Replayed(Message):
    """One history: whether the code still does what it did then."""

    history: str
    ok: bool
    problem: str | None


def replay(asked: Sequence[str], workflows: Sequence[type]) -> list[Replayed]:
    """Replay stored files (their payloads in clear) and live cases by reference; raises `Ended`."""
    return [
        asyncio.run(_live(each, workflows))
        if REFERENCE.fullmatch(each.strip().upper())
        else asyncio.run(_stored(Path(each), workflows))
        for each in asked
    ]


async def _stored(file: Path, workflows: Sequence[type]) -> Replayed:
    try:
        history = WorkflowHistory.from_json(file.stem, file.read_text("utf-8"))
    except (OSError, ValueError) as wrong:
        raise Ended(Code.MISUSE, f"{file} n’est pas un historique lisible.") from wrong
    return await _judged(str(file), history, Replayer(workflows=workflows, plugins=[plugin(None)]))


async def _live(written: str, workflows: Sequence[type]) -> Replayed:
    settings = current()
    with register(settings) as opened:
        client = await engine(settings, opened)
        try:
            history = await client.get_workflow_handle(
                authorization_id(subject_from(written))
            ).fetch_history()
        except RPCError as unknown:
            raise Ended(Code.NEGATIVE, f"Le moteur ne connaît pas le dossier {written}.") from unknown
        return await _judged(
            written, history, Replayer(workflows=workflows, plugins=[plugin(_keys(settings, opened))])
        )


def _keys(settings: Settings, opened: Database) -> StoredKeys:
    return StoredKeys(opened, MasterKey(settings.master_key))


async def _judged(name: str, history: WorkflowHistory, replayer: Replayer) -> Replayed:
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    failure = result.replay_failure
    return Replayed(history=name, ok=failure is None, problem=str(failure) if failure else None)

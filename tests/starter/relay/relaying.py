"""A relay with a fake engine that records what it receives."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from models.engine.process_kind import Launch, ProcessKind
from models.messages.case import Ref
from models.store.database import Database
from models.store.journal import outbox
from models.store.journal.outbox import Start
from models.store.journal.relay_lock import RelayLock
from starter.engine import START_POLICIES, EngineClient, EngineUnavailable, ProcessNotFound
from starter.relay.deliver import Relay


class FakeEngine(EngineClient):
    """A fake engine that records what it receives; `away` and `without` make it fail."""

    def __init__(self) -> None:
        self.received: list[tuple[str, str]] = []
        self.updates: list[str] = []
        self.running: set[str] = set()
        self.ended: set[str] = set()
        self.away: set[str] = set()
        """Kinds that it does not answer; `*` for all."""

    def _receive(self, kind: str, process: str) -> None:
        if self.away & {kind, "*"}:
            raise EngineUnavailable
        if process in self.ended and kind not in ("revive", "restart"):
            raise ProcessNotFound
        if process not in self.running and kind not in (*START_POLICIES, "deposit", "announce"):
            raise ProcessNotFound
        self.received.append((process, kind))

    async def start(self, kind: ProcessKind, launch: Launch, how: Start = "start") -> None:
        process = kind.id(launch.subject)
        signalled = kind.signal is not None and not kind.signal_bears_input
        self._receive(str(kind.signal) if signalled else how, process)
        self.running.add(process)
        self.ended.discard(process)

    async def send_update(self, workflow_id: str, kind: str, ref: Ref, update_id: str) -> None:
        self._receive(kind, workflow_id)
        self.updates.append(update_id)

    async def resume(self, workflow_id: str) -> None:
        self._receive("resume", workflow_id)


@asynccontextmanager
async def relaying(database: Database, engine: EngineClient) -> AsyncIterator[None]:
    async with RelayLock.open(database.dsn.replace("+psycopg", "")) as post:
        await post.take()
        task = asyncio.create_task(Relay(database, engine).serve(post))
        yield
        assert not task.done(), task.exception()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def waiting(database: Database) -> int:
    with database.begin() as connection:
        return len(outbox.list_waiting(connection, 1_000))


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not await asyncio.to_thread(holds):  # noqa: ASYNC110 nothing else tells
            await asyncio.sleep(0.02)


async def emptied(database: Database) -> None:
    await until(lambda: not waiting(database))

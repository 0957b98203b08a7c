"""The relay: delivers the outbox of the register to the engine, in order for each process, processes in parallel.

    python -m starter.relay

A message is done only once the engine has accepted it; until then, it and those behind it for the same process wait.
Every update has an id of its own, so that one delivered twice is handled once.
"""

import asyncio
import contextlib
import signal
from collections import defaultdict, deque
from functools import partial
from itertools import islice, takewhile
from typing import Final

import structlog
from cryptography.exceptions import InvalidTag
from prometheus_client import CollectorRegistry
from psycopg import OperationalError as SessionLost
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import WorkflowUpdateFailedError

from models.engine.client import configure_runtime, connect_as_configured
from models.engine.keys import KeyDestroyed, MasterKey
from models.engine.names import subject_of
from models.engine.process_kind import Launch, ProcessKind
from models.engine.processes import find_kind
from models.errors import Unknown
from models.messages.case import Ref
from models.settings import Settings
from models.store.database import Database
from models.store.journal import outbox
from models.store.journal.keys import StoredKeys
from models.store.journal.outbox import OutboxMessage, Start
from models.store.journal.relay_lock import RelayLock
from models.telemetry import logs, spans
from models.telemetry.metrics import exposed, registry
from models.telemetry.trace_context import TraceContext, following
from starter import clock
from starter.engine import START_POLICIES, EngineClient, EngineUnavailable, ProcessNotFound
from starter.metrics import Deliveries
from starter.relay.daily import send_digests
from starter.relay.held import Held, is_signal
from starter.relay.pacing import Pace
from starter.relay.reconcile import on_taking_the_lock

log = structlog.get_logger()

POLL_INTERVAL: Final = 2.0
"""Seconds after which the outbox is read again, even without a NOTIFY."""
PAGE_SIZE: Final = 500
"""Messages read from the outbox at once."""
MAX_CONCURRENT_PROCESSES: Final = 16
"""Processes called at once, for each kind of message: starts never wait behind updates that time out."""
RETRY_INTERVALS: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before each retry of a message; the last one repeats."""
RETRIED: Final = (EngineUnavailable, SQLAlchemyError, Unknown, InvalidTag, ValueError)
"""Errors after which a message is retried; one bad message must not stop the others."""


class Relay:
    """Delivers the outbox of one register to one engine."""

    def __init__(self, database: Database, engine: EngineClient, counted: Deliveries | None = None) -> None:
        self._database = database
        self._engine = engine
        self._counted = counted or Deliveries(CollectorRegistry())
        self._pace = Pace(database)
        self._queues: dict[str, deque[OutboxMessage]] = {}
        self._slots: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(MAX_CONCURRENT_PROCESSES)
        )

    async def serve(self, lock: RelayLock) -> None:
        """Deliver the outbox until the session is lost or the task is cancelled."""
        async with asyncio.TaskGroup() as deliveries:
            deliveries.create_task(self._pace.watch())
            while True:
                queued = [message for queue in self._queues.values() for message in queue]
                for message in await asyncio.to_thread(self._list_new, queued):
                    if message.workflow_id in self._queues:
                        self._queues[message.workflow_id].append(message)
                    else:
                        self._queues[message.workflow_id] = deque([message])
                        deliveries.create_task(self._deliver_queue(message.workflow_id))
                await lock.notified(POLL_INTERVAL)

    def _list_new(self, queued: list[OutboxMessage]) -> list[OutboxMessage]:
        """Return waiting messages that are not queued yet, oldest first: some of each process, and of new cases."""
        known, held, last = {each.id for each in queued}, Held(queued), 0
        with self._database.begin() as connection:
            while held.takes_more and (
                page := outbox.list_waiting(
                    connection, PAGE_SIZE, after=last, without=held.full, new_cases=held.takes_new_cases
                )
            ):
                for message in page:
                    if message.id not in known:
                        held.take(message)
                last = page[-1].id
        return held.taken

    async def _deliver_queue(self, workflow_id: str) -> None:
        """Deliver the messages of one process in order; those that ask the same in a row are delivered as one."""
        queue = self._queues[workflow_id]
        while queue:
            alike = [queue[0], *takewhile(partial(_asks_the_same, queue[0]), islice(queue, 1, None))]
            await self._deliver_until_accepted(alike)
            for _ in alike:
                queue.popleft()
        del self._queues[workflow_id]

    async def _deliver_until_accepted(self, alike: list[OutboxMessage]) -> None:
        """Deliver the last of some identical messages, and retry until the engine accepts it.

        The last: were its predecessor delivered before a crash, the engine would take it for a repeat.
        """
        trail, tries = TraceContext.of(alike[0].parent), 0
        trail.case = subject_of(alike[0].workflow_id)
        if alike[0].starts_a_case:
            await self._pace.enter(trail.case)
        with following(trail), spans.step(f"letter:{alike[0].kind}"):
            while not await self._attempt(alike, tries):
                await asyncio.sleep(RETRY_INTERVALS[min(tries, len(RETRY_INTERVALS) - 1)])
                tries += 1
        if alike[0].starts_a_case:
            self._pace.delivered(trail.case)

    async def _attempt(self, alike: list[OutboxMessage], tries: int) -> bool:
        message = alike[-1]
        try:
            async with self._slots[message.kind]:
                await self._deliver(message)
            await asyncio.to_thread(self._mark_delivered, alike)
        except RETRIED as away:
            self._counted.retried.labels(message.kind).inc()
            if tries % len(RETRY_INTERVALS) == 0:
                log.warning("letter_kept", kind=message.kind, error=type(away).__name__)
            return False
        self._counted.delivered.labels(message.kind).inc(len(alike))
        log.info("letter_delivered", kind=message.kind, letters=len(alike))
        return True

    async def _deliver(self, message: OutboxMessage) -> None:
        """Deliver one message; drop it if its process has ended."""
        with contextlib.suppress(ProcessNotFound, KeyDestroyed):
            if message.kind in ("start", "revive", "restart"):
                await self._start(message.workflow_id, message.kind)
            elif is_signal(message):
                await self._start_from_register(message.workflow_id, "start")
            else:
                await self._send_or_start_first(message)

    async def _send_or_start_first(self, message: OutboxMessage) -> None:
        try:
            await self._send(message)
        except ProcessNotFound:
            await self._start(message.workflow_id, "start")
            await self._send(message)

    async def _send(self, message: OutboxMessage) -> None:
        if message.kind == "resume":
            await self._engine.resume(message.workflow_id)
            return
        ref = Ref(reference=subject_of(message.workflow_id), id=message.subject)
        # Without a subject, a second message of one kind must not be taken for a repeat of the first.
        suffix = f":{message.subject}" if message.subject else f"#{message.id}"
        try:
            await self._engine.send_update(message.workflow_id, message.kind, ref, f"{message.kind}{suffix}")
        except WorkflowUpdateFailedError:
            log.error("letter_refused", kind=message.kind)

    async def _start(self, workflow_id: str, how: Start) -> None:
        """Start a process from the register; raises `ProcessNotFound` if its subject is closed there.

        A process closes its subject before it ends by itself. If its run has ended while the subject is open, somebody
        terminated it, or it ran for a subject that the restored register does not know: it must not block a new run.
        """
        try:
            await self._start_from_register(workflow_id, how)
        except ProcessNotFound:
            await self._start_from_register(workflow_id, "revive")

    async def _start_from_register(self, workflow_id: str, how: Start) -> None:
        kind = find_kind(workflow_id)
        launch = await asyncio.to_thread(self._load, kind, subject_of(workflow_id)) if kind else None
        if kind is None or launch is None:
            raise ProcessNotFound(workflow_id)
        await self._engine.start(kind, launch, how)

    def _load(self, kind: ProcessKind, subject: str) -> Launch | None:
        if kind.load is None:
            return None
        with self._database.begin() as connection:
            return kind.load(connection, subject)

    def _mark_delivered(self, alike: list[OutboxMessage]) -> None:
        with self._database.begin() as connection:
            for message in alike:
                outbox.mark_delivered(connection, message.id)


def _asks_the_same(one: OutboxMessage, other: OutboxMessage) -> bool:
    """Whether two messages ask a process to look at the register again: what it finds then answers both."""
    looks = not one.subject and one.kind not in (*START_POLICIES, "resume")
    return (is_signal(one) and is_signal(other)) or (looks and (one.kind, "") == (other.kind, other.subject))


async def run(chosen: Settings) -> None:
    """Deliver whenever this relay holds the lock, for ever; raises `ClockWentBack`."""
    deliveries = Deliveries(metrics := registry())
    with (
        Database(chosen.database, size=MAX_CONCURRENT_PROCESSES) as database,
        exposed(chosen.metrics, metrics),
    ):
        keys = StoredKeys(database, MasterKey(chosen.master_key))
        engine = EngineClient(await connect_as_configured(chosen, keys, lazy=True))
        while True:
            try:
                await asyncio.to_thread(clock.check, database)
                async with RelayLock.open(chosen.database) as lock:
                    log.info("relay_standing_by")
                    await lock.take()
                    log.info("relay_ready")
                    with deliveries.leading():
                        await _lead(database, engine, deliveries, lock)
            except* (SessionLost, SQLAlchemyError) as errors:
                log.warning("register_away", error=_first_error(errors))
            await asyncio.sleep(1)


def _first_error(error: BaseException) -> str:
    """Return the name of the first error in nested groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__


async def _lead(database: Database, engine: EngineClient, deliveries: Deliveries, lock: RelayLock) -> None:
    """Deliver until the session is lost; meanwhile reconcile once, and announce the mails of each day."""
    async with asyncio.TaskGroup() as together:
        together.create_task(on_taking_the_lock(database, engine, deliveries))
        together.create_task(send_digests(database))
        together.create_task(Relay(database, engine, deliveries).serve(lock))


async def main() -> int:
    """Run until SIGTERM or SIGINT; returns 3 if the clock of the register went back."""
    logs.configure()
    chosen = clock.read_settings()
    configure_runtime()
    spans.configure(chosen.traces, "relay")
    task = asyncio.ensure_future(run(chosen))
    for end in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(end, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        return await clock.exit_code(task)
    return clock.EXIT_DONE

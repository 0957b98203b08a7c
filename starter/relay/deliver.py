"""The relay: tells the engine what the register has decided, in order for each process, side by side for several.

    python -m starter.relay

A letter is done only once the engine has accepted it; until then it is kept, and those behind it in the same process
wait. Every message bears an id of its own, so that one delivered twice is heard once.
"""

import asyncio
import contextlib
import signal
from collections import defaultdict, deque
from itertools import takewhile
from typing import Final

import structlog
from cryptography.exceptions import InvalidTag
from prometheus_client import CollectorRegistry
from psycopg import OperationalError as SessionLost
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import WorkflowUpdateFailedError

from models.engine.client import prepare, reach
from models.engine.keys import KeyDestroyed, MasterKey
from models.engine.names import subject_of
from models.errors import Unknown
from models.messages.case import Case, Ref
from models.messages.deposit import Channel
from models.messages.draft import Draft
from models.messages.enrolment import Enrolment
from models.settings import Settings
from models.store.cases import drafts, requests
from models.store.database import Database
from models.store.journal import outbox
from models.store.journal.keys import StoredKeys
from models.store.journal.outbox import OutboxMessage, Start
from models.store.journal.relay_lock import RelayLock
from models.store.people import enrolments
from models.telemetry import logs, spans
from models.telemetry.metrics import exposed, registry
from models.telemetry.trace_context import Trail, following
from starter import clock
from starter.engine import EngineClient, EngineUnavailable, ProcessNotFound
from starter.metrics import Deliveries
from starter.relay.reconcile import on_taking_the_lock

log = structlog.get_logger()

POLL_INTERVAL: Final = 2.0
"""Seconds after which the outbox is read again, though nothing rang."""
PAGE: Final = 500
MAX_MESSAGES: Final = 5_000
"""Letters held in memory."""
SIDE_BY_SIDE: Final = 16
"""Processes addressed at once, for each kind of letter: starts never wait behind answers that do not come."""
RETRY_INTERVALS: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before a letter is tried again; the last one goes on."""

RETRIED: Final = (EngineUnavailable, SQLAlchemyError, Unknown, InvalidTag, ValueError)
"""What keeps a letter waiting, alone: a wrong one must not hold the others up."""


class Relay:
    """Delivers the outbox of one register to one engine."""

    def __init__(self, database: Database, engine: EngineClient, counted: Deliveries | None = None) -> None:
        self._database = database
        self._engine = engine
        self._counted = counted or Deliveries(CollectorRegistry())
        self._queues: dict[str, deque[OutboxMessage]] = {}
        self._held: set[int] = set()
        self._slots: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(SIDE_BY_SIDE)
        )

    async def serve(self, lock: RelayLock) -> None:
        """Deliver what waits and what comes, until the session is lost or the task is cancelled."""
        async with asyncio.TaskGroup() as carriers:
            while True:
                for letter in await asyncio.to_thread(self._unheld, frozenset(self._held)):
                    self._held.add(letter.id)
                    if letter.workflow_id in self._queues:
                        self._queues[letter.workflow_id].append(letter)
                    else:
                        self._queues[letter.workflow_id] = deque([letter])
                        carriers.create_task(self._carry(letter.workflow_id))
                await lock.notified(POLL_INTERVAL)

    def _unheld(self, held: frozenset[int]) -> list[OutboxMessage]:
        """Letters that wait and that nobody carried when the reading began, the oldest first."""
        found: list[OutboxMessage] = []
        last = 0
        with self._database.begin() as connection:
            while len(held) + len(found) < MAX_MESSAGES and (
                page := outbox.list_waiting(connection, PAGE, after=last)
            ):
                found += [letter for letter in page if letter.id not in held]
                last = page[-1].id
        return found

    async def _carry(self, workflow_id: str) -> None:
        """Deliver the letters of one process, one after the other."""
        queue = self._queues[workflow_id]
        while queue:
            alike = list(takewhile(lambda letter: letter.kind == "deposit", queue)) or [queue[0]]
            await self._insist(alike)
            self._held -= {queue.popleft().id for _ in alike}
        del self._queues[workflow_id]

    async def _insist(self, alike: list[OutboxMessage]) -> None:
        """Deliver letters of which one says what all say, as often as it takes."""
        trail, tries = Trail.of(alike[0].parent), 0
        trail.case = subject_of(alike[0].workflow_id)
        with following(trail), spans.step(f"letter:{alike[0].kind}"):
            while not await self._attempt(alike, tries):
                await asyncio.sleep(RETRY_INTERVALS[min(tries, len(RETRY_INTERVALS) - 1)])
                tries += 1

    async def _attempt(self, alike: list[OutboxMessage], tries: int) -> bool:
        letter = alike[0]
        try:
            async with self._slots[letter.kind]:
                await self._deliver(letter)
            await asyncio.to_thread(self._done, alike)
        except RETRIED as away:
            self._counted.kept.labels(letter.kind).inc()
            if tries % len(RETRY_INTERVALS) == 0:
                log.warning("letter_kept", kind=letter.kind, error=type(away).__name__)
            return False
        self._counted.delivered.labels(letter.kind).inc(len(alike))
        log.info("letter_delivered", kind=letter.kind, letters=len(alike))
        return True

    async def _deliver(self, letter: OutboxMessage) -> None:
        """Deliver one letter; an ended process needs no message any more."""
        with contextlib.suppress(ProcessNotFound, KeyDestroyed):
            if letter.kind in ("start", "revive", "restart"):
                await self._start(letter.workflow_id, letter.kind)
            elif letter.kind == "announce":
                await self._engine.announce(letter.workflow_id)
            elif letter.kind == "deposit":
                await self._engine.deposit(Channel(name=subject_of(letter.workflow_id)))
            else:
                await self._say(letter)

    async def _say(self, letter: OutboxMessage) -> None:
        try:
            await self._message(letter)
        except ProcessNotFound:
            await self._start(letter.workflow_id, "start")
            await self._message(letter)

    async def _message(self, letter: OutboxMessage) -> None:
        if letter.kind == "resume":
            await self._engine.resume(letter.workflow_id)
            return
        subject = subject_of(letter.workflow_id)
        # Without a subject of its own, a second message of one kind must not pass for the first come twice.
        update_id = f"{letter.kind}:{letter.subject}" if letter.subject else f"{letter.kind}#{letter.id}"
        try:
            await self._engine.send_update(
                letter.workflow_id, letter.kind, Ref(reference=subject, id=letter.subject), update_id
            )
        except WorkflowUpdateFailedError:
            log.error("letter_refused", kind=letter.kind)

    async def _start(self, workflow_id: str, how: Start) -> None:
        """Start a process from what the register holds; raises `ProcessNotFound` when it is over there.

        A run that has ended while the register says that its case is open was ended by somebody, or belongs to
        what a back-up of the register does not know: it keeps no case from living. A process that ends by itself
        has closed its case before.
        """
        try:
            await self._begin(workflow_id, how)
        except ProcessNotFound:
            await self._begin(workflow_id, "revive")

    async def _begin(self, workflow_id: str, how: Start) -> None:
        kind, _, subject = workflow_id.partition(":")
        if kind == "authorization":
            await self._engine.start(await asyncio.to_thread(self._case, subject), how)
        elif kind == "draft":
            await self._engine.start_draft(await asyncio.to_thread(self._draft, subject), how)
        elif kind == "enrolment":
            await self._engine.enrol(await asyncio.to_thread(self._enrolment, subject), how)
        else:
            raise ProcessNotFound(workflow_id)

    def _case(self, reference: str) -> Case:
        with self._database.begin() as connection:
            if requests.get(connection, reference).closed_at is not None:
                raise ProcessNotFound(reference)
            return requests.get_case(connection, reference)

    def _draft(self, draft_id: str) -> Draft:
        with self._database.begin() as connection:
            if drafts.get(connection, draft_id).status != "draft":
                raise ProcessNotFound(draft_id)
            return drafts.get_draft_message(connection, draft_id)

    def _enrolment(self, siret: str) -> Enrolment:
        with self._database.begin() as connection:
            if enrolments.get_last(connection, siret).status != "open":
                raise ProcessNotFound(siret)
            return enrolments.get_message(connection, siret)

    def _done(self, alike: list[OutboxMessage]) -> None:
        with self._database.begin() as connection:
            for letter in alike:
                outbox.mark_delivered(connection, letter.id)


async def run(chosen: Settings) -> None:
    """Hold the lock whenever it can be held, for ever; raises `ClockWentBack`."""
    counted = Deliveries(measured := registry())
    with Database(chosen.database, size=SIDE_BY_SIDE) as database, exposed(chosen.metrics, measured):
        keys = StoredKeys(database, MasterKey(chosen.master_key))
        engine = EngineClient(await reach(chosen, keys, lazy=True))
        while True:
            try:
                await asyncio.to_thread(clock.ask, database)
                async with RelayLock.open(chosen.database) as lock:
                    log.info("relay_standing_by")
                    await lock.take()
                    log.info("relay_ready")
                    with counted.leading():
                        await _lead(database, engine, counted, lock)
            except* (SessionLost, SQLAlchemyError) as lost:
                log.warning("register_away", error=_named(lost))
            await asyncio.sleep(1)


def _named(lost: BaseException) -> str:
    """The first error of a group of groups."""
    while isinstance(lost, BaseExceptionGroup):
        lost = lost.exceptions[0]
    return type(lost).__name__


async def _lead(database: Database, engine: EngineClient, counted: Deliveries, lock: RelayLock) -> None:
    """Deliver, and reconcile once beside it; until the session is lost."""
    async with asyncio.TaskGroup() as both:
        both.create_task(on_taking_the_lock(database, engine, counted))
        both.create_task(Relay(database, engine, counted).serve(lock))


async def main() -> int:
    """Run until somebody asks to end; 3 when the clock of the register went back."""
    logs.configure()
    chosen = clock.read_settings()
    prepare()
    spans.configure(chosen.traces, "relay")
    task = asyncio.ensure_future(run(chosen))
    for end in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(end, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        return await clock.outcome(task)
    return clock.DONE

"""Makes time pass for one case, draft or enrolment: in the register first, then in the engine (development only).

Both clocks move by the same steps, from one awaited instant to the next, so that a reminder, silence or
forfeiture each happens at its own time and not all at the end.
"""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper

from models.engine.names import subject_of
from models.engine.process_kind import ProcessKind
from models.engine.processes import find_kind_of_subject
from models.errors import Unknown
from models.messages.case import Ref
from models.store.database import Database
from models.store.operations.process_subjects import SubjectClock

SETTLE_TIMEOUT = 30.0
"""Seconds that a process may take to do what an instant asks of it."""
STEP_TIMEOUT = 10.0
"""Seconds after which a step that the engine does not confirm is checked again."""
STALL_TIMEOUT = 5.0
"""Seconds after which a process that still waits for an instant that has come is told to check the register."""
POLL_INTERVAL = 0.02

Process = WorkflowHandle[object, object]


class TimeTravel:
    """The clocks of the register and of the engine, moved together."""

    def __init__(self, database: Database, client: Client) -> None:
        self._database = database
        self._client = client
        self._skipper = TimeSkipper(client)

    async def advance(self, subject: str, by: timedelta) -> datetime:
        """Advance a case (9 characters), an enrolment (SIRET) or a draft (UUID); returns its new time."""
        return await self.advance_to(subject, await asyncio.to_thread(self._now, subject) + by)

    async def advance_to(self, subject: str, target: datetime) -> datetime:
        """Advance a subject to an instant of its own time, stopping at each that is awaited."""
        process: Process = self._client.get_workflow_handle(_clocked(subject)[0].id(subject))
        while (now := await asyncio.to_thread(self._now, subject)) < target:
            wakes_at = await self._wakes_at(process)
            step_to = min(target, wakes_at) if wakes_at and wakes_at > now else target
            await asyncio.to_thread(self._raise_offset, subject, step_to - now)
            await self._follow(process, step_to)
            await self._settle(process, step_to)
        return now

    async def _follow(self, process: Process, reached: datetime) -> None:
        """Bring the engine's clock for one process to the register's; a case filed from a draft starts behind."""
        while await self._lives(process):
            behind = reached - await self._skipper.get_current_time(process)
            if behind <= timedelta():
                return
            with suppress(TimeoutError, RPCError):  # it may end meanwhile, or be busy: look again
                await asyncio.wait_for(self._skipper.fast_forward(process, behind), STEP_TIMEOUT)

    async def _lives(self, process: Process) -> bool:
        return (await process.describe()).status is WorkflowExecutionStatus.RUNNING

    async def _wakes_at(self, process: Process) -> datetime | None:
        if not await self._lives(process):
            return None
        found: str | None = await process.query("wakes_at")
        return datetime.fromisoformat(found) if found else None

    async def _settle(self, process: Process, reached: datetime) -> None:
        """Wait until what was due at an instant has been done.

        The engine may skip further than it was asked (to the next timer, when acts take it past its target): the
        process has then asked the register too early, and waits as long again by a clock that has stopped.
        """
        limit, stalled_at = monotonic() + SETTLE_TIMEOUT, monotonic() + STALL_TIMEOUT
        while monotonic() < limit:
            wakes_at = await self._wakes_at(process)
            if wakes_at is None or wakes_at > reached:
                return
            if monotonic() > stalled_at:
                await self._check_register(process)
                stalled_at = limit
            await asyncio.sleep(POLL_INTERVAL)

    async def _check_register(self, process: Process) -> None:
        ref = Ref(reference=subject_of(process.id), id="")
        with suppress(WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, RPCError):
            await process.execute_update("complete", ref, rpc_timeout=timedelta(seconds=STEP_TIMEOUT))

    def _now(self, subject: str) -> datetime:
        with self._database.begin() as connection:
            return _clocked(subject)[1].now(connection, subject)

    def _raise_offset(self, subject: str, by: timedelta) -> None:
        with self._database.begin() as connection:
            _clocked(subject)[1].advance(connection, subject, by)


def _clocked(subject: str) -> tuple[ProcessKind, SubjectClock]:
    """The kind and the clock of a subject; raises `Unknown` when it looks like none that has a clock."""
    kind = find_kind_of_subject(subject)
    if kind is None or kind.clock is None:
        raise Unknown(subject)
    return kind, kind.clock

"""Makes time pass for one case, draft or enrolment: in the register first, then in the engine (development only).

Both clocks move by the same steps, from one awaited instant to the next, so that a reminder, silence or
forfeiture each happens at its own time and not all at the end.
"""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import NamedTuple

from temporalio.api.enums.v1 import PendingActivityState, PendingWorkflowTaskState
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper

from models.engine.names import subject_of
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


class Meant(NamedTuple):
    """The process that an operator means, its subject and the clock of its subject."""

    process: str
    subject: str
    clock: SubjectClock


def is_at_work(process: WorkflowExecutionDescription, *, patient: bool) -> bool:
    """Whether a process advances by itself: a worker has its task or an act, or is expected to take one (`patient`).

    An act that failed and waits to be tried again is no work: time may have to pass for it.
    """
    told = process.raw_description
    task_begun = PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_STARTED
    act_begun = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
    if told.HasField("pending_workflow_task") and (patient or told.pending_workflow_task.state == task_begun):
        return True
    return any(act.state == act_begun or (patient and act.attempt <= 1) for act in told.pending_activities)


class TimeTravel:
    """The clocks of the register and of the engine, moved together."""

    def __init__(self, database: Database, client: Client) -> None:
        self._database = database
        self._client = client
        self._skipper = TimeSkipper(client)

    async def advance(self, subject: str, by: timedelta) -> datetime:
        """Advance a case (9 characters), the newest open enrolment of a SIRET, or a draft (UUID); returns its time."""
        meant = await asyncio.to_thread(self._meant, subject)
        return await self._advance(meant, await asyncio.to_thread(self._now, meant) + by)

    async def advance_to(self, subject: str, target: datetime) -> datetime:
        """Advance a subject to an instant of its own time, stopping at each that is awaited."""
        return await self._advance(await asyncio.to_thread(self._meant, subject), target)

    async def _advance(self, meant: Meant, target: datetime) -> datetime:
        process: Process = self._client.get_workflow_handle(meant.process)
        await self._settle(process)
        while (now := await asyncio.to_thread(self._now, meant)) < target:
            wakes_at = await self._wakes_at(process)
            step_to = min(target, wakes_at) if wakes_at and wakes_at > now else target
            await asyncio.to_thread(self._raise_offset, meant, step_to - now)
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

    async def _settle(self, process: Process, reached: datetime | None = None) -> None:
        """Wait until what was due at an instant has been done: no act is under way, and what is awaited is later.

        Between two acts a process awaits no instant: time that passed there would pass over those it awaits next.
        Before any time passes, only acts count: a run that began again may be behind, and await what has passed.
        The engine may skip further than it was asked (to the next timer, when acts take it past its target): the
        process has then asked the register too early, and waits as long again by a clock that has stopped.
        """
        limit, stalled_at, checked = monotonic() + SETTLE_TIMEOUT, monotonic() + STALL_TIMEOUT, False
        while monotonic() < limit:
            wakes_at = await self._wakes_at(process) if reached else None
            at_work = is_at_work(await process.describe(), patient=monotonic() < stalled_at)  # a timer may fire late
            if not at_work and (reached is None or wakes_at is None or wakes_at > reached):
                return
            if reached and monotonic() > stalled_at and not checked:
                await self._check_register(process)
                checked = True
            await asyncio.sleep(POLL_INTERVAL)

    async def _check_register(self, process: Process) -> None:
        ref = Ref(reference=subject_of(process.id), id="")
        with suppress(WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, RPCError):
            await process.execute_update("complete", ref, rpc_timeout=timedelta(seconds=STEP_TIMEOUT))

    def _now(self, meant: Meant) -> datetime:
        with self._database.begin() as connection:
            return meant.clock.now(connection, meant.subject)

    def _raise_offset(self, meant: Meant, by: timedelta) -> None:
        with self._database.begin() as connection:
            meant.clock.advance(connection, meant.subject, by)

    def _meant(self, typed: str) -> Meant:
        """Return the process of what an operator typed; raises `Unknown` when it looks like none that has a clock."""
        kind = find_kind_of_subject(typed)
        if kind is None or kind.clock is None:
            raise Unknown(typed)
        with self._database.begin() as connection:
            subject = kind.resolve(connection, typed) if kind.resolve else typed
        return Meant(kind.id(subject), subject, kind.clock)

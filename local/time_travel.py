"""Makes time pass for one case, draft or enrolment: in the register first, then in the engine (development only).

Both clocks move by the same steps, from one awaited instant to the next, so that a reminder, silence or
forfeiture each happens at its own time and not all at the end.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import Final, NamedTuple

from sqlalchemy import Connection
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper

from models.engine.names import authorization_id, draft_id, enrolment_id, subject_of
from models.messages.case import Ref
from models.store.cases import drafts, requests
from models.store.database import Database, case_now, draft_now
from models.store.people import enrolments

SETTLING = 30.0
"""Seconds that a process may take to do what an instant asks of it."""
PATIENCE = 10.0
"""Seconds after which a step that the engine does not confirm is looked at again."""
STALL = 5.0
"""Seconds after which a process that still waits for an instant that has come is told to look."""
POLL = 0.02

Process = WorkflowHandle[object, object]


class Clockwork:
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
        process: Process = self._client.get_workflow_handle(_kind(subject).process(subject))
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
                await asyncio.wait_for(self._skipper.fast_forward(process, behind), PATIENCE)

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
        limit, stalled_at = monotonic() + SETTLING, monotonic() + STALL
        while monotonic() < limit:
            wakes_at = await self._wakes_at(process)
            if wakes_at is None or wakes_at > reached:
                return
            if monotonic() > stalled_at:
                await self._look(process)
                stalled_at = limit
            await asyncio.sleep(POLL)

    async def _look(self, process: Process) -> None:
        subject = subject_of(process.id)
        ref = Ref(reference=subject, id="" if _kind(subject).process is authorization_id else subject)
        with suppress(WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, RPCError):
            await process.execute_update("complete", ref, rpc_timeout=timedelta(seconds=PATIENCE))

    def _now(self, subject: str) -> datetime:
        with self._database.begin() as connection:
            return _kind(subject).now(connection, subject)

    def _raise_offset(self, subject: str, by: timedelta) -> None:
        with self._database.begin() as connection:
            _kind(subject).advance(connection, subject, by)


class _Kind(NamedTuple):
    """How the clocks of one kind of subject are found."""

    process: Callable[[str], str]
    now: Callable[[Connection, str], datetime]
    advance: Callable[[Connection, str, timedelta], None]


def _enrolment_now(connection: Connection, siret: str) -> datetime:
    return enrolments.now(connection, enrolments.get_last(connection, siret).id)


_KINDS: Final = {
    len("034AQHV02"): _Kind(authorization_id, case_now, requests.advance),
    len("35600000000048"): _Kind(enrolment_id, _enrolment_now, enrolments.advance),
}
_DRAFT: Final = _Kind(draft_id, draft_now, drafts.advance)


def _kind(subject: str) -> _Kind:
    return _KINDS.get(len(subject), _DRAFT)

"""The only module that calls the engine: start a process, send it an update, resume it, query its next wake-up.

The register has already decided before any of these calls. If a call is lost, the relay delivers the message; a
message that is delivered twice has the same id both times.
"""

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Final, TypeVar

from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowFailureError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    WorkflowUpdateStage,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from models.engine.names import CASES, authorization_id
from models.engine.process_kind import Launch, ProcessKind
from models.engine.processes import PROCESSES
from models.messages.case import Ref
from models.store.journal.outbox import Start

T = TypeVar("T")

EXPECTED_RUNS: Final = "WorkflowType IN ({})".format(
    ", ".join(f"'{kind.workflow}'" for kind in PROCESSES if kind.expected)
)
LISTING_TIMEOUT: Final = timedelta(minutes=10)
"""How long the engine may take to list every expected run."""
START_POLICIES: Final[dict[Start, tuple[WorkflowIDReusePolicy, WorkflowIDConflictPolicy]]] = {
    "start": (WorkflowIDReusePolicy.REJECT_DUPLICATE, WorkflowIDConflictPolicy.USE_EXISTING),
    # Where the register says that a case is open, no ended run in the engine may block it:
    # one of the two was restored from a back-up, or somebody terminated the run by hand.
    "revive": (WorkflowIDReusePolicy.ALLOW_DUPLICATE, WorkflowIDConflictPolicy.USE_EXISTING),
    # And a run that relies on what the register has lost must not go on.
    "restart": (WorkflowIDReusePolicy.ALLOW_DUPLICATE, WorkflowIDConflictPolicy.TERMINATE_EXISTING),
}
UPDATE_TIMEOUT: Final = timedelta(seconds=5)
"""How long a caller waits for a process to act; after that the answer is 202."""


class EngineUnavailable(ConnectionError):
    """The engine or its workers did not answer in time, or failed; the call may be repeated."""


class ProcessNotFound(Exception):
    """No process with this id is running: it never started, or has ended."""


class EngineClient:
    """Client of the engine; processes are addressed by their workflow ids."""

    def __init__(self, client: Client, timeout: timedelta = UPDATE_TIMEOUT) -> None:
        self._client = client
        self._timeout = timeout

    async def start(self, kind: ProcessKind, launch: Launch, how: Start = "start") -> None:
        """Start a process, or signal the running one; raises `ProcessNotFound` if its only run has ended."""
        reuse, conflict = START_POLICIES["revive" if how == "start" and kind.repeats else how]
        # A restart begins from this input: no earlier run is left to receive the signal.
        signal = None if how == "restart" else kind.signal
        await self._within(
            self._client.start_workflow(
                kind.workflow,
                launch.message,
                id=kind.id(launch.subject),
                task_queue=CASES,
                id_reuse_policy=reuse,
                id_conflict_policy=conflict,
                start_signal=signal,
                start_signal_args=(launch.message,) if signal and kind.signal_bears_input else (),
                search_attributes=launch.attributes,
                static_summary=launch.summary,
                static_details=launch.details,
                rpc_timeout=self._timeout,
            )
        )

    async def run(self, kind: ProcessKind, launch: Launch, timeout: timedelta) -> None:
        """Run a process and wait for its end; raises `EngineUnavailable` after the timeout."""
        handle = await self._within(
            self._client.start_workflow(
                kind.workflow,
                launch.message,
                id=kind.id(launch.subject),
                task_queue=CASES,
                execution_timeout=timeout,
                static_summary=launch.summary,
                rpc_timeout=self._timeout,
            )
        )
        await self._within(handle.result(rpc_timeout=timeout), timeout)

    async def check_register(self, update: str, ref: Ref) -> bool:
        """Have a case check the register, and wait; False if it did not finish in time, or could not."""
        handle = self._client.get_workflow_handle(authorization_id(ref.reference))
        update_call = handle.execute_update(update, ref, id=f"{update}:{ref.id}", rpc_timeout=self._timeout)
        try:
            await self._within(update_call)
        except (EngineUnavailable, ProcessNotFound, WorkflowUpdateFailedError):
            return False
        return True

    async def send_update(self, workflow_id: str, kind: str, ref: Ref, update_id: str) -> None:
        """Send an update, and wait until the process accepts it; raises `EngineUnavailable` or `ProcessNotFound`."""
        handle = self._client.get_workflow_handle(workflow_id)
        await self._within(
            handle.start_update(
                kind,
                ref,
                id=update_id,
                wait_for_stage=WorkflowUpdateStage.ACCEPTED,
                rpc_timeout=self._timeout,
            )
        )

    async def resume(self, workflow_id: str) -> None:
        """Have a parked process try again; raises `EngineUnavailable` or `ProcessNotFound`."""
        handle = self._client.get_workflow_handle(workflow_id)
        await self._within(handle.signal("resume", rpc_timeout=self._timeout))

    async def wakes_at(self, workflow_id: str) -> datetime | None:
        """Return the instant that a process waits for next; raises `EngineUnavailable` or `ProcessNotFound`."""
        handle = self._client.get_workflow_handle(workflow_id)
        instant = await self._within(handle.query("wakes_at", rpc_timeout=self._timeout))
        return datetime.fromisoformat(instant) if instant else None

    async def list_expected_runs(self) -> list[WorkflowExecution]:
        """List every run of the kinds that the register expects; raises `EngineUnavailable`."""

        async def runs() -> list[WorkflowExecution]:
            return [run async for run in self._client.list_workflows(EXPECTED_RUNS)]

        return await self._within(runs(), LISTING_TIMEOUT)

    async def end(self, workflow_id: str, reason: str) -> None:
        """Terminate a process; raises `EngineUnavailable` or `ProcessNotFound`."""
        handle = self._client.get_workflow_handle(workflow_id)
        await self._within(handle.terminate(reason=reason, rpc_timeout=self._timeout))

    async def answers(self) -> bool:
        """Whether the engine answers."""
        try:
            return await self._within(self._client.service_client.check_health(timeout=self._timeout))
        except EngineUnavailable:
            return False

    async def _within(self, call: Coroutine[object, object, T], timeout: timedelta | None = None) -> T:
        """Await a call within a timeout: the client alone would retry beyond its own. Maps errors to ours."""
        try:
            async with asyncio.timeout((timeout or self._timeout).total_seconds() + 0.5):
                return await call
        except WorkflowAlreadyStartedError as ended:
            raise ProcessNotFound from ended
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise ProcessNotFound from error
            raise EngineUnavailable(str(error.status)) from error
        except (
            TimeoutError,
            RuntimeError,
            WorkflowFailureError,
            WorkflowUpdateRPCTimeoutOrCancelledError,
        ) as error:
            raise EngineUnavailable(type(error).__name__) from error

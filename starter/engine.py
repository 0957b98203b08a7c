"""The only place that speaks to the engine: start a process, let it look, resume it, ask when it wakes.

The register has decided before any of this is said; a message that is lost here is delivered by the relay, and one
that comes twice carries the same id.
"""

import asyncio
from collections.abc import Coroutine, Sequence
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
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from law.calendar import local
from law.directory import department
from law.texts import instant_in_french
from models.engine.names import (
    CASES,
    DEADLINE,
    DEPARTMENT,
    RULE,
    STATUS,
    authorization_id,
    deposit_id,
    draft_id,
    enrolment_id,
    preview_id,
    verification_id,
)
from models.identifiers import Message
from models.messages.acts import Process
from models.messages.case import Case, Ref
from models.messages.deposit import Channel
from models.messages.draft import Draft
from models.messages.enrolment import Enrolment
from models.messages.verification import Upload
from models.store.journal.outbox import Start

T = TypeVar("T")

RUNS_OF_CASES: Final = "WorkflowType IN ('Authorization', 'Draft', 'Enrolment')"
LISTING_TIMEOUT: Final = timedelta(minutes=10)
"""Given to the engine to list every case."""
START_POLICIES: Final[dict[Start, tuple[WorkflowIDReusePolicy, WorkflowIDConflictPolicy]]] = {
    "start": (WorkflowIDReusePolicy.REJECT_DUPLICATE, WorkflowIDConflictPolicy.USE_EXISTING),
    # Where the register says that a case is open, no run that the engine takes for ended may keep it from living:
    # one of the two was restored from a back-up, or somebody ended it by hand.
    "revive": (WorkflowIDReusePolicy.ALLOW_DUPLICATE, WorkflowIDConflictPolicy.USE_EXISTING),
    # And a run that goes by what the register has lost must not go on.
    "restart": (WorkflowIDReusePolicy.ALLOW_DUPLICATE, WorkflowIDConflictPolicy.TERMINATE_EXISTING),
}
UPDATE_TIMEOUT: Final = timedelta(seconds=5)
"""How long a person waits for a process to look; the answer is 202 afterwards."""


class EngineUnavailable(ConnectionError):
    """The engine, or every worker, did not answer in time, or gave up; what was asked may be asked again."""


class ProcessNotFound(Exception):
    """No process of this id is open: it was never started, or has ended."""


class EngineClient:
    """Processes of the engine, addressed by what the register calls them."""

    def __init__(self, client: Client, patience: timedelta = UPDATE_TIMEOUT) -> None:
        self._client = client
        self._patience = patience

    async def start(self, case: Case, how: Start = "start") -> None:
        """Start the process of a request; raises `ProcessNotFound` when it has already ended."""
        until = instant_in_french(local(case.receipt.tacit_acceptance_at, case.department))
        await self._start(
            "Authorization",
            case,
            authorization_id(case.reference),
            how,
            TypedSearchAttributes(
                [
                    SearchAttributePair(STATUS, "under_review"),
                    SearchAttributePair(DEADLINE, case.receipt.tacit_acceptance_at),
                    SearchAttributePair(DEPARTMENT, case.department),
                    SearchAttributePair(RULE, case.receipt.rule.value),
                ]
            ),
            summary=f"{case.reference} · {_place(case.department)}",
            details=f"Demande **{case.reference}**, règle : {case.receipt.rule.label}.\n\n"
            f"Sans décision notifiée, acceptation implicite le **{until}**.",
        )

    async def start_draft(self, draft: Draft, how: Start = "start") -> None:
        """Start the process of a draft; raises `ProcessNotFound` when it has already ended."""
        until = instant_in_french(local(draft.accepted_until, draft.department))
        await self._start(
            "Draft",
            draft,
            draft_id(draft.id),
            how,
            TypedSearchAttributes(
                [
                    SearchAttributePair(STATUS, "draft"),
                    SearchAttributePair(DEADLINE, draft.accepted_until),
                    SearchAttributePair(DEPARTMENT, draft.department),
                ]
            ),
            summary=f"Brouillon · {_place(draft.department)}",
            details=f"Brouillon à déposer avant le **{until}**.",
        )

    async def enrol(self, enrolment: Enrolment, how: Start = "start") -> None:
        """Start the process of an enrolment, or have the one that is ending go on with it."""
        until = instant_in_french(local(enrolment.due_at, enrolment.department))
        await self._start(
            "Enrolment",
            enrolment,
            enrolment_id(enrolment.siret),
            # Several over the years: that one has ended keeps none from beginning.
            "restart" if how == "restart" else "revive",
            TypedSearchAttributes(
                [
                    SearchAttributePair(STATUS, "enrolling"),
                    SearchAttributePair(DEADLINE, enrolment.due_at),
                    SearchAttributePair(DEPARTMENT, enrolment.department),
                ]
            ),
            summary=f"Adhésion · {_place(enrolment.department)}",
            details=f"Identifiants à envoyer au plus tard le **{until}**.",
            signal=None if how == "restart" else "enrolled",
            said=() if how == "restart" else (enrolment,),
        )

    async def check_register(self, kind: str, ref: Ref) -> bool:
        """Let a case look at what the register holds; False while it is still at it, or nobody answers."""
        handle = self._client.get_workflow_handle(authorization_id(ref.reference))
        update = handle.execute_update(kind, ref, id=f"{kind}:{ref.id}", rpc_timeout=self._patience)
        try:
            await self._patiently(update)
        except (EngineUnavailable, ProcessNotFound, WorkflowUpdateFailedError):
            return False
        return True

    async def send_update(self, workflow_id: str, kind: str, ref: Ref, update_id: str) -> None:
        """Have a process accept that it must look; raises `EngineUnavailable` or `ProcessNotFound`."""
        handle = self._client.get_workflow_handle(workflow_id)
        await self._patiently(
            handle.start_update(
                kind,
                ref,
                id=update_id,
                wait_for_stage=WorkflowUpdateStage.ACCEPTED,
                rpc_timeout=self._patience,
            )
        )

    async def resume(self, workflow_id: str) -> None:
        """Let a parked process try again; raises `EngineUnavailable` or `ProcessNotFound`."""
        handle = self._client.get_workflow_handle(workflow_id)
        await self._patiently(handle.signal("resume", rpc_timeout=self._patience))

    async def deposit(self, channel: Channel) -> None:
        """Tell the deposit process of a channel that a row waits, starting it if none runs."""
        summary = f"Transmission à l’ASP · {channel.name}"
        await self._start(
            "Deposit", channel, deposit_id(channel.name), "revive", summary=summary, signal="deposit"
        )

    async def announce(self, workflow_id: str) -> None:
        """Have the notices sent that no other process sends."""
        message, summary = Process(id=workflow_id), "Avis par courriel"
        await self._start("Announcement", message, workflow_id, "revive", summary=summary, signal="announce")

    async def verify(self, upload: Upload, patience: timedelta) -> None:
        """Have an uploaded document verified, and wait for it; raises `EngineUnavailable`."""
        summary = "Vérification d’un document"
        await self._errand("Verification", upload, verification_id(upload.id), summary, patience)

    async def preview(self, ref: Ref, patience: timedelta) -> None:
        """Have a decision drawn that is not taken, and wait for it; raises `EngineUnavailable`."""
        await self._errand(
            "Preview", ref, preview_id(ref.id), f"Projet de décision · {ref.reference}", patience
        )

    async def wakes_at(self, workflow_id: str) -> datetime | None:
        """Ask a process for the next instant that it waits for; raises `EngineUnavailable` or `ProcessNotFound`."""
        handle = self._client.get_workflow_handle(workflow_id)
        written = await self._patiently(handle.query("wakes_at", rpc_timeout=self._patience))
        return datetime.fromisoformat(written) if written else None

    async def lives(self) -> list[WorkflowExecution]:
        """List every run of a case, a draft or an enrolment that the engine remembers; raises `EngineUnavailable`."""

        async def listed() -> list[WorkflowExecution]:
            return [run async for run in self._client.list_workflows(RUNS_OF_CASES)]

        return await self._patiently(listed(), LISTING_TIMEOUT)

    async def end(self, workflow_id: str, reason: str) -> None:
        """End a process at once; raises `EngineUnavailable` or `ProcessNotFound`."""
        handle = self._client.get_workflow_handle(workflow_id)
        await self._patiently(handle.terminate(reason=reason, rpc_timeout=self._patience))

    async def answers(self) -> bool:
        """Whether the engine answers."""
        try:
            return await self._patiently(self._client.service_client.check_health(timeout=self._patience))
        except EngineUnavailable:
            return False

    async def _start(
        self,
        name: str,
        message: Message,
        workflow_id: str,
        how: Start,
        attributes: TypedSearchAttributes | None = None,
        *,
        summary: str,
        details: str | None = None,
        signal: str | None = None,
        said: Sequence[Message] = (),
    ) -> None:
        """Start a process; one that runs already hears the signal, if there is one."""
        reuse, conflict = START_POLICIES[how]
        await self._patiently(
            self._client.start_workflow(
                name,
                message,
                id=workflow_id,
                task_queue=CASES,
                id_reuse_policy=reuse,
                id_conflict_policy=conflict,
                start_signal=signal,
                start_signal_args=said,
                search_attributes=attributes,
                static_summary=summary,
                static_details=details,
                rpc_timeout=self._patience,
            )
        )

    async def _errand(
        self, name: str, message: Message, workflow_id: str, summary: str, patience: timedelta
    ) -> None:
        handle = await self._patiently(
            self._client.start_workflow(
                name,
                message,
                id=workflow_id,
                task_queue=CASES,
                execution_timeout=patience,
                static_summary=summary,
                rpc_timeout=self._patience,
            )
        )
        await self._patiently(handle.result(rpc_timeout=patience), patience)

    async def _patiently(self, call: Coroutine[object, object, T], patience: timedelta | None = None) -> T:
        """The client retries beyond its own timeouts when nobody listens, and a lazy one fails at once."""
        try:
            async with asyncio.timeout((patience or self._patience).total_seconds() + 0.5):
                return await call
        except WorkflowAlreadyStartedError as ended:
            raise ProcessNotFound from ended
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise ProcessNotFound from error
            raise EngineUnavailable(str(error.status)) from error
        except (
            *(TimeoutError, RuntimeError),
            *(WorkflowFailureError, WorkflowUpdateRPCTimeoutOrCancelledError),
        ) as error:
            raise EngineUnavailable(type(error).__name__) from error


def _place(code: str) -> str:
    place = department(code)
    return f"département {place.genitive} ({place.code})"

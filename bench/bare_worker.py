"""`python -m bench.bare_worker ENGINE FILE`: a worker for the bare workflows, whose acts do nothing.

No encryption, no sandbox, no interceptor: the least that a worker can cost. Each notice that it « sends » appends a
byte to FILE, so that the bench can count them without querying the engine.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from temporalio import activity
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from bench.bare import BareMidnightWorkflow, BareWorkflow, WaitingWorkflow
from local.programs import Background
from local.world import World
from models.labels import Outcome
from models.messages.acts import Process
from models.messages.case import AlreadySettled, DocumentRef, Ref, Reminder, SilenceOutcome

QUEUE = "bare"
CACHED_WORKFLOWS = 5_000
"""Same workflow cache size as the product's worker."""


class BareWorker(Background):
    """The program, in a local world."""

    def __init__(self, world: World) -> None:
        self.file = world.folder / "bare" / "sent"
        self._engine = world.engine.address
        super().__init__("Exécutant nu", "bench.bare_worker", world.folder / "bare", settings=dict)

    def command(self) -> list[str]:
        """The module, the engine's address, the file."""
        return [*super().command(), self._engine, str(self.file)]

    def prepare(self) -> None:
        """Create the file that counts notices."""
        self.file.touch()

    @property
    def sent(self) -> int:
        """Notices « sent » since the world started."""
        return self.file.stat().st_size


@activity.defn(name="issue_receipt")
def issue_receipt(ref: Ref) -> DocumentRef:
    """Do nothing."""
    return DocumentRef(id=ref.reference, kind="receipt", sha256="0" * 64)


@activity.defn(name="issue_attestation")
def issue_attestation(ref: Ref) -> DocumentRef:
    """Do nothing."""
    return DocumentRef(id=ref.reference, kind="attestation", sha256="0" * 64)


@activity.defn(name="control")
def control(ref: Ref) -> tuple[str, ...]:
    """Do nothing."""
    return ()


@activity.defn(name="remind")
def remind(reminder: Reminder) -> bool:
    """Do nothing."""
    return True


@activity.defn(name="establish_silence")
def establish_silence(ref: Ref) -> SilenceOutcome:
    """Do nothing."""
    return AlreadySettled(outcome=Outcome.TACIT, effect_at=datetime.now(UTC))


@activity.defn(name="hand_over")
def hand_over(ref: Ref) -> None:
    """Do nothing."""


class NoticeCounter:
    """Counts notices in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()

    @activity.defn(name="send_notices")
    def send_notices(self, process: Process) -> int:
        """Append one byte."""
        with self._lock, self._file.open("ab") as counted:
            counted.write(b".")
        return 1


async def serve(engine: str, file: Path) -> None:
    """Work until the process is terminated."""
    client = await Client.connect(engine, data_converter=pydantic_data_converter)
    acts: list[Callable[..., object]] = [
        issue_receipt,
        issue_attestation,
        control,
        remind,
        establish_silence,
        hand_over,
    ]
    async with Worker(
        client,
        task_queue=QUEUE,
        workflows=[BareWorkflow, BareMidnightWorkflow, WaitingWorkflow],
        activities=[*acts, NoticeCounter(file).send_notices],
        activity_executor=ThreadPoolExecutor(8),
        max_concurrent_activities=8,
        max_cached_workflows=CACHED_WORKFLOWS,
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        print("bare_worker_ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
    finally:
        os._exit(0)

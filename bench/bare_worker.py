"""`python -m bench.bare_worker ENGINE FILE`: a worker of the bare shapes, whose acts do nothing.

No encryption, no sandbox, no interceptor of ours: the least that a worker can cost. Each notice that it « sends » adds
a byte to FILE, so that who measures can count them without asking the engine.
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
CACHED = 5_000
"""As many warm processes as the product's worker keeps."""


class BareWorker(Background):
    """The program, in a world."""

    def __init__(self, of: World) -> None:
        self.file = of.folder / "bare" / "sent"
        self._engine = of.engine.address
        super().__init__("Exécutant nu", "bench.bare_worker", of.folder / "bare", settings=dict)

    def command(self) -> list[str]:
        """The module, the engine, the file."""
        return [*super().command(), self._engine, str(self.file)]

    def prepare(self) -> None:
        """Begin to count."""
        self.file.touch()

    @property
    def sent(self) -> int:
        """Notices « sent » since the world began."""
        return self.file.stat().st_size


@activity.defn(name="issue_receipt")
def issue_receipt(ref: Ref) -> DocumentRef:
    """Nothing."""
    return DocumentRef(id=ref.reference, kind="receipt", sha256="0" * 64)


@activity.defn(name="issue_attestation")
def issue_attestation(ref: Ref) -> DocumentRef:
    """Nothing."""
    return DocumentRef(id=ref.reference, kind="attestation", sha256="0" * 64)


@activity.defn(name="control")
def control(ref: Ref) -> tuple[str, ...]:
    """Nothing."""
    return ()


@activity.defn(name="remind")
def remind(reminder: Reminder) -> bool:
    """Nothing."""
    return True


@activity.defn(name="establish_silence")
def establish_silence(ref: Ref) -> SilenceOutcome:
    """Nothing."""
    return AlreadySettled(outcome=Outcome.TACIT, effect_at=datetime.now(UTC))


@activity.defn(name="hand_over")
def hand_over(ref: Ref) -> None:
    """Nothing."""


class Counted:
    """Notices counted in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()

    @activity.defn(name="send_notices")
    def send_notices(self, process: Process) -> int:
        """One byte more."""
        with self._lock, self._file.open("ab") as counted:
            counted.write(b".")
        return 1


async def serve(engine: str, file: Path) -> None:
    """Work until the process is ended."""
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
        activities=[*acts, Counted(file).send_notices],
        activity_executor=ThreadPoolExecutor(8),
        max_concurrent_activities=8,
        max_cached_workflows=CACHED,
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        print("bare_worker_ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
    finally:
        os._exit(0)

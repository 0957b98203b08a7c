"""What the relay holds of the outbox in memory: only so much of each process, and of what waits for its turn."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from models.engine.processes import find_kind
from models.store.journal.outbox import OutboxMessage

MAX_MESSAGES: Final = 5_000
"""Messages held in memory."""
MAX_OF_PROCESS: Final = 20
"""Of these, for one process: what somebody causes without end, or an engine refuses for good, hides no other process.
Signals do not count: those that wait are delivered as one."""
MAX_NEW_CASES: Final = 1_000
"""Of these, starts of cases: they wait there for their turn (`pacing`), and hide neither a decision of an older case
nor the start of anything else."""


class Held:
    """What is held in memory, and what of the rest has a place there."""

    def __init__(self, queued: Iterable[OutboxMessage]) -> None:
        self.taken: list[OutboxMessage] = []
        self._many = self._new_cases = 0
        self._of_process = Counter[str]()
        for each in queued:
            self._count(each)

    @property
    def takes_more(self) -> bool:
        """Whether there is a place for any message."""
        return self._many < MAX_MESSAGES

    @property
    def takes_new_cases(self) -> bool:
        """Whether there is a place for the start of a case."""
        return self._new_cases < MAX_NEW_CASES

    @property
    def full(self) -> list[str]:
        """Processes of which no more is held."""
        return [process for process, many in self._of_process.items() if many >= MAX_OF_PROCESS]

    def take(self, message: OutboxMessage) -> None:
        """Hold a message, unless enough of its process, or of its kind, is held."""
        enough = self._of_process[message.workflow_id] >= MAX_OF_PROCESS and not is_signal(message)
        if not enough and (self.takes_new_cases or not message.starts_a_case):
            self.taken.append(message)
            self._count(message)

    def _count(self, message: OutboxMessage) -> None:
        self._many += 1
        self._new_cases += message.starts_a_case
        self._of_process[message.workflow_id] += not is_signal(message)


def is_signal(message: OutboxMessage) -> bool:
    """Whether the message is the signal of its process, which is idempotent."""
    kind = find_kind(message.workflow_id)
    return kind is not None and message.kind == kind.signal

"""Messages about one version of a claim: reference, ids, states and instants, never a person or an amount."""

from datetime import date
from typing import Final

from models.claim_labels import ClaimSignal, ClaimState
from models.identifiers import Instant, Message
from models.labels import HoldReason

ENDED: Final = (
    ClaimState.ACCEPTED,
    ClaimState.ORDERED,
    ClaimState.PAID,
    ClaimState.REOPENED,
    ClaimState.REPLACED,
    ClaimState.REFUSED,
    ClaimState.REJECTED,
    ClaimState.VOID,
)
"""States in which a process has nothing more to do: payments have processes of their own."""
UNANSWERED: Final = (
    ClaimState.ADMITTED,
    ClaimState.HELD,
    ClaimState.UNDER_REVIEW,
    ClaimState.AGREED,
    ClaimState.SIGNED,
    ClaimState.HANDED,
)
"""States in which a claim waits for the administration, its employer or the agency, while its days of payment run."""


class MonthlyClaim(Message):
    """Input of the process of one version of a claim (demande d’indemnisation, R. 5122-5)."""

    reference: str
    id: str
    department: str
    month: date
    """Its first day."""
    part: int
    version: int
    received_at: Instant
    due_on: date
    """Last day on which it is paid in time (R. 5122-14)."""

    @property
    def subject(self) -> str:
        """What its process is named by: `034AQHV02:2021-04:1:2` (part, version)."""
        return f"{self.reference}:{self.month:%Y-%m}:{self.part}:{self.version}"


class ClaimStanding(Message):
    """Where the register says that a claim stands."""

    state: ClaimState
    signals: tuple[ClaimSignal, ...] = ()
    refused: bool = False
    """Whether an agent refused it, and the refusal is still to be signed."""
    told: bool = False
    """Whether notices of it wait to be sent."""
    to_envelop: bool = False
    """Whether it is agreed to, and the file of its people, whose digest its document states, is still to be made."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more follows from this process."""
        return self.state in ENDED

    @property
    def holds(self) -> tuple[ClaimSignal, ...]:
        """What the claim waits for."""
        return tuple(each for each in self.signals if each.holds)


class HandOverHeld(Message):
    """A signed claim that is not handed to the agency yet, and what holds its case."""

    reasons: tuple[HoldReason, ...]


class ClaimEnd(Message):
    """Result of the process of a claim."""

    subject: str
    state: ClaimState

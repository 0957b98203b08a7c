"""What an agent states: a decision, a request for pieces, a checklist, in the shape of the contract."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from models.bodies.filing import Commitments, Filing, People
from models.identifiers import Day, Hours, Message, Moment, Period

ActId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
"""Chosen by the caller; the same id with the same body is the same act."""
Grounds = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"\S")], ...],
    BeforeValidator(lambda stated: (stated,) if isinstance(stated, str) else stated),
    Field(max_length=20),
]
"""Reasons of law and of fact, a sentence each; a single text is one reason."""


class GrantBody(Message):
    """Autorisation ; less than was asked needs its grounds."""

    id: ActId
    outcome: Literal["grant"]
    period: Period | None = None
    employees: People | None = None
    hours: Hours | None = None
    grounds: Grounds = ()
    commitments: Commitments | None = None


class RefusalBody(Message):
    """Refus motivé (R. 5122-4) : reasons of law and fact, one sentence each at least."""

    id: ActId
    outcome: Literal["refusal"]
    grounds: Grounds = ()


DecisionBody = Annotated[GrantBody | RefusalBody, Field(discriminator="outcome")]


class PieceAsked(Message):
    """A piece that a text requires and that is indispensable (CRPA L. 114-5, L. 114-5-1)."""

    code: Annotated[str, Field(min_length=1, max_length=80)]
    label: Annotated[str, Field(min_length=1, max_length=300)]
    text_reference: Annotated[str, Field(min_length=1, max_length=200)]


class CompletionRequestBody(Message):
    """Demande de pièces : what is missing, why, and by which day."""

    id: ActId
    pieces: Annotated[tuple[PieceAsked, ...], Field(min_length=1, max_length=20)]
    reasons: Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"\S")]
    due_on: Day


class ChecklistItem(Message):
    """One point of validity that the agent attests."""

    code: Annotated[str, Field(min_length=1, max_length=80)]
    label: Annotated[str, Field(min_length=1, max_length=300)]
    attested: Annotated[bool, Field(strict=True)]


class ChecklistBody(Message):
    """Validité de la demande attestée par l’agent (arrêté du 24 juillet 2014)."""

    items: Annotated[tuple[ChecklistItem, ...], Field(min_length=1, max_length=40)]


class AssignmentBody(Message):
    """Agent who takes the case, or null to hand it back."""

    assigned_to: str | None


class PaperFiling(Message):
    """A request received on paper before online filing, with its certain date."""

    received_at: Moment
    request: Filing


class ResumeBody(Message):
    """Why an operator resumes a parked case."""

    reason: Annotated[str, Field(min_length=3, max_length=500, pattern=r"\S")]

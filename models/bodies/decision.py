"""Bodies of agents' requests: a decision, a checklist, an assignment."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from law.decision import Terms, reasons_objections
from models.bodies.filing import Commitments, People
from models.identifiers import Hours, Message, Period

ActId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
"""Chosen by the caller; the same id with the same body is the same act."""
Reasons = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"\S")], ...],
    BeforeValidator(lambda stated: (stated,) if isinstance(stated, str) else stated),
    Field(max_length=20),
]
"""Reasons of law and of fact, a sentence each; a single text is one reason."""


def _require_reasons(reasons: Reasons) -> Reasons:
    """Reject a refusal without reasons in the words of the law (CRPA L. 211-5)."""
    for objection in reasons_objections("\n".join(reasons)):
        context = {"code": objection.code, "message": objection.message}
        raise PydanticCustomError("objection", "{message}", context)
    return reasons


class GrantBody(Message):
    """Autorisation ; granting less than the request asks for requires reasons."""

    model_config = ConfigDict(serialize_by_alias=True)

    id: ActId
    outcome: Literal["grant"]
    period: Period | None = None
    employees: People | None = None
    hours: Hours | None = None
    reasons: Reasons = Field((), alias="grounds")
    commitments: Commitments | None = None

    def terms(self, requested: Terms) -> Terms:
        """Return what is granted: what the request asks for, unless the decision states otherwise."""
        return Terms(
            start_on=self.period.start_on if self.period else requested.start_on,
            end_on=self.period.end_on if self.period else requested.end_on,
            employees=self.employees or requested.employees,
            hours=self.hours or requested.hours,
        )


class RefusalBody(Message):
    """Refus motivé (R. 5122-4); a refusal without reasons cannot be built."""

    model_config = ConfigDict(serialize_by_alias=True)

    id: ActId
    outcome: Literal["refusal"]
    reasons: Annotated[Reasons, AfterValidator(_require_reasons)] = Field((), alias="grounds")

    @model_validator(mode="before")
    @classmethod
    def _validate_absent_reasons(cls, body: object) -> object:
        """Validate absent reasons too; pydantic would report a default under the attribute's name."""
        return {"grounds": (), **body} if isinstance(body, dict) else body


DecisionBody = Annotated[GrantBody | RefusalBody, Field(discriminator="outcome")]


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

"""Bodies of agents' requests: a decision, a checklist, an assignment."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from law.decision import Terms
from law.reasons import ClaimBasis, LegalBasis, reasons_objections
from models.bodies.filing import Commitments, People
from models.bodies.operator import Why
from models.identifiers import Holder, Hours, Message, Period
from models.texts import TextForm

ActId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
"""Chosen by the caller; the same id with the same body is the same act."""
Reasons = Annotated[
    tuple[Annotated[str, TextForm("prose", max_length=4_000)], ...],
    BeforeValidator(lambda stated: (stated,) if isinstance(stated, str) else stated),
    Field(max_length=20),
]
"""Reasons of law and of fact, a sentence each; a single text is one reason."""


def require_reasons(reasons: Reasons, bases: Sequence[LegalBasis | ClaimBasis] = tuple(LegalBasis)) -> Reasons:
    """Reject a refusal without any reason; the register judges whether they suffice under the law of the case."""
    if not reasons:
        missing = [{"code": each.code, "message": each.message} for each in reasons_objections(reasons, bases)]
        raise PydanticCustomError("objections", "A refusal states its reasons.", {"each": missing})
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
    reasons: Annotated[Reasons, AfterValidator(require_reasons)] = Field((), alias="grounds")

    @model_validator(mode="before")
    @classmethod
    def _validate_absent_reasons(cls, body: object) -> object:
        """Validate absent reasons too; pydantic would report a default under the attribute's name."""
        return {"grounds": (), **body} if isinstance(body, dict) else body


DecisionBody = Annotated[GrantBody | RefusalBody, Field(discriminator="outcome")]


class CancellationBody(Message):
    """Reprise d’une décision ; its author may leave the reason out, a head may not."""

    reason: Why | None = None


class HandOverBody(Message):
    """Why an authorization that waits for an agent is handed to the paying agency after all."""

    reason: Why
    holder: Holder | None = None
    """Name of the account's holder as the employer's bank writes it, when the one stored cannot be read."""


class OpinionWaiverBody(Message):
    """Why claims no longer wait for a works-council opinion that did not come by its last day."""

    reason: Why


class ChecklistItem(Message):
    """One point of validity that the agent attests."""

    code: Annotated[str, TextForm("line", max_length=80)]
    label: Annotated[str, TextForm("line", max_length=300)]
    attested: Annotated[bool, Field(strict=True)]


class ChecklistBody(Message):
    """Validité de la demande attestée par l’agent (arrêté du 24 juillet 2014)."""

    items: Annotated[tuple[ChecklistItem, ...], Field(min_length=1, max_length=40)]


class AssignmentBody(Message):
    """Agent who takes the case, or null to hand it back."""

    assigned_to: str | None

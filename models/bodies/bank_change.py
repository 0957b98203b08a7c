"""Body of an agent's decision on a change of bank account."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from models.bodies.decision import ActId, Reasons
from models.identifiers import Message


class BankDecisionBody(Message):
    """Décision sur un changement de compte bancaire ; un refus est motivé (CRPA, art. L. 211-5)."""

    model_config = ConfigDict(serialize_by_alias=True)

    id: ActId
    outcome: Literal["grant", "refusal"]
    reasons: Annotated[Reasons, Field(alias="grounds")] = ()

    @model_validator(mode="after")
    def _refuses_with_reasons(self) -> "BankDecisionBody":
        if self.outcome == "refusal" and not self.reasons:
            missing = {"code": "reasons-missing", "message": "Dites pourquoi vous refusez ce compte."}
            raise PydanticCustomError("objections", "A refusal states its reasons.", {"each": [missing]})
        return self

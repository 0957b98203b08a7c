"""Bodies of requests by heads of unit: agents' accounts, delegations of signature, leaves."""

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from models.identifiers import Day, Department, Message

UnitRole = Literal["reader", "instructor", "signatory"]
Departments = Annotated[tuple[Department, ...], Field(min_length=1, max_length=110)]
Line = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
Mailbox = Annotated[str, Field(max_length=200, pattern=r"^[^@\s]+@[^@\s]+$")]
OUTCOMES: Final = ("grant", "refusal")


class AgentBody(Message):
    """A new agent; `subject` identifies the person at the identity provider."""

    role: UnitRole
    name: Line
    email: Mailbox
    departments: Departments
    subject: Annotated[str, Field(min_length=1, max_length=255)] | None = None


class AgentChange(Message):
    """A change to an agent; members that are left out do not change."""

    role: UnitRole | None = None
    departments: Departments | None = None
    closed: bool | None = None


class DelegationBody(Message):
    """Délégation de signature: what may be signed, where, from which day to which, under which act."""

    outcomes: Annotated[tuple[Literal["grant", "refusal"], ...], Field(min_length=1, max_length=2)] = OUTCOMES
    departments: Departments
    from_on: Day
    until_on: Day | None = None
    certificate: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    """Id of the person in `signatories.json` whose certificate signs."""
    act: Line
    """The act of delegation, as a decision would cite it."""

    @model_validator(mode="after")
    def _in_order(self) -> "DelegationBody":
        if self.until_on is not None and self.until_on < self.from_on:
            raise ValueError("La délégation prend fin avant de commencer.")
        return self


class LeaveBody(Message):
    """A leave: first and last day, both included, and the colleague who replaces the agent."""

    from_on: Day
    until_on: Day
    replacement_id: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "LeaveBody":
        if self.until_on < self.from_on:
            raise ValueError("L’absence prend fin avant de commencer.")
        return self

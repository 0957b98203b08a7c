"""Bodies of requests by heads of unit: agents' accounts, delegations of signature, leaves."""

from typing import Annotated, Final, Literal, get_args

from pydantic import Field, model_validator

from models.bodies.operator import Why
from models.email_address import EmailAddress
from models.identifiers import Day, Department, Message, Reference
from models.labels import TokenScope
from models.person_names import PersonName
from models.texts import Line

UnitRole = Literal["reader", "instructor", "signatory"]
Departments = Annotated[tuple[Department, ...], Field(min_length=1, max_length=110)]
Subject = Annotated[str, Field(max_length=255, pattern=r"^[!-~]([ -~]*[!-~])?$")]
"""An identifier that a provider of identities gives (OpenID Connect: ASCII, compared as it is)."""
DelegatedOutcome = Literal["grant", "refusal", "claim", "claim_refusal", "quota_exception"]
"""What a delegation allows: to sign an authorization, its refusal, the agreement to a claim, the refusal of one, and to
record a decision that raises a quota of hours."""
OUTCOMES: Final[tuple[DelegatedOutcome, ...]] = get_args(DelegatedOutcome)
DECISIONS: Final[tuple[DelegatedOutcome, ...]] = ("grant", "refusal")


class AgentBody(Message):
    """A new agent; `subject` identifies the person at the identity provider."""

    role: UnitRole
    name: PersonName
    email: EmailAddress
    departments: Departments
    subject: Subject | None = None


class AgentChange(Message):
    """A change to an agent; members that are left out do not change."""

    role: UnitRole | None = None
    email: EmailAddress | None = None
    departments: Departments | None = None
    closed: bool | None = None


class DelegationBody(Message):
    """Délégation de signature: what may be signed, where, from which day to which, under which act."""

    outcomes: Annotated[tuple[DelegatedOutcome, ...], Field(min_length=1, max_length=len(OUTCOMES))] = DECISIONS
    """Claims only if it says so: callers that name no outcome give what they always gave."""
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


class ToolTokenBody(Message):
    """A token for the tools of an agent: its purpose, what it may do, and its last day."""

    label: Line
    scope: Literal[TokenScope.READ, TokenScope.INSTRUCT, TokenScope.DECIDE] = TokenScope.READ
    until_on: Day


class ReassignmentBody(Message):
    """Cases given to a colleague in one act, with the reason: some, or every open case that an agent has in charge."""

    references: Annotated[tuple[Reference, ...], Field(max_length=200)] = ()
    from_agent: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")] | None = None
    to_agent: Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]
    reason: Why

    @model_validator(mode="after")
    def _which(self) -> "ReassignmentBody":
        if bool(self.references) == (self.from_agent is not None):
            raise ValueError("Désignez des dossiers, ou l’agent dont tous les dossiers changent de mains.")
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

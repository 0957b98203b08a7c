"""View of an agent's unit: the agents who share a département, their delegations and absences."""

from datetime import date, datetime

from models.identifiers import Message
from models.store.people import agents, delegations, leaves
from models.store.people.agents import AgentRecord
from models.store.people.delegations import DelegationRecord
from models.store.people.leaves import LeaveRecord
from starter.auth.caller import Caller


class Delegation(Message):
    """A delegation of signature; `certificate` is an id of `signatories.json`."""

    id: str
    outcomes: tuple[str, ...]
    departments: tuple[str, ...]
    from_on: date
    until_on: date | None
    certificate: str
    act: str
    revoked_at: datetime | None


class Leave(Message):
    """An absence, both days included, and the replacement."""

    id: str
    from_on: date
    until_on: date
    replacement_id: str | None


class Agent(Message):
    """An agent of the unit, with delegations of signature and absences."""

    id: str
    role: str
    name: str
    email: str
    departments: tuple[str, ...]
    closed_at: datetime | None
    delegations: tuple[Delegation, ...]
    leaves: tuple[Leave, ...]


class Unit(Message):
    """The agents and heads who share a département with the caller."""

    items: tuple[Agent, ...]


def unit(caller: Caller) -> Unit:
    """Return the agents of a caller's départements."""
    colleagues = agents.list_agents(caller.connection, caller.account.departments)
    ids = [each.id for each in colleagues]
    given = delegations.list_of(caller.connection, ids)
    absences = leaves.list_of(caller.connection, ids)
    return Unit(items=tuple(_agent(each, given, absences) for each in colleagues))


def _agent(agent: AgentRecord, given: list[DelegationRecord], absences: list[LeaveRecord]) -> Agent:
    return Agent(
        **agent.model_dump(),
        delegations=tuple(_delegation(each) for each in given if each.account_id == agent.id),
        leaves=tuple(_leave(each) for each in absences if each.account_id == agent.id),
    )


def _delegation(record: DelegationRecord) -> Delegation:
    return Delegation.model_validate(record.model_dump(exclude={"account_id", "given_at"}))


def _leave(record: LeaveRecord) -> Leave:
    return Leave.model_validate(record.model_dump(exclude={"account_id", "cancelled_at"}))

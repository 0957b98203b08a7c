"""View of an agent's unit: the agents who share a département, their delegations and absences."""

from datetime import date, datetime

from law.calendar import local
from law.directory import PARIS
from models.identifiers import Message
from models.store.cases import workload
from models.store.cases.workload import Workload
from models.store.database import now
from models.store.people import agents, delegations, leaves, tool_access
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
    over: bool
    """Whether it has ended, or its last day is past."""


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
    tools_allowed: bool
    """Whether a head lets this agent make tokens for tools of theirs."""
    open_requests: int
    at_risk: int
    """Open requests that silence ends soon."""
    deadline_at: datetime | None
    """Nearest instant of silence among them, in the legal time of its département."""


class Unit(Message):
    """The agents and heads who share a département with the caller."""

    items: tuple[Agent, ...]


def unit(caller: Caller) -> Unit:
    """Return the agents of a caller's départements."""
    connection, departments = caller.connection, caller.account.departments
    colleagues = agents.list_agents(connection, departments)
    ids = [each.id for each in colleagues]
    given = delegations.list_of(caller.connection, ids)
    absences = leaves.list_of(caller.connection, ids)
    tools = {each.account_id for each in tool_access.list_in_force(connection, ids)}
    load = {each.account_id: each for each in workload.list_of(connection, departments, closed=True)}
    today = local(now(connection), PARIS).date()
    return Unit(
        items=tuple(
            Agent(
                **each.model_dump(),
                delegations=tuple(_delegation(one, today) for one in given if one.account_id == each.id),
                leaves=tuple(_leave(one) for one in absences if one.account_id == each.id),
                tools_allowed=each.id in tools,
                open_requests=load[each.id].open_requests,
                at_risk=load[each.id].at_risk,
                deadline_at=_nearest(load[each.id]),
            )
            for each in colleagues
        )
    )


def _nearest(load: Workload) -> datetime | None:
    return local(load.deadline_at, load.department) if load.deadline_at and load.department else None


def _delegation(record: DelegationRecord, today: date) -> Delegation:
    over = record.revoked_at is not None or (record.until_on is not None and record.until_on < today)
    return Delegation.model_validate(record.model_dump(exclude={"account_id", "given_at"}) | {"over": over})


def _leave(record: LeaveRecord) -> Leave:
    return Leave.model_validate(record.model_dump(exclude={"account_id", "cancelled_at"}))

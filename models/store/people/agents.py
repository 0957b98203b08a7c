"""Accounts of the agents that a head of unit manages: listed, opened, changed, closed."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Text, cast, func, select, update

from models.bodies.unit import AgentBody, AgentChange
from models.errors import Unknown
from models.identifiers import Instant
from models.roles import AGENTS, SIGNING, UNIT
from models.store.journal.events import Actor
from models.store.people import accounts, delegations, identities, sessions, tokens, tool_access
from models.store.people.accounts import Account
from models.store.records import Record
from models.store.schema.cases import account


class AgentRecord(Record):
    """An agent as the head of unit sees it."""

    id: str
    role: str
    name: str
    email: str
    departments: tuple[str, ...]
    closed_at: Instant | None


def list_agents(connection: Connection, departments: Sequence[str]) -> list[AgentRecord]:
    """Return the agents and heads in charge of any of these départements, by name."""
    query = select(account).where(account.c.role.in_(AGENTS), account.c.departments.overlap(list(departments)))
    return AgentRecord.all(connection, query.order_by(account.c.name, account.c.id))


def get(connection: Connection, account_id: str) -> Account:
    """Return an account by its id, which may be malformed; raises `Unknown`."""
    record = Account.first(connection, select(account).where(cast(account.c.id, Text) == account_id.lower()))
    if record is None:
        raise Unknown(account_id)
    return record


def get_managed(connection: Connection, account_id: str, departments: Sequence[str]) -> AgentRecord:
    """Return an agent whose départements are all among these; raises `Unknown`."""
    record = AgentRecord.first(connection, select(account).where(*_managed(account_id, departments)))
    if record is None:
        raise Unknown(account_id)
    return record


def _managed(account_id: str, departments: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    within = account.c.departments.contained_by(list(departments))
    return account.c.id == account_id, account.c.role.in_(UNIT), within


def open_account(connection: Connection, body: AgentBody, issuer: str, by: Actor) -> str:
    """Open an agent's account, linked to the identity provider when its subject is given; return its id."""
    created = accounts.create(connection, body.role, body.name, body.email, departments=body.departments, by=by)
    if body.subject:
        identities.link(connection, issuer, body.subject, created)
    return created


def change(connection: Connection, account_id: str, body: AgentChange, by: Actor) -> None:
    """Change an agent; closing an account ends its sessions, delegations and tokens, and keeps its name."""
    changed: dict[str, object] = {
        name: value for name, value in body.model_dump(exclude={"closed"}).items() if value is not None
    }
    if "departments" in changed:
        changed["departments"] = list(body.departments or ())
    if body.closed is not None:
        changed["closed_at"] = func.clock_timestamp() if body.closed else None
    if changed:
        connection.execute(update(account).where(account.c.id == account_id).values(changed))
    if body.role and body.role not in SIGNING:  # whoever signs again later is given a new delegation
        delegations.revoke_all(connection, account_id, by)
    if body.closed:  # nothing of it comes back if the account is opened again
        sessions.end_all(connection, account_id)
        delegations.revoke_all(connection, account_id, by)
        tool_access.revoke(connection, account_id, by)
        tokens.revoke_all(connection, account_id, by)

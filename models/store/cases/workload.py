"""What each agent of some départements has in charge: open requests, and the nearest deadline among them."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, and_, func, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by

from law.reminders import AT_RISK
from models.identifiers import Instant
from models.roles import AGENTS, INSTRUCTING
from models.store.records import Record
from models.store.schema.cases import account, request


class Workload(Record):
    """The open requests of one agent, in the départements asked about."""

    account_id: str
    name: str
    open_requests: int
    at_risk: int
    """How many of them silence ends soon (`law.reminders.AT_RISK`), each by its own clock."""
    deadline_at: Instant | None
    """The nearest one; None when no delay runs."""
    department: str | None
    """Département of the request that it is the deadline of, or of any."""


_LEFT: Final = request.c.deadline_at - func.clock_timestamp() - request.c.clock_offset


def list_of(connection: Connection, departments: Sequence[str], *, closed: bool = False) -> list[Workload]:
    """Return the load of every agent who may have a request of these départements in charge, by name.

    With `closed`, of everybody who has one in charge or might have had, accounts that are closed included.
    """
    held = and_(
        request.c.assigned_to == account.c.id, request.c.outcome.is_(None), request.c.department.in_(departments)
    )
    nearest = func.array_agg(aggregate_order_by(request.c.department, request.c.deadline_at.asc().nulls_last()))
    return Workload.all(
        connection,
        select(
            account.c.id.label("account_id"),
            account.c.name,
            func.count(request.c.reference).label("open_requests"),
            func.count(request.c.reference).filter(_LEFT < AT_RISK).label("at_risk"),
            func.min(request.c.deadline_at).label("deadline_at"),
            nearest[1].label("department"),
        )
        .outerjoin(request, held)
        .where(
            account.c.role.in_(AGENTS if closed else INSTRUCTING),
            true() if closed else account.c.closed_at.is_(None),
            account.c.departments.overlap(list(departments)),
        )
        .group_by(account.c.id)
        .order_by(account.c.name, account.c.id),
    )


def list_open(connection: Connection, account_id: str, departments: Sequence[str]) -> list[str]:
    """Return the references of the open requests of these départements that an agent has in charge."""
    held = (request.c.assigned_to == account_id, request.c.outcome.is_(None), request.c.department.in_(departments))
    return list(connection.execute(select(request.c.reference).where(*held).order_by(request.c.reference)).scalars())


def count_unassigned(connection: Connection, departments: Sequence[str]) -> int:
    """Return how many open requests of these départements nobody has in charge."""
    query = select(func.count()).select_from(request)
    nobodys = (request.c.department.in_(departments), request.c.outcome.is_(None), request.c.assigned_to.is_(None))
    return connection.execute(query.where(*nobodys)).scalar_one()

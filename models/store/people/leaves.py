"""Leaves of agents and their replacements: cases are not reassigned; the replacement is looked up when needed."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, func, insert, select, update

from models.bodies.unit import LeaveBody
from models.errors import Unknown
from models.identifiers import Instant
from models.store.records import Record
from models.store.schema.agents import leave
from models.store.schema.cases import account


class LeaveRecord(Record):
    """Days away, both included."""

    id: str
    account_id: str
    replacement_id: str | None
    from_on: date
    until_on: date
    cancelled_at: Instant | None


def write(connection: Connection, account_id: str, body: LeaveBody, by: str) -> LeaveRecord:
    """Record a leave of an agent; `by` is the account that wrote it."""
    row = body.model_dump() | {"account_id": account_id, "written_by": by}
    created = connection.execute(insert(leave).values(row).returning(*leave.c)).mappings().one()
    return LeaveRecord.of(created)


def list_of(connection: Connection, account_ids: Sequence[str]) -> list[LeaveRecord]:
    """Return the leaves of some accounts that were not cancelled, the earliest first."""
    query = select(leave).where(leave.c.account_id.in_(account_ids), leave.c.cancelled_at.is_(None))
    return LeaveRecord.all(connection, query.order_by(leave.c.from_on))


def get(connection: Connection, leave_id: str) -> LeaveRecord:
    """Return a leave that exists; raises `Unknown`."""
    record = LeaveRecord.first(connection, select(leave).where(leave.c.id == leave_id))
    if record is None:
        raise Unknown(leave_id)
    return record


def cancel(connection: Connection, leave_id: str) -> None:
    """Cancel a leave, unless it is cancelled already."""
    open_leave = (leave.c.id == leave_id, leave.c.cancelled_at.is_(None))
    connection.execute(update(leave).where(*open_leave).values(cancelled_at=func.clock_timestamp()))


def find_absent(connection: Connection, account_ids: Sequence[str], on: date) -> dict[str, str | None]:
    """Return which accounts are away on a day, with the replacement of each; a closed account is away too."""
    absent = select(leave.c.account_id, leave.c.replacement_id).where(
        leave.c.account_id.in_(account_ids),
        leave.c.from_on <= on,
        leave.c.until_on >= on,
        leave.c.cancelled_at.is_(None),
    )
    replacements: dict[str, str | None] = {row.account_id: row.replacement_id for row in connection.execute(absent)}
    closed = select(account.c.id).where(account.c.id.in_(account_ids), account.c.closed_at.is_not(None))
    return dict.fromkeys(connection.execute(closed).scalars(), None) | replacements


def find_replacement(connection: Connection, account_id: str, on: date) -> str | None:
    """Return who stands in for an account on a day: itself, its replacement, or theirs in turn; or None."""
    seen: set[str] = set()
    candidate: str | None = account_id
    while candidate is not None and candidate not in seen:
        seen.add(candidate)
        absent = find_absent(connection, [candidate], on)
        if candidate not in absent:
            return candidate
        candidate = absent[candidate]
    return None


def list_replaced(connection: Connection, account_id: str, on: date) -> list[str]:
    """Return the accounts that an account stands in for on a day, itself first."""
    query = select(leave.c.account_id).where(
        leave.c.replacement_id == account_id,
        leave.c.from_on <= on,
        leave.c.until_on >= on,
        leave.c.cancelled_at.is_(None),
    )
    return [account_id, *connection.execute(query).scalars()]

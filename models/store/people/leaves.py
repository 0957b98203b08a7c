"""Agents who are away, and their replacements: cases are not reassigned, the replacement is looked up when needed."""

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
    """Keep that an agent is away."""
    row = body.model_dump() | {"account_id": account_id, "written_by": by}
    written = connection.execute(insert(leave).values(row).returning(*leave.c)).mappings().one()
    return LeaveRecord.of(written)


def list_of(connection: Connection, account_ids: Sequence[str]) -> list[LeaveRecord]:
    """Leaves of some accounts that were not cancelled, the next last."""
    query = select(leave).where(leave.c.account_id.in_(account_ids), leave.c.cancelled_at.is_(None))
    return LeaveRecord.all(connection, query.order_by(leave.c.from_on))


def get(connection: Connection, leave_id: str) -> LeaveRecord:
    """Return a leave that exists; raises `Unknown`."""
    record = LeaveRecord.first(connection, select(leave).where(leave.c.id == leave_id))
    if record is None:
        raise Unknown(leave_id)
    return record


def cancel(connection: Connection, leave_id: str) -> None:
    """The agent is not away after all."""
    open_leave = (leave.c.id == leave_id, leave.c.cancelled_at.is_(None))
    connection.execute(update(leave).where(*open_leave).values(cancelled_at=func.clock_timestamp()))


def away(connection: Connection, account_ids: Sequence[str], on: date) -> dict[str, str | None]:
    """Return those of some accounts who are away on a day, each with its replacement; a closed account is away too."""
    absent = select(leave.c.account_id, leave.c.replacement_id).where(
        leave.c.account_id.in_(account_ids),
        leave.c.from_on <= on,
        leave.c.until_on >= on,
        leave.c.cancelled_at.is_(None),
    )
    record: dict[str, str | None] = {row.account_id: row.replacement_id for row in connection.execute(absent)}
    gone = select(account.c.id).where(account.c.id.in_(account_ids), account.c.closed_at.is_not(None))
    return dict.fromkeys(connection.execute(gone).scalars(), None) | record


def find_replacement(connection: Connection, account_id: str, on: date) -> str | None:
    """Return who answers for an account on a day: itself, its replacement, or that one's; None when nobody does."""
    seen: set[str] = set()
    who: str | None = account_id
    while who is not None and who not in seen:
        seen.add(who)
        absent = away(connection, [who], on)
        if who not in absent:
            return who
        who = absent[who]
    return None


def list_replaced(connection: Connection, account_id: str, on: date) -> list[str]:
    """Return the accounts that an account answers for on a day, itself first."""
    query = select(leave.c.account_id).where(
        leave.c.replacement_id == account_id,
        leave.c.from_on <= on,
        leave.c.until_on >= on,
        leave.c.cancelled_at.is_(None),
    )
    return [account_id, *connection.execute(query).scalars()]

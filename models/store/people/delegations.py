"""Delegations of signature: who may sign which decisions, where and when, with which certificate."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, func, insert, select, update

from models.bodies.unit import DelegationBody
from models.errors import Unknown
from models.identifiers import Instant
from models.store.records import Record
from models.store.schema.agents import delegation


class DelegationRecord(Record):
    """A delegation as it was given; `certificate` is an id of `signatories.json`."""

    id: str
    account_id: str
    outcomes: tuple[str, ...]
    departments: tuple[str, ...]
    from_on: date
    until_on: date | None
    certificate: str
    act: str
    given_at: Instant
    revoked_at: Instant | None


def give(connection: Connection, account_id: str, body: DelegationBody, by: str | None) -> DelegationRecord:
    """Give an account a delegation; `by` is None when the command line gives it."""
    row = {
        "account_id": account_id,
        "outcomes": list(body.outcomes),
        "departments": list(body.departments),
        "from_on": body.from_on,
        "until_on": body.until_on,
        "certificate": body.certificate,
        "act": body.act,
        "given_by": by,
    }
    created = connection.execute(insert(delegation).values(row).returning(*delegation.c)).mappings().one()
    return DelegationRecord.of(created)


def list_in_force(connection: Connection, account_id: str, department: str, on: date) -> list[DelegationRecord]:
    """Return the delegations under which an account may sign for a département on a day, newest first."""
    query = select(delegation).where(
        delegation.c.account_id == account_id,
        delegation.c.departments.contains([department]),
        delegation.c.from_on <= on,
        func.coalesce(delegation.c.until_on >= on, True),
        delegation.c.revoked_at.is_(None),
    )
    return DelegationRecord.all(connection, query.order_by(delegation.c.given_at.desc()))


def list_of(connection: Connection, account_ids: Sequence[str]) -> list[DelegationRecord]:
    """Return every delegation of some accounts, newest first."""
    query = select(delegation).where(delegation.c.account_id.in_(account_ids))
    return DelegationRecord.all(connection, query.order_by(delegation.c.given_at.desc()))


def get(connection: Connection, delegation_id: str) -> DelegationRecord:
    """Return a delegation that exists; raises `Unknown`."""
    record = DelegationRecord.first(connection, select(delegation).where(delegation.c.id == delegation_id))
    if record is None:
        raise Unknown(delegation_id)
    return record


def revoke(connection: Connection, delegation_id: str, by: str) -> None:
    """End a delegation now; what was signed under it remains valid."""
    in_force = (delegation.c.id == delegation_id, delegation.c.revoked_at.is_(None))
    ended = {"revoked_at": func.clock_timestamp(), "revoked_by": by}
    connection.execute(update(delegation).where(*in_force).values(ended))

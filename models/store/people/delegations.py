"""Delegations of signature: who may sign which decisions, where and when, with which certificate."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select, update

from law.calendar import local
from law.texts import Text, in_french, objection
from models.bodies.unit import DelegationBody
from models.errors import NotAllowed, Unknown, Unlawful
from models.identifiers import Instant
from models.roles import SIGNING
from models.store.database import now
from models.store.journal import accesses
from models.store.journal.events import Actor
from models.store.records import Record
from models.store.schema.agents import delegation
from models.store.schema.cases import account


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
    """Give an account a delegation and write its event; `by` is None when the command line gives it.

    Raises `Unlawful` for one that begins before today, whoever gives it.
    """
    _refuse_retroactive(connection, body)
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
    given = DelegationRecord.of(created)
    actor = Actor(role="head" if by else "operator", account_id=by)
    accesses.write_last(connection, "delegation_given", actor, account=account_id, delegation=given.id)
    return given


def _refuse_retroactive(connection: Connection, body: DelegationBody) -> None:
    """Raise `Unlawful` for a delegation that begins before the day on which it is recorded, in any of its départements.

    A power that is given afterwards would make valid what was signed without it.
    """
    at = now(connection)
    today = min(local(at, each).date() for each in body.departments)
    if body.from_on < today:
        message = f"Une délégation ne prend pas effet avant l’acte qui l’inscrit : au plus tôt le {in_french(today)}."
        raise Unlawful([objection("/from_on", "delegation-retroactive", message, Text.CRPA_L_212_1)])


def list_in_force(connection: Connection, account_id: str, department: str, on: date) -> list[DelegationRecord]:
    """Return the delegations under which an account may sign for a département on a day, newest first."""
    return DelegationRecord.all(connection, _in_force(account_id, department, on))


def require(
    connection: Connection, account_id: str | None, department: str, on: date, outcome: str | None = None
) -> DelegationRecord:
    """Return the newest delegation that allows an outcome (None: any), locked; raises `NotAllowed` without one.

    The lock makes a revocation wait for the transaction: an act and the end of the power to do it are in order.
    """
    query = _in_force(account_id, department, on).with_for_update(read=True, of=delegation)
    if outcome is not None:
        query = query.where(delegation.c.outcomes.contains([outcome]))
    found = DelegationRecord.first(connection, query)
    if found is None:
        raise NotAllowed(_MISSING[outcome])
    return found


def require_throughout(
    connection: Connection, account_id: str, departments: Sequence[str], days: tuple[date, date], outcome: str
) -> DelegationRecord:
    """Return the newest delegation that allows an outcome in all départements on all days, locked.

    `days` are the first and the last. Raises `NotAllowed` without one.
    """
    query = _covering(account_id, departments, *days).where(delegation.c.outcomes.contains([outcome]))
    found = DelegationRecord.first(connection, query.with_for_update(read=True, of=delegation))
    if found is None:
        raise NotAllowed(
            f"{_MISSING[outcome].removesuffix(' dans ce département.')}, dans tous ces départements et tous ces jours."
        )
    return found


def is_in_force(connection: Connection, delegation_id: str, department: str, on: date, outcome: str) -> bool:
    """Whether a delegation allows an outcome in a département on a day; it is locked."""
    query = _allowing([department], on, on).where(
        delegation.c.id == delegation_id, delegation.c.outcomes.contains([outcome])
    )
    return connection.execute(query.with_for_update(read=True, of=delegation)).first() is not None


def _in_force(account_id: str | None, department: str, on: date) -> Select[tuple[object, ...]]:
    return _covering(account_id, [department], on, on)


def _covering(
    account_id: str | None, departments: Sequence[str], first: date, last: date
) -> Select[tuple[object, ...]]:
    query = _allowing(departments, first, last).where(account.c.id == account_id)
    return query.order_by(delegation.c.given_at.desc())


def _allowing(departments: Sequence[str], first: date, last: date) -> Select[tuple[object, ...]]:
    query = select(delegation).join(account, account.c.id == delegation.c.account_id)
    return query.where(*conditions(departments, first, last))


def conditions(departments: Sequence[str], first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    """Conditions on a delegation and its account: it may sign in all départements, from the first day to the last."""
    return (
        account.c.closed_at.is_(None),
        account.c.role.in_(SIGNING),
        account.c.departments.contains(list(departments)),
        delegation.c.departments.contains(list(departments)),
        delegation.c.from_on <= first,
        func.coalesce(delegation.c.until_on >= last, True),
        delegation.c.revoked_at.is_(None),
    )


_MISSING: Final[dict[str | None, str]] = {
    "grant": "Cet acte peut valoir autorisation : il demande une délégation de signature en vigueur pour autoriser "
    "dans ce département.",
    "refusal": "Cet acte demande une délégation de signature en vigueur pour refuser dans ce département.",
    "claim": "Cet acte demande une délégation de signature en vigueur pour agréer les demandes d’indemnisation "
    "dans ce département.",
    "claim_refusal": "Cet acte demande une délégation de signature en vigueur pour refuser les demandes "
    "d’indemnisation dans ce département.",
    "quota_exception": "Cet acte demande une délégation de signature en vigueur pour inscrire un dépassement du "
    "contingent d’heures, ou y mettre fin, dans ce département.",
    None: "Cet acte demande une délégation de signature en vigueur dans ce département.",
}


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


def revoke_all(connection: Connection, account_id: str, by: Actor) -> None:
    """End every delegation of an account now, with an event each: it is closed, or no longer signs."""
    _revoke(connection, by, delegation.c.account_id == account_id)


def revoke(connection: Connection, delegation_id: str, by: Actor) -> None:
    """End a delegation now and write its event; what was signed under it remains valid."""
    _revoke(connection, by, delegation.c.id == delegation_id)


def _revoke(connection: Connection, by: Actor, which: ColumnElement[bool]) -> None:
    ended = {"revoked_at": func.clock_timestamp(), "revoked_by": by.account_id}
    in_force = update(delegation).where(which, delegation.c.revoked_at.is_(None)).values(ended)
    for row in connection.execute(in_force.returning(delegation.c.id, delegation.c.account_id)).all():
        accesses.write_last(connection, "delegation_revoked", by, account=row.account_id, delegation=row.id)

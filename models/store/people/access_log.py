"""The access log: readings of nominal data and refused accesses, append-only, one hash chain a day.

The chain of a day is the events of the subject `access:<day>`, a day in Paris. It holds ids and references,
never what was read. Append to it last in a transaction: its lock then keeps other callers waiting for the
commit only.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Text, bindparam, cast, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from models.store.journal import accesses
from models.store.journal.events import Actor
from models.store.people import accounts
from models.store.people.accounts import Account
from models.store.records import Record
from models.store.schema.journal import event
from models.store.schema.quotas import refusal

PAGE_SIZE: Final = 200
REFUSED: Final = "access_refused"
REFUSAL_INTERVAL: Final = timedelta(minutes=1)
"""After a refusal that is logged, others of the same account and verb are only counted for this long."""


class AccessRecord(Record):
    """One line of the chain; `actor_id` is the account that tried or read, `data` the verb and its object."""

    position: int
    type: str
    at: datetime
    actor_role: str
    actor_id: str | None
    data: dict[str, str]


def append(connection: Connection, kind: str, account: Account, /, **data: str) -> None:
    """Append one access by an account to today's chain."""
    write(connection, kind, account.actor, role=account.role, **data)


def refuse(connection: Connection, account: Account, verb: str, status: str, about: str) -> None:
    """Log a refusal, or count it when one of this account and verb was logged less than a minute ago."""
    log_refusals(connection, account.id)
    row = {"account": account.id, "verb": verb, "status": status}
    if connection.execute(_COUNT_REFUSAL, row).scalar_one() == 0:
        append(connection, REFUSED, account, verb=verb, status=status, about=about)


_COUNT_REFUSAL = (
    upsert(refusal)
    .values(account_id=bindparam("account"), verb=bindparam("verb"), status=bindparam("status"))
    .on_conflict_do_update(
        index_elements=[refusal.c.account_id, refusal.c.verb],
        set_={"unlogged": refusal.c.unlogged + 1, "status": bindparam("status")},
    )
    .returning(refusal.c.unlogged)
)


def log_refusals(connection: Connection, account_id: str | None = None) -> int:
    """Log how many refusals were only counted, once their minute has ended; returns of how many accounts.

    Of one account, or of all. Every refusal is then in the chain, alone or in a count.
    """
    ended = connection.execute(_ENDED_OF_ALL if account_id is None else _ENDED_OF_ONE, {"of": account_id}).all()
    for row in ended:
        if row.unlogged:
            account = accounts.get(connection, row.account_id)
            counted = {"count": str(row.unlogged), "since": row.since.isoformat()}
            append(connection, REFUSED, account, verb=row.verb, status=row.status, **counted)
    return len(ended)


_ENDED_OF_ALL = delete(refusal).where(refusal.c.since < func.clock_timestamp() - REFUSAL_INTERVAL).returning(refusal)
_ENDED_OF_ONE = _ENDED_OF_ALL.where(refusal.c.account_id == bindparam("of"))


def write(connection: Connection, kind: str, actor: Actor, **data: str) -> None:
    """Append one fact to today's chain."""
    accesses.write(connection, kind, actor, **data)


def list_page(connection: Connection, day: date, after: int) -> list[AccessRecord]:
    """Return the next accesses of a day, in order, after a position."""
    query = select(event).where(event.c.subject == accesses.subject(day), event.c.position > after)
    return AccessRecord.all(connection, query.order_by(event.c.position).limit(PAGE_SIZE))


def search(
    connection: Connection,
    days: Sequence[date],
    account_id: str | None,
    about: str | None,
    after: int,
    size: int = PAGE_SIZE,
) -> list[AccessRecord]:
    """Return the next accesses of some days after a position: of an account, about a case (its documents included)."""
    query = select(event).where(event.c.subject.in_([accesses.subject(each) for each in days]))
    if account_id:
        own = event.c.data["account"].astext == account_id
        query = query.where(or_(cast(event.c.actor_id, Text) == account_id, own))
    if about:
        named = event.c.data["about"].astext
        query = query.where(or_(named == about, named.startswith(f"{about}/")))
    query = query.where(event.c.position > after).order_by(event.c.position)
    return AccessRecord.all(connection, query.limit(size))

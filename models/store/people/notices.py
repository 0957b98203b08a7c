"""Mails to send: written in the transaction of what they announce, sent at least once under a fixed Message-ID."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, false, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from models.engine.names import subject_of
from models.identifiers import Message
from models.store.journal import representation
from models.store.people.accounts import Account, get
from models.store.schema.journal import notice


class Notice(Message):
    """One mail: what it announces, its recipient, and the references it may print."""

    key: str
    kind: str
    account: Account
    data: dict[str, str]


class Queued(NamedTuple):
    """Notices that wait for their turn: how many, and the seconds until the first one's."""

    many: int
    seconds: float


def announce(connection: Connection, workflow_id: str, kind: str, key: str, *account_ids: str, **data: str) -> int:
    """Write one notice for each account, once for each key; returns how many are new.

    An account that may no longer act for the establishment of a case is not notified; a remaining member is.
    """
    new, case = 0, subject_of(workflow_id).partition(":")[0]  # a claim is named after its case
    for account_id in dict.fromkeys(representation.find_recipient(connection, each, case) for each in account_ids):
        row = {"workflow_id": workflow_id, "kind": kind, "account_id": account_id, "data": data}
        row["key"] = f"{workflow_id}/{key}/{account_id}"
        written = insert(notice).values(row).on_conflict_do_nothing().returning(notice.c.key)
        new += len(connection.execute(written).all())
    return new


def list_unsent(connection: Connection, workflow_id: str) -> list[Notice]:
    """Return the notices of a process that may be sent and are not, oldest first."""
    rows = connection.execute(
        select(notice.c.key, notice.c.kind, notice.c.account_id, notice.c.data)
        .where(notice.c.workflow_id == workflow_id, notice.c.sent_at.is_(None), ~_QUEUED)
        .order_by(notice.c.created_at, notice.c.key)
    ).all()
    return [Notice(key=row.key, kind=row.kind, account=get(connection, row.account_id), data=row.data) for row in rows]


_QUEUED: Final = func.coalesce(notice.c.not_before > func.clock_timestamp(), false())


def list_new(connection: Connection, workflow_id: str, kind: str) -> list[str]:
    """Return the keys of the unsent notices of a kind that have no place in a queue, oldest first."""
    mine = (notice.c.workflow_id == workflow_id, notice.c.kind == kind, notice.c.sent_at.is_(None))
    query = select(notice.c.key).where(*mine, notice.c.not_before.is_(None))
    return list(connection.execute(query.order_by(notice.c.created_at, notice.c.key)).scalars())


def wait_until(connection: Connection, key: str, not_before: datetime | None) -> None:
    """Let a notice leave at an instant, or at once; it has a place in the queue from then on."""
    leaves_at = not_before or func.clock_timestamp()
    connection.execute(update(notice).where(notice.c.key == key).values(not_before=leaves_at))


def find_queued(connection: Connection, workflow_id: str) -> Queued:
    """Return how many notices of a process wait for their turn in a queue, and until when."""
    left = func.extract("epoch", func.min(notice.c.not_before) - func.clock_timestamp())
    mine = (notice.c.workflow_id == workflow_id, notice.c.sent_at.is_(None), _QUEUED)
    row = connection.execute(select(func.count().label("many"), left.label("left")).where(*mine)).one()
    return Queued(row.many, float(row.left or 0))


def take_back(connection: Connection, workflow_id: str, kind: str) -> None:
    """Delete the unsent notices of one kind, because what they say is no longer true."""
    mine = (notice.c.workflow_id == workflow_id, notice.c.kind == kind, notice.c.sent_at.is_(None))
    connection.execute(delete(notice).where(*mine))


def find_first_sent(connection: Connection, workflow_id: str, kind: str, **about: str) -> datetime | None:
    """Return when the first notice of a kind with this data was sent; None when none was."""
    mine = (*_about(workflow_id, kind, about), notice.c.given_up.is_(None))
    at: datetime | None = connection.execute(select(func.min(notice.c.sent_at)).where(*mine)).scalar()
    return at


def is_refused_alone(connection: Connection, workflow_id: str, kind: str, **about: str) -> bool:
    """Whether the last notice of a kind with this data waits, or was given up, because of its own mailbox.

    Not when the mail server refuses everybody: it took nothing since, and refuses other domains as well.
    """
    newest = notice.c.created_at.desc()
    last = select(notice).where(*_about(workflow_id, kind, about)).order_by(newest).limit(1)
    row = connection.execute(last).first()
    if row is None or row.given_up is not None:
        return row is not None and row.given_up != UNWRITABLE
    if row.sent_at is not None or row.refused_at is None:
        return False
    return is_server_at_work(connection, row.key) or not connection.execute(_OTHERS, {"key": row.key}).scalar_one()


UNWRITABLE: Final = "unwritable"
"""Why a notice is given up that the program could not write, which is its own fault."""
_OTHERS: Final = text(
    "SELECT EXISTS (SELECT FROM notice n JOIN account a ON a.id = n.account_id WHERE n.sent_at IS NULL"
    " AND n.refused_at IS NOT NULL AND split_part(lower(a.email), '@', 2) <> (SELECT split_part(lower(o.email), '@', 2)"
    " FROM notice m JOIN account o ON o.id = m.account_id WHERE m.key = :key))"
)


def _about(workflow_id: str, kind: str, about: dict[str, str]) -> tuple[ColumnElement[bool], ...]:
    return notice.c.workflow_id == workflow_id, notice.c.kind == kind, notice.c.data.contains(about)


def defer(connection: Connection, key: str) -> timedelta:
    """Note that a mailbox refused a notice for now; returns for how long it has been refusing it."""
    now = func.clock_timestamp()
    first = func.coalesce(notice.c.refused_at, now)
    refused = update(notice).where(notice.c.key == key).values(refused_at=first).returning(now - notice.c.refused_at)
    elapsed: timedelta = connection.execute(refused).scalar_one()
    return elapsed


def shortest_refusal(connection: Connection, workflow_id: str) -> timedelta:
    """Return for how long the waiting notice of a process that was refused last has been refused."""
    mine = (notice.c.workflow_id == workflow_id, notice.c.sent_at.is_(None))
    last = select(func.clock_timestamp() - func.max(notice.c.refused_at)).where(*mine)
    return connection.execute(last).scalar() or timedelta(0)


def is_server_at_work(connection: Connection, key: str) -> bool:
    """Whether the mail server took a notice since it first refused this one, which is then refused alone."""
    first = select(notice.c.refused_at).where(notice.c.key == key).scalar_subquery()
    taken = select(notice.c.key).where(notice.c.sent_at > first, notice.c.given_up.is_(None)).limit(1)
    return connection.execute(taken).first() is not None


def give_up(connection: Connection, key: str, why: str) -> None:
    """Mark a notice as one that will never leave."""
    gone = {"sent_at": text("clock_timestamp()"), "given_up": why}
    connection.execute(update(notice).where(notice.c.key == key).values(gone))


def mark_sent(connection: Connection, key: str) -> None:
    """Mark a notice as sent."""
    connection.execute(update(notice).where(notice.c.key == key).values(sent_at=text("clock_timestamp()")))

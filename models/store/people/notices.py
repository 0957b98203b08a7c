"""Mails to send: written in the transaction of what they announce, sent at least once under a fixed Message-ID."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, select, text, update
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


def announce(connection: Connection, workflow_id: str, kind: str, key: str, *account_ids: str, **data: str) -> int:
    """Write one notice for each account, once for each key; returns how many are new.

    An account that may no longer act for the establishment of a case is not notified; a remaining member is.
    """
    new = 0
    for account_id in dict.fromkeys(
        representation.find_recipient(connection, each, subject_of(workflow_id)) for each in account_ids
    ):
        row = {"workflow_id": workflow_id, "kind": kind, "account_id": account_id, "data": data}
        row["key"] = f"{workflow_id}/{key}/{account_id}"
        written = insert(notice).values(row).on_conflict_do_nothing().returning(notice.c.key)
        new += len(connection.execute(written).all())
    return new


def list_unsent(connection: Connection, workflow_id: str) -> list[Notice]:
    """Return the unsent notices of a process, oldest first."""
    rows = connection.execute(
        select(notice.c.key, notice.c.kind, notice.c.account_id, notice.c.data)
        .where(notice.c.workflow_id == workflow_id, notice.c.sent_at.is_(None))
        .order_by(notice.c.created_at, notice.c.key)
    ).all()
    return [Notice(key=row.key, kind=row.kind, account=get(connection, row.account_id), data=row.data) for row in rows]


def take_back(connection: Connection, workflow_id: str, kind: str) -> None:
    """Delete the unsent notices of one kind, because what they say is no longer true."""
    mine = (notice.c.workflow_id == workflow_id, notice.c.kind == kind, notice.c.sent_at.is_(None))
    connection.execute(delete(notice).where(*mine))


def find_first_sent(connection: Connection, workflow_id: str, kind: str, **about: str) -> datetime | None:
    """Return when the first notice of a kind with this data was sent; None when none was."""
    mine = (notice.c.workflow_id == workflow_id, notice.c.kind == kind, notice.c.data.contains(about))
    at: datetime | None = connection.execute(select(func.min(notice.c.sent_at)).where(*mine)).scalar()
    return at


def mark_sent(connection: Connection, key: str) -> None:
    """Mark a notice as sent."""
    connection.execute(update(notice).where(notice.c.key == key).values(sent_at=text("clock_timestamp()")))

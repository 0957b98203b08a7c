"""Mails that carry a one-time code for one account."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection

from models.engine.keys import MasterKey
from models.engine.names import account_process
from models.mailed_codes import account_code, canonical
from models.store.database import now
from models.store.journal import outbox
from models.store.people import codes, notices
from models.store.people.codes import Purpose


def send(
    connection: Connection,
    master: MasterKey,
    account_id: str,
    kind: str,
    purpose: Purpose,
    life: timedelta,
    leaves_at: datetime | None = None,
    /,
    **data: str,
) -> None:
    """Create a code for one purpose of an account, and have it mailed to the account's address, at once or later.

    It is valid from when its mail may leave.
    """
    code_id, at = secrets.token_hex(16), now(connection)
    until = (leaves_at or at) + life
    codes.store(connection, account_id, purpose, canonical(account_code(master, code_id)), until - at)
    notify(connection, account_id, kind, code_id, entry=code_id, at=until.isoformat(), **data)
    if leaves_at:
        notices.wait_until(connection, f"{account_process(account_id)}/{code_id}/{account_id}", leaves_at)


def notify(connection: Connection, account_id: str, kind: str, key: str, **data: str) -> None:
    """Notify an account's holder by mail of a change to the account, once for each key."""
    process = account_process(account_id)
    if notices.announce(connection, process, kind, key, account_id, **data):
        outbox.enqueue(connection, process, "announce")

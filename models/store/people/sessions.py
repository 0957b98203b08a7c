"""Sessions of people who have signed in: the secret is in a cookie, its digest in the register."""

import secrets
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, Interval, bindparam, func, insert, select, update

from models.digests import digest
from models.store.people.accounts import Account
from models.store.schema.cases import account
from models.store.schema.sign_in import session

Method = Literal["password", "totp", "passkey", "oidc"]
SEEN_PRECISION: Final = timedelta(minutes=1)
"""The last call is recorded to the minute, like the last use of a token, so that reading a page writes nothing."""


def open_session(connection: Connection, account_id: str, method: Method, life: timedelta) -> str:
    """Open a session and return its secret, which cannot be read again."""
    secret = secrets.token_urlsafe(32)
    row = {"digest": digest(secret), "account_id": account_id, "method": method}
    until = func.clock_timestamp() + life
    connection.execute(insert(session).values(row | {"expires_at": until}))
    return secret


def find_account(connection: Connection, secret: str, idle: timedelta) -> Account | None:
    """Return the account of a session and record its call; None when it ended, expired or was idle too long."""
    named = {"secret": digest(secret)}
    row = connection.execute(_OPEN, named | {"idle": idle}).mappings().first()
    if row is None:
        return None
    if row["stale"]:
        connection.execute(_RECORD_CALL, named)
    return Account.of(row)


_NOW: Final = func.clock_timestamp()
_OPEN: Final = (
    select(account, (session.c.seen_at < _NOW - SEEN_PRECISION).label("stale"))
    .join(session, session.c.account_id == account.c.id)
    .where(session.c.digest == bindparam("secret"), session.c.ended_at.is_(None), session.c.expires_at > _NOW)
    .where(session.c.seen_at > _NOW - bindparam("idle", type_=Interval()), account.c.closed_at.is_(None))
)
_RECORD_CALL: Final = update(session).where(session.c.digest == bindparam("secret")).values(seen_at=_NOW)


def find_method(connection: Connection, secret: str) -> Method | None:
    """Return how the person of a session proved who they are, or None for an unknown session."""
    method: Method | None = connection.execute(
        select(session.c.method).where(session.c.digest == digest(secret))
    ).scalar()
    return method


def end(connection: Connection, secret: str) -> None:
    """End a session."""
    _end(connection, session.c.digest == digest(secret))


def end_all(connection: Connection, account_id: str) -> None:
    """End every session of an account."""
    _end(connection, session.c.account_id == account_id)


def _end(connection: Connection, whose: ColumnElement[bool]) -> None:
    running = (whose, session.c.ended_at.is_(None))
    connection.execute(update(session).where(*running).values(ended_at=func.clock_timestamp()))

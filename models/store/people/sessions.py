"""Sessions of people who have signed in: the secret is in a cookie, its digest in the register."""

import secrets
from datetime import timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from models.digests import digest
from models.store.people.accounts import Account
from models.store.schema.cases import account
from models.store.schema.sign_in import session

Method = Literal["password", "totp", "passkey", "oidc"]


def open_session(connection: Connection, account_id: str, method: Method, life: timedelta) -> str:
    """Open a session and return its secret, which cannot be read again."""
    secret = secrets.token_urlsafe(32)
    row = {"digest": digest(secret), "account_id": account_id, "method": method}
    until = func.clock_timestamp() + life
    connection.execute(insert(session).values(row | {"expires_at": until}))
    return secret


def find_account(connection: Connection, secret: str, idle: timedelta) -> Account | None:
    """Return the account of a session and mark it as seen; None when it ended, expired or was idle too long."""
    alive = (
        session.c.digest == digest(secret),
        session.c.ended_at.is_(None),
        session.c.expires_at > func.clock_timestamp(),
        session.c.seen_at > func.clock_timestamp() - idle,
    )
    seen = update(session).where(*alive).values(seen_at=func.clock_timestamp())
    account_id = connection.execute(seen.returning(session.c.account_id)).scalar()
    open_account = (account.c.id == account_id, account.c.closed_at.is_(None))
    return Account.first(connection, select(account).where(*open_account))


def end(connection: Connection, secret: str) -> None:
    """End a session."""
    _end(connection, session.c.digest == digest(secret))


def end_all(connection: Connection, account_id: str) -> None:
    """End every session of an account."""
    _end(connection, session.c.account_id == account_id)


def _end(connection: Connection, whose: ColumnElement[bool]) -> None:
    running = (whose, session.c.ended_at.is_(None))
    connection.execute(update(session).where(*running).values(ended_at=func.clock_timestamp()))

"""API tokens of an account: what each may do, until when, when it last served. The secret is told once."""

import secrets
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import Connection, func, insert, or_, select, update

from models.conflicts import Unknown
from models.digests import digest
from models.store.records import Record
from models.store.tables import token
from models.values import Instant

Scope = Literal["read", "write"]
FRESH: Final = timedelta(minutes=1)
"""The last use is known to the minute: a busy token does not write its row at each call."""


class TokenRecord(Record):
    """A token, without its secret."""

    id: str
    label: str
    scope: Scope
    created_at: Instant
    expires_at: Instant | None
    used_at: Instant | None


COLUMNS = tuple(token.c[name] for name in TokenRecord.model_fields)
NOW = func.clock_timestamp()


def issue(
    connection: Connection, account_id: str, label: str, scope: Scope, expires_at: datetime | None
) -> tuple[str, TokenRecord]:
    """Make a token; returns its secret, told this once, and what is kept of it."""
    secret = f"tacite_{secrets.token_urlsafe(32)}"
    row = {"digest": digest(secret), "account_id": account_id, "label": label, "scope": scope}
    made = connection.execute(insert(token).values(row | {"expires_at": expires_at}).returning(*COLUMNS))
    return secret, TokenRecord.of(made.mappings().one())


def use(connection: Connection, secret: str) -> Scope:
    """Say what a living token may do, and when it served."""
    mine = token.c.digest == digest(secret)
    stale = or_(token.c.used_at.is_(None), token.c.used_at < NOW - FRESH)
    connection.execute(update(token).where(mine, stale).values(used_at=NOW))
    scope: Scope = connection.execute(select(token.c.scope).where(mine)).scalar_one()
    return scope


def of_account(connection: Connection, account_id: str) -> list[TokenRecord]:
    """Living tokens of an account, the newest first."""
    alive = func.coalesce(token.c.expires_at > NOW, True)
    query = select(*COLUMNS).where(token.c.account_id == account_id, token.c.revoked_at.is_(None), alive)
    return TokenRecord.all(connection, query.order_by(token.c.created_at.desc()))


def revoke(connection: Connection, account_id: str, token_id: str) -> None:
    """Revoke a token of an account, at once; raises `Unknown`."""
    mine = (token.c.account_id == account_id, token.c.id == token_id, token.c.revoked_at.is_(None))
    done = update(token).where(*mine).values(revoked_at=NOW).returning(token.c.id)
    if connection.execute(done).first() is None:
        raise Unknown(token_id)

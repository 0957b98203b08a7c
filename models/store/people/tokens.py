"""API tokens of an account: scope, expiry and last use of each. The secret is shown once."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, func, insert, select, update

from models.digests import digest
from models.errors import Unknown
from models.identifiers import Instant
from models.labels import TokenScope
from models.store.people.accounts import Account
from models.store.records import Record
from models.store.schema.cases import account, token

LAST_USE_PRECISION: Final = timedelta(minutes=1)
"""The last use is recorded to the minute, so that a busy token does not write its row at each call."""


class TokenRecord(Record):
    """A token, without its secret."""

    id: str
    label: str
    scope: TokenScope
    created_at: Instant
    expires_at: Instant | None
    used_at: Instant | None


COLUMNS = tuple(token.c[name] for name in TokenRecord.model_fields)
NOW = func.clock_timestamp()


def issue(
    connection: Connection,
    account_id: str,
    label: str,
    scope: TokenScope = TokenScope.WRITE,
    expires_at: datetime | None = None,
) -> tuple[str, TokenRecord]:
    """Create a token; return its secret, which cannot be read again, and its record."""
    secret = f"tacite_{secrets.token_urlsafe(32)}"
    row = {"digest": digest(secret), "account_id": account_id, "label": label, "scope": scope}
    inserted = connection.execute(insert(token).values(row | {"expires_at": expires_at}).returning(*COLUMNS))
    return secret, TokenRecord.of(inserted.mappings().one())


def find_bearer(connection: Connection, secret: str) -> tuple[Account, TokenScope] | None:
    """Return the account of a valid token and the token's scope, and record its use.

    None when the token is unknown, revoked or expired, or its account closed.
    """
    named = {"secret": digest(secret)}
    row = connection.execute(_BEARER, named).mappings().first()
    if row is None:
        return None
    if row["stale"]:
        connection.execute(_RECORD_USE, named)
    return Account.of(row), TokenScope.of(row["scope"])


_NOT_EXPIRED = func.coalesce(token.c.expires_at > NOW, True)
_BEARER = (
    select(account, token.c.scope, func.coalesce(token.c.used_at < NOW - LAST_USE_PRECISION, True).label("stale"))
    .join(token, token.c.account_id == account.c.id)
    .where(token.c.digest == bindparam("secret"), token.c.revoked_at.is_(None), _NOT_EXPIRED)
    .where(account.c.closed_at.is_(None))
)
_RECORD_USE = update(token).where(token.c.digest == bindparam("secret")).values(used_at=NOW)


def list_of(connection: Connection, account_id: str) -> list[TokenRecord]:
    """Return the valid tokens of an account, newest first."""
    query = select(*COLUMNS).where(token.c.account_id == account_id, token.c.revoked_at.is_(None), _NOT_EXPIRED)
    return TokenRecord.all(connection, query.order_by(token.c.created_at.desc()))


def revoke(connection: Connection, account_id: str, token_id: str) -> None:
    """Revoke a token of an account, at once; raises `Unknown`."""
    mine = (token.c.account_id == account_id, token.c.id == token_id, token.c.revoked_at.is_(None))
    revoked = update(token).where(*mine).values(revoked_at=NOW).returning(token.c.id)
    if connection.execute(revoked).first() is None:
        raise Unknown(token_id)

"""API tokens of an account: scope, expiry and last use of each. The secret is shown once."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, Text, bindparam, cast, func, insert, select, update

from models.digests import digest
from models.errors import Unknown
from models.identifiers import Instant
from models.labels import TokenScope
from models.store.journal import accesses
from models.store.journal.events import SYSTEM, Actor
from models.store.people.accounts import Account
from models.store.records import Record
from models.store.schema.cases import account, token

SECRET_BYTES: Final = 32
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
    *,
    by: Actor = SYSTEM,
) -> tuple[str, TokenRecord]:
    """Create a token and its event; return its secret, which cannot be read again, and its record."""
    secret = written(secrets.token_bytes(SECRET_BYTES))
    stated = {"label": label, "scope": scope, "expires_at": expires_at}
    return secret, store(connection, account_id, secret, stated, by=by)


def written(secret: bytes) -> str:
    """Return a token as it is shown, from its random bytes."""
    return f"tacite_{urlsafe_b64encode(secret).decode().rstrip('=')}"


def store(
    connection: Connection, account_id: str, secret: str, stated: Mapping[str, object], *, by: Actor
) -> TokenRecord:
    """Store a token of a secret and its event; `stated` are its label, scope and end, perhaps its id."""
    row = {"digest": digest(secret), "account_id": account_id} | dict(stated)
    inserted = connection.execute(insert(token).values(row).returning(*COLUMNS))
    record = TokenRecord.of(inserted.mappings().one())
    accesses.write_last(connection, "token_issued", by, token=record.id, account=account_id, scope=record.scope)
    return record


def get(connection: Connection, account_id: str, token_id: str) -> TokenRecord:
    """Return a valid token of an account; raises `Unknown`, also for one that has ended."""
    mine = (token.c.account_id == account_id, token.c.id == token_id, token.c.revoked_at.is_(None), _NOT_EXPIRED)
    record = TokenRecord.first(connection, select(*COLUMNS).where(*mine))
    if record is None:
        raise Unknown(token_id)
    return record


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


def revoke(connection: Connection, account_id: str, token_id: str, by: Actor = SYSTEM) -> None:
    """Revoke a token of an account, at once, and write its event; raises `Unknown`."""
    mine = (token.c.account_id == account_id, token.c.id == token_id, token.c.revoked_at.is_(None))
    if not _revoke(connection, by, *mine):
        raise Unknown(token_id)


class TokenInForce(Record):
    """A token as operators see it, with whose it is."""

    id: str
    account_id: str
    role: str
    label: str
    scope: TokenScope
    created_at: Instant
    expires_at: Instant | None
    used_at: Instant | None


def list_in_force(connection: Connection, account_id: str | None = None) -> list[TokenInForce]:
    """Return the valid tokens of an account, by its id, or of all accounts, newest first."""
    columns = [account.c.role if name == "role" else token.c[name] for name in TokenInForce.model_fields]
    query = select(*columns).join(account, account.c.id == token.c.account_id)
    query = query.where(token.c.revoked_at.is_(None), _NOT_EXPIRED, *_whose(token.c.account_id, account_id))
    return TokenInForce.all(connection, query.order_by(token.c.created_at.desc()))


def revoke_in_force(connection: Connection, by: Actor, *, token: str | None, account: str | None) -> int:
    """Revoke a token by its id, or all those of an account, with an event each; raises `Unknown` when none is."""
    count = _revoke(
        connection, by, _TOKEN.revoked_at.is_(None), *_whose(_TOKEN.id, token), *_whose(_TOKEN.account_id, account)
    )
    if not count:
        raise Unknown(token or account or "")
    return count


_TOKEN = token.c


def _whose(column: ColumnElement[str], identity: str | None) -> list[ColumnElement[bool]]:
    """Return a condition on an id, which a person typed and may be malformed."""
    return [] if identity is None else [cast(column, Text) == identity.lower()]


def revoke_all(connection: Connection, account_id: str, by: Actor) -> int:
    """Revoke every token of an account, at once, with an event each; returns how many."""
    return _revoke(connection, by, token.c.account_id == account_id, token.c.revoked_at.is_(None))


def _revoke(connection: Connection, by: Actor, *which: ColumnElement[bool]) -> int:
    revoked = update(token).where(*which).values(revoked_at=NOW).returning(token.c.id, token.c.account_id)
    rows = connection.execute(revoked).all()
    for row in rows:
        accesses.write_last(connection, "token_revoked", by, token=row.id, account=row.account_id)
    return len(rows)

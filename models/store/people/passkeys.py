"""Passkeys of accounts (WebAuthn): public keys only, and single-use challenges that soon expire."""

from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from models.errors import Unknown
from models.identifiers import Instant
from models.store.journal import accesses
from models.store.records import Record
from models.store.schema.accounts import challenge, passkey
from models.store.schema.cases import account

NOW = func.clock_timestamp()


class PasskeyRecord(Record):
    """A public key, with the signature count that its authenticator reports."""

    credential: bytes
    account_id: str
    public_key: bytes
    sign_count: int
    label: str
    created_at: Instant
    used_at: Instant | None


def store_challenge(connection: Connection, value: bytes, account_id: str | None, life: timedelta) -> None:
    """Store a challenge for an account, or for a sign-in whose account is not known yet (None)."""
    row = {"value": value, "account_id": account_id}
    connection.execute(insert(challenge).values(row | {"expires_at": NOW + life}))


def consume_challenge(connection: Connection, value: bytes, account_id: str | None) -> bool:
    """Consume a challenge; False when it is unknown, used, expired or of another account."""
    mine = challenge.c.account_id.is_not_distinct_from(account_id)
    used = delete(challenge).where(challenge.c.value == value, mine, challenge.c.expires_at > NOW)
    return connection.execute(used.returning(challenge.c.value)).first() is not None


def add(connection: Connection, account_id: str, label: str, credential: bytes, key: bytes, signs: int) -> None:
    """Store the public key of a new passkey."""
    row = {"credential": credential, "account_id": account_id, "label": label}
    connection.execute(insert(passkey).values(row | {"public_key": key, "sign_count": signs}))
    accesses.state_sign_in(connection, account_id)


def find(connection: Connection, credential: bytes) -> PasskeyRecord | None:
    """Return a passkey by its credential id, locked; None when it is unknown or its account is closed."""
    mine = (passkey.c.credential == credential, account.c.closed_at.is_(None))
    query = select(passkey).join(account).where(*mine)
    return PasskeyRecord.first(connection, query.with_for_update(of=passkey))


def record_use(connection: Connection, credential: bytes, signs: int) -> None:
    """Record that a passkey has signed, and its new signature count."""
    mine = passkey.c.credential == credential
    connection.execute(update(passkey).where(mine).values(sign_count=signs, used_at=NOW))


def list_of(connection: Connection, account_id: str) -> list[PasskeyRecord]:
    """Return the passkeys of an account, oldest first."""
    query = select(passkey).where(passkey.c.account_id == account_id)
    return PasskeyRecord.all(connection, query.order_by(passkey.c.created_at))


def drop(connection: Connection, account_id: str, credential: bytes) -> None:
    """Delete a passkey of an account; raises `Unknown`."""
    mine = (passkey.c.account_id == account_id, passkey.c.credential == credential)
    if connection.execute(delete(passkey).where(*mine).returning(passkey.c.label)).first() is None:
        raise Unknown("passkey")
    accesses.state_sign_in(connection, account_id)

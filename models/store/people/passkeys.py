"""Passkeys of accounts (WebAuthn): public keys only, and challenges that serve once and soon."""

from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from models.errors import Unknown
from models.identifiers import Instant
from models.store.records import Record
from models.store.schema.accounts import challenge, passkey
from models.store.schema.cases import account

NOW = func.clock_timestamp()


class PasskeyRecord(Record):
    """A public key, and how often its authenticator says that it has signed."""

    credential: bytes
    account_id: str
    public_key: bytes
    sign_count: int
    label: str
    created_at: Instant
    used_at: Instant | None


def ask(connection: Connection, value: bytes, account_id: str | None, life: timedelta) -> None:
    """Store a challenge, for an account or for a sign-in whose account is not known yet."""
    row = {"value": value, "account_id": account_id}
    connection.execute(insert(challenge).values(row | {"expires_at": NOW + life}))


def answered(connection: Connection, value: bytes, account_id: str | None) -> bool:
    """Use a challenge up; False when it is unknown, used, too old, or of another account."""
    mine = challenge.c.account_id.is_not_distinct_from(account_id)
    used = delete(challenge).where(challenge.c.value == value, mine, challenge.c.expires_at > NOW)
    return connection.execute(used.returning(challenge.c.value)).first() is not None


def keep(
    connection: Connection, account_id: str, label: str, credential: bytes, key: bytes, signs: int
) -> None:
    """Keep the public key of a passkey."""
    row = {"credential": credential, "account_id": account_id, "label": label}
    connection.execute(insert(passkey).values(row | {"public_key": key, "sign_count": signs}))


def find(connection: Connection, credential: bytes) -> PasskeyRecord | None:
    """Return a passkey by the id that its authenticator gives it, held; None for nobody's or a closed account's."""
    mine = (passkey.c.credential == credential, account.c.closed_at.is_(None))
    query = select(passkey).join(account).where(*mine)
    return PasskeyRecord.first(connection, query.with_for_update(of=passkey))


def served(connection: Connection, credential: bytes, signs: int) -> None:
    """Remember that a passkey has signed."""
    mine = passkey.c.credential == credential
    connection.execute(update(passkey).where(mine).values(sign_count=signs, used_at=NOW))


def list_of(connection: Connection, account_id: str) -> list[PasskeyRecord]:
    """Passkeys of an account, the oldest first."""
    query = select(passkey).where(passkey.c.account_id == account_id)
    return PasskeyRecord.all(connection, query.order_by(passkey.c.created_at))


def drop(connection: Connection, account_id: str, credential: bytes) -> None:
    """Drop a passkey of an account; raises `Unknown`."""
    mine = (passkey.c.account_id == account_id, passkey.c.credential == credential)
    if connection.execute(delete(passkey).where(*mine).returning(passkey.c.label)).first() is None:
        raise Unknown("passkey")

"""One-time codes (TOTP, RFC 6238) of accounts: a sealed secret, and the last time step used."""

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from models.store.journal import accesses
from models.store.records import Record
from models.store.schema.accounts import totp


class TotpRecord(Record):
    """The sealed secret of an account, and the last time step whose code was used."""

    account_id: str
    sealed: bytes
    last_step: int


def start(connection: Connection, account_id: str, sealed: bytes) -> None:
    """Store a secret to be confirmed; a secret that is confirmed already is not replaced."""
    row = {"account_id": account_id, "sealed": sealed}
    unconfirmed = (
        insert(totp)
        .values(row)
        .on_conflict_do_update(
            index_elements=["account_id"], set_={"sealed": sealed}, where=totp.c.confirmed_at.is_(None)
        )
    )
    connection.execute(unconfirmed)


def find_by_account(connection: Connection, account_id: str, *, confirmed: bool = True) -> TotpRecord | None:
    """Return the confirmed secret of an account, or the one to be confirmed; locked until the transaction ends."""
    mine = (totp.c.account_id == account_id, totp.c.confirmed_at.is_not(None) == confirmed)
    query = select(totp.c.account_id, totp.c.sealed, totp.c.last_step).where(*mine)
    return TotpRecord.first(connection, query.with_for_update())


def record_use(connection: Connection, account_id: str, step: int) -> None:
    """Record the time step of a used code and confirm the secret; codes up to that step are used up."""
    confirmed = func.coalesce(totp.c.confirmed_at, func.clock_timestamp())
    mine = totp.c.account_id == account_id
    unconfirmed = connection.execute(select(totp.c.account_id).where(mine, totp.c.confirmed_at.is_(None))).first()
    connection.execute(update(totp).where(mine).values(last_step=step, confirmed_at=confirmed))
    if unconfirmed:
        accesses.state_sign_in(connection, account_id)


def drop(connection: Connection, account_id: str) -> None:
    """Delete the secret of an account, so that it is no longer asked for codes."""
    connection.execute(delete(totp).where(totp.c.account_id == account_id))
    accesses.state_sign_in(connection, account_id)

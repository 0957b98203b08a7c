"""One-time codes (TOTP, RFC 6238) of accounts: a sealed secret, and the last step that served."""

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from models.store.records import Record
from models.store.schema.accounts import totp


class TotpRecord(Record):
    """The sealed secret of an account, and the last step whose code served."""

    account_id: str
    sealed: bytes
    last_step: int


def start(connection: Connection, account_id: str, sealed: bytes) -> None:
    """Keep a secret that serves once it is confirmed; one that is confirmed already is left as it is."""
    row = {"account_id": account_id, "sealed": sealed}
    another = (
        insert(totp)
        .values(row)
        .on_conflict_do_update(
            index_elements=["account_id"], set_={"sealed": sealed}, where=totp.c.confirmed_at.is_(None)
        )
    )
    connection.execute(another)


def find_by_account(connection: Connection, account_id: str, *, confirmed: bool = True) -> TotpRecord | None:
    """Return the secret that an account must use, or is about to; held until the transaction ends."""
    mine = (totp.c.account_id == account_id, totp.c.confirmed_at.is_not(None) == confirmed)
    query = select(totp.c.account_id, totp.c.sealed, totp.c.last_step).where(*mine)
    return TotpRecord.first(connection, query.with_for_update())


def served(connection: Connection, account_id: str, step: int) -> None:
    """Remember the step of a code that served: it and those before serve no more."""
    confirmed = func.coalesce(totp.c.confirmed_at, func.clock_timestamp())
    mine = totp.c.account_id == account_id
    connection.execute(update(totp).where(mine).values(last_step=step, confirmed_at=confirmed))


def drop(connection: Connection, account_id: str) -> None:
    """Ask for no code of an account any more."""
    connection.execute(delete(totp).where(totp.c.account_id == account_id))

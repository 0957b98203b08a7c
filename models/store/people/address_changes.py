"""Addresses that accounts want: each waits, in an account without a password, for the code mailed to it."""

from sqlalchemy import Connection, insert, select, update

from models.store.journal import accesses
from models.store.people import accounts
from models.store.people.accounts import Account
from models.store.schema.account_security import address_change
from models.store.schema.sign_in import credential


def begin(connection: Connection, account: Account, email: str) -> str:
    """Let an account wait for another address; returns the account to which its code is mailed."""
    holder = accounts.create(connection, "employer", account.name, email)
    connection.execute(insert(address_change).values(holder_id=holder, account_id=account.id))
    return holder


def find_account(connection: Connection, holder: str) -> str | None:
    """Return the account that wants the address of a holder, or None."""
    query = select(address_change.c.account_id).where(address_change.c.holder_id == holder)
    wanted_by: str | None = connection.execute(query).scalar()
    return wanted_by


def complete(connection: Connection, account: Account, holder: str) -> None:
    """Give an account the address of its holder, also to sign in with; the holder has the old one from now on."""
    email = accounts.get(connection, holder).email
    mine = credential.c.account_id == account.id
    connection.execute(update(credential).where(mine).values(login=email.lower()))
    accounts.readdress(connection, account.id, email)
    accounts.readdress(connection, holder, account.email)
    accesses.state_sign_in(connection, account.id)

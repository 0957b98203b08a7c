"""How accounts sign in: login and password hash. Hashing itself is slow and done outside transactions."""

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from models.store.journal import accesses
from models.store.records import Record
from models.store.schema.cases import account
from models.store.schema.sign_in import credential


class LoginRecord(Record):
    """The login and password hash of an account."""

    account_id: str
    login: str
    password_hash: str


def hold_login(connection: Connection, login: str) -> None:
    """Lock a login, taken or not, until the end of the transaction, so that only one account can get it."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:l))"), {"l": f"login:{login.lower()}"})


def set_password(connection: Connection, account_id: str, login: str, password_hash: str) -> None:
    """Set the login and password of an account, or replace them."""
    row = {"account_id": account_id, "login": login.lower(), "password_hash": password_hash}
    changed = {"login": login.lower(), "password_hash": password_hash, "set_at": func.clock_timestamp()}
    connection.execute(
        insert(credential).values(row).on_conflict_do_update(index_elements=["account_id"], set_=changed)
    )
    accesses.state_sign_in(connection, account_id)


def renew_hash(connection: Connection, seen: LoginRecord, password_hash: str) -> None:
    """Replace the hash of a password that does not change."""
    same = (credential.c.account_id == seen.account_id, credential.c.password_hash == seen.password_hash)
    connection.execute(update(credential).where(*same).values(password_hash=password_hash))
    accesses.state_sign_in(connection, seen.account_id)


def find_by_login(connection: Connection, login: str) -> LoginRecord | None:
    """Return the credential of a login, ignoring case; None when there is none or its account is closed."""
    mine = (credential.c.login == login.lower(), account.c.closed_at.is_(None))
    return LoginRecord.first(connection, select(credential).join(account).where(*mine))


def is_current(connection: Connection, seen: LoginRecord) -> bool:
    """Whether the password is still the one that was read; the row is locked until the transaction ends."""
    same = (credential.c.account_id == seen.account_id, credential.c.password_hash == seen.password_hash)
    query = select(credential.c.account_id).where(*same).with_for_update()
    return connection.execute(query).first() is not None


def find_by_account(connection: Connection, account_id: str) -> LoginRecord | None:
    """Return the credential of an account, or None."""
    return LoginRecord.first(connection, select(credential).where(credential.c.account_id == account_id))

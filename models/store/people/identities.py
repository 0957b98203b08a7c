"""Agents as the provider of identities knows them, and those who were sent to it and are not back yet."""

from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from models.digests import digest
from models.errors import Conflict
from models.store.people.accounts import Account
from models.store.records import Record
from models.store.schema.agents import identity, sign_in
from models.store.schema.cases import account


class SignIn(Record):
    """What a sign-in must come back with."""

    nonce: str
    verifier: str


def know(connection: Connection, issuer: str, subject: str, account_id: str) -> None:
    """Say which account a subject of the provider is; raises `Conflict` when it is another's."""
    row = {"issuer": issuer, "subject": subject, "account_id": account_id}
    connection.execute(upsert(identity).values(row).on_conflict_do_nothing())
    where = (identity.c.issuer == issuer, identity.c.subject == subject)
    known = connection.execute(select(identity.c.account_id).where(*where)).scalar_one()
    if known != account_id:
        raise Conflict("identity-taken", "Cet identifiant est déjà celui d’un autre compte.")


def find_account(connection: Connection, issuer: str, subject: str) -> Account | None:
    """Return the account of a subject, None when nobody knows it or the account is closed."""
    query = select(account).join(identity, identity.c.account_id == account.c.id)
    where = (identity.c.issuer == issuer, identity.c.subject == subject, account.c.closed_at.is_(None))
    return Account.first(connection, query.where(*where))


def begin(
    connection: Connection, state: str, browser: str, nonce: str, verifier: str, life: timedelta
) -> None:
    """Keep that a browser was sent to the provider; those that never came back are forgotten."""
    connection.execute(delete(sign_in).where(sign_in.c.expires_at < func.clock_timestamp()))
    row = {"state": digest(state), "browser": digest(browser), "nonce": nonce, "verifier": verifier}
    connection.execute(insert(sign_in).values(row | {"expires_at": func.clock_timestamp() + life}))


def end(connection: Connection, state: str, browser: str) -> SignIn | None:
    """Take up a sign-in, once, in the browser that began it; None when it is unknown, used, too old or another's."""
    taken = (
        sign_in.c.state == digest(state),
        sign_in.c.browser == digest(browser),
        sign_in.c.expires_at > func.clock_timestamp(),
    )
    return SignIn.first(connection, delete(sign_in).where(*taken).returning(*sign_in.c))

"""Agents' identities at the identity provider (OIDC), and sign-ins under way there."""

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
    """What the provider's answer to a sign-in must match: nonce and PKCE verifier."""

    nonce: str
    verifier: str


def link(connection: Connection, issuer: str, subject: str, account_id: str) -> None:
    """Link a subject of the provider to an account; raises `Conflict` when it is linked to another."""
    row = {"issuer": issuer, "subject": subject, "account_id": account_id}
    connection.execute(upsert(identity).values(row).on_conflict_do_nothing())
    where = (identity.c.issuer == issuer, identity.c.subject == subject)
    linked = connection.execute(select(identity.c.account_id).where(*where)).scalar_one()
    if linked != account_id:
        raise Conflict("identity-taken", "Cet identifiant est déjà celui d’un autre compte.")


def find_account(connection: Connection, issuer: str, subject: str) -> Account | None:
    """Return the account of a subject; None when there is none or it is closed."""
    query = select(account).join(identity, identity.c.account_id == account.c.id)
    where = (identity.c.issuer == issuer, identity.c.subject == subject, account.c.closed_at.is_(None))
    return Account.first(connection, query.where(*where))


def begin(connection: Connection, state: str, browser: str, nonce: str, verifier: str, life: timedelta) -> None:
    """Record that a browser was sent to the provider; delete expired sign-ins."""
    connection.execute(delete(sign_in).where(sign_in.c.expires_at < func.clock_timestamp()))
    row = {"state": digest(state), "browser": digest(browser), "nonce": nonce, "verifier": verifier}
    connection.execute(insert(sign_in).values(row | {"expires_at": func.clock_timestamp() + life}))


def end(connection: Connection, state: str, browser: str) -> SignIn | None:
    """Consume a sign-in in the browser that began it; None when unknown, used, expired or another browser's."""
    mine = (
        sign_in.c.state == digest(state),
        sign_in.c.browser == digest(browser),
        sign_in.c.expires_at > func.clock_timestamp(),
    )
    return SignIn.first(connection, delete(sign_in).where(*mine).returning(*sign_in.c))

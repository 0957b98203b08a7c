"""Agents' identities at the identity provider (OIDC), and sign-ins under way there."""

from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from models.digests import digest
from models.errors import Conflict
from models.store.journal import accesses
from models.store.people.accounts import Account
from models.store.records import Record
from models.store.schema.agents import identity, sign_in
from models.store.schema.cases import account


class SignIn(Record):
    """What the provider's answer to a sign-in must match: nonce and PKCE verifier."""

    nonce: str
    verifier: str
    account_id: str | None
    siret: str | None


def link(connection: Connection, issuer: str, subject: str, account_id: str) -> None:
    """Link a subject of the provider to an account; raises `Conflict` when it is linked to another."""
    row = {"issuer": issuer, "subject": subject, "account_id": account_id}
    connection.execute(upsert(identity).values(row).on_conflict_do_nothing())
    accesses.state_sign_in(connection, account_id)
    where = (identity.c.issuer == issuer, identity.c.subject == subject)
    linked = connection.execute(select(identity.c.account_id).where(*where)).scalar_one()
    if linked != account_id:
        raise Conflict("identity-taken", "Un autre compte porte déjà cet identifiant.")


def find_account(connection: Connection, issuer: str, subject: str) -> Account | None:
    """Return the account of a subject; None when there is none or it is closed."""
    query = select(account).join(identity, identity.c.account_id == account.c.id)
    where = (identity.c.issuer == issuer, identity.c.subject == subject, account.c.closed_at.is_(None))
    return Account.first(connection, query.where(*where))


def begin(
    connection: Connection,
    state: str,
    browser: str,
    nonce: str,
    verifier: str,
    life: timedelta,
    *,
    account_id: str | None = None,
    siret: str | None = None,
) -> None:
    """Record that a browser was sent to a provider, to prove the authority of an account if one is given.

    Deletes expired sign-ins.
    """
    connection.execute(delete(sign_in).where(sign_in.c.expires_at < func.clock_timestamp()))
    row: dict[str, object] = {"state": digest(state), "browser": digest(browser), "nonce": nonce, "verifier": verifier}
    row |= {"account_id": account_id, "siret": siret}
    connection.execute(insert(sign_in).values(row | {"expires_at": func.clock_timestamp() + life}))


def end(connection: Connection, state: str, browser: str, *, account_id: str | None = None) -> SignIn | None:
    """Consume a sign-in in the browser that began it; None when unknown, used, expired or another browser's.

    One that proves an authority is its account's alone, and signs nobody in.
    """
    mine = (
        sign_in.c.account_id.is_not_distinct_from(account_id),
        sign_in.c.state == digest(state),
        sign_in.c.browser == digest(browser),
        sign_in.c.expires_at > func.clock_timestamp(),
    )
    return SignIn.first(connection, delete(sign_in).where(*mine).returning(*sign_in.c))

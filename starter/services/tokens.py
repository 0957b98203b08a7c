"""API tokens of an account; only a person in a session may issue and revoke them."""

from typing import NamedTuple

from models.bodies.account import TokenBody
from models.store.database import now
from models.store.people import access_log, tokens
from models.store.people.tokens import TokenRecord
from starter.auth.caller import as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault


class IssuedToken(NamedTuple):
    """A new token, with its secret, which cannot be read again."""

    secret: str
    record: TokenRecord


def list_tokens(context: Context, credential: PresentedCredential) -> list[TokenRecord]:
    """Return the valid tokens of the account, newest first."""
    with context.admit(credential, Verb.READ_ACCOUNT) as caller:
        return tokens.list_of(caller.connection, caller.account.id)


def issue_token(context: Context, credential: PresentedCredential, body: TokenBody) -> IssuedToken:
    """Issue a token; raises `InvalidRequest` for one that has already expired."""
    with context.admit(credential, Verb.MANAGE_TOKENS) as caller:
        account, db = caller.account, caller.connection
        if body.expires_at is not None and body.expires_at <= now(db):
            raise fault("/expires_at", "already-past", "Cet instant est déjà passé.")
        secret, record = tokens.issue(db, account.id, body.label, body.scope, body.expires_at)
        access_log.write(db, "token_issued", caller.actor, token=record.id, scope=record.scope)
    return IssuedToken(secret, record)


def revoke_token(context: Context, credential: PresentedCredential, token_id: str) -> None:
    """Revoke a token at once; raises `Unknown`."""
    token_id = as_uuid(token_id)
    with context.admit(credential, Verb.MANAGE_TOKENS) as caller:
        tokens.revoke(caller.connection, caller.account.id, token_id)
        access_log.write(caller.connection, "token_revoked", caller.actor, token=token_id)

"""API tokens of an account; only a person in a session may issue and revoke them."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final, NamedTuple
from uuid import uuid4

from models.bodies.account import TokenBody
from models.errors import KeyReused, Unknown
from models.labels import TokenScope
from models.store.database import now
from models.store.journal.idempotency import digest
from models.store.people import quotas, tokens
from models.store.people.tokens import TokenRecord
from starter.auth.caller import Caller, as_uuid
from starter.auth.credentials import PresentedCredential
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import fault
from starter.services import security_notices

ENDED: Final = "Le jeton créé par cet envoi est révoqué ou a pris fin. Un nouvel envoi en crée un autre."
"""What is said of a form or a call that is sent again once its token has ended."""


class IssuedToken(NamedTuple):
    """A new token, with its secret, which cannot be read again."""

    secret: str
    record: TokenRecord


class TokenTerms(NamedTuple):
    """What a token is to be."""

    label: str
    scope: TokenScope
    expires_at: datetime | None


def list_tokens(context: Context, credential: PresentedCredential) -> list[TokenRecord]:
    """Return the valid tokens of the account, newest first."""
    with context.admit(credential, Verb.READ_ACCOUNT) as caller:
        return tokens.list_of(caller.connection, caller.account.id)


def issue_token(
    context: Context, credential: PresentedCredential, body: TokenBody, key: str | None = None
) -> IssuedToken:
    """Issue a token, once for an idempotency key; raises `InvalidRequest` for one that has expired, `QuotaReached`."""

    def require_issuable() -> None:
        if body.expires_at is not None and body.expires_at <= now(caller.connection):
            raise fault("/expires_at", "already-past", "Cet instant est déjà passé.")

    with context.admit(credential, Verb.MANAGE_TOKENS) as caller:
        terms = TokenTerms(body.label, body.scope, body.expires_at)
        return issue_once(context, caller, terms, key, require_issuable)


def issue_once(
    context: Context, caller: Caller, terms: TokenTerms, key: str | None, before: Callable[[], None] | None = None
) -> IssuedToken:
    """Issue a token, once for an idempotency key: who sends a form twice sees the second answer, and needs its secret.

    The secret is derived from the key, of which the register keeps a digest only, so that nobody but who has the key
    can have it computed again; without a key, from random signs.
    A token that is made counts in the quota of its day, and is told to the holder of the account: raises
    `QuotaReached`. `before` that, a caller may refuse it.
    Raises `KeyReused`, also for a token that has ended since: its dead secret is not shown as new.
    """
    salt, account = key or token_urlsafe(tokens.SECRET_BYTES), caller.account

    def secret_of(token_id: str) -> str:
        return tokens.written(context.master.derive("token of a key", account.id, token_id, salt))

    def create() -> str:
        if before:
            before()
        quotas.use(caller.connection, account.id, "tokens", 1, 1)
        security_notices.tell(caller, "token_issued")
        token_id = str(uuid4())
        stated = {**terms._asdict(), "id": token_id}
        tokens.store(caller.connection, account.id, secret_of(token_id), stated, by=caller.actor)
        return token_id

    known_as = sha256(key.encode()).hexdigest() if key else None
    token_id = caller.once(known_as, digest(["token", *map(str, terms)]), create)
    try:
        return IssuedToken(secret_of(token_id), tokens.get(caller.connection, account.id, token_id))
    except Unknown:
        raise KeyReused(ENDED) from None


def revoke_token(context: Context, credential: PresentedCredential, token_id: str) -> None:
    """Revoke a token at once; raises `Unknown`."""
    token_id = as_uuid(token_id)
    with context.admit(credential, Verb.MANAGE_TOKENS) as caller:
        tokens.revoke(caller.connection, caller.account.id, token_id, caller.actor)

"""Sign-in of agents through the identity provider; a failure is logged."""

import secrets
from datetime import timedelta
from typing import Final, NamedTuple

import structlog

from models.store.journal.events import SYSTEM
from models.store.people import access_log, identities
from starter.auth import rate_limits
from starter.auth.oidc import Provider, SignInFailed
from starter.context import Context
from starter.http.problems import unknown
from starter.services import sign_in
from starter.services.sign_in import OpenedSession

log = structlog.get_logger()

SIGN_IN_LIFETIME: Final = timedelta(minutes=10)
"""Time allowed to authenticate at the provider."""


class SignInStart(NamedTuple):
    """A sign-in under way: where to send the browser, and the secret that recognises it on return."""

    address: str
    browser: str


def begin(context: Context, origin: bytes) -> SignInStart:
    """Begin a sign-in at the provider; raises 404 when none is configured, 429, 503."""
    provider = _provider(context)
    rate_limits.count_apart(context.database, "provider", origin)
    state, nonce, verifier, browser = (secrets.token_urlsafe(32) for _ in range(4))
    address = provider.authorization_url(state, nonce, verifier)
    with context.database.begin() as connection:
        identities.begin(connection, state, browser, nonce, verifier, SIGN_IN_LIFETIME)
    return SignInStart(address, browser)


def complete(context: Context, *, state: str, code: str, error: str, browser: str, origin: bytes) -> OpenedSession:
    """Open a session for the person whom the provider identifies.

    Works once, in the browser that began. Raises `SignInFailed`, which is logged, and 429 after repeated failures
    from one address.
    """
    try:
        return _complete(context, state, code, error, browser)
    except SignInFailed as failed:
        rate_limits.count_apart(context.database, "address", origin)
        with context.database.begin() as connection:
            access_log.write(connection, "sign_in_refused", SYSTEM, reason=failed.reason)
        log.warning("sign_in_refused", reason=failed.reason)
        raise


def _complete(context: Context, state: str, code: str, error: str, browser: str) -> OpenedSession:
    provider = _provider(context)
    with context.database.begin() as connection:
        begun = identities.end(connection, state, browser)
    if begun is None:
        raise SignInFailed("state")
    if error or not code:
        raise SignInFailed("denied")
    subject = provider.subject(code, begun.nonce, begun.verifier)
    with context.database.begin() as connection:
        account = identities.find_account(connection, context.settings.oidc_issuer, subject)
        if account is None:
            raise SignInFailed("unknown")
        return sign_in.open_session(connection, account.id, "oidc")


def _provider(context: Context) -> Provider:
    if not context.settings.oidc_issuer:
        raise unknown()
    return Provider.of_agents(context.settings)

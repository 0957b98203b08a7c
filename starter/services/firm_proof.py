"""Proof of the authority over an establishment at the identity provider of firms (OpenID Connect, as ProConnect).

It counts only if a claim that the settings list as verified by the provider names the establishment's SIREN, at a level
that they admit. A mail domain, or a SIRET that people state there themselves, proves nothing.
"""

import re
import secrets
from typing import Final

import structlog

from models.labels import Proof
from models.store.cases import authority_holds
from models.store.people import access_log, identities
from starter.auth import rate_limits
from starter.auth.credentials import PresentedCredential
from starter.auth.oidc import Provider, SignInFailed
from starter.auth.oidc_shapes import Claims
from starter.auth.permissions import Verb
from starter.context import Context
from starter.http.problems import unknown
from starter.services.agent_sign_in import SIGN_IN_LIFETIME, SignInStart
from starter.services.establishments import require_linked

log = structlog.get_logger()

FIRM: Final = re.compile(r"\d{9}(\d{5})?", re.ASCII)
"""A SIREN, or a SIRET, which begins with it."""


def begin(context: Context, credential: PresentedCredential, siret: str, origin: bytes) -> SignInStart:
    """Begin a proof for a member of an establishment; raises `Unknown`, 404 when none is configured, 429, 503."""
    provider = _provider(context)
    with context.admit(credential, Verb.ASK_PROOF) as caller:
        require_linked(caller, siret)
        account_id = caller.account.id
    rate_limits.count_apart(context.database, "provider", origin)
    state, nonce, verifier, browser = (secrets.token_urlsafe(32) for _ in range(4))
    address = provider.authorization_url(state, nonce, verifier)
    with context.database.begin() as connection:
        identities.begin(
            connection, state, browser, nonce, verifier, SIGN_IN_LIFETIME, account_id=account_id, siret=siret
        )
    return SignInStart(address, browser)


def complete(
    context: Context, credential: PresentedCredential, *, state: str, code: str, error: str, browser: str
) -> str:
    """Record what the provider vouches for, and return the SIRET; raises `SignInFailed`, which is logged, or 503.

    Works once, in the browser and for the account that began.
    """
    try:
        return _complete(context, credential, state, code, error, browser)
    except SignInFailed as failed:
        with context.admit(credential, Verb.ASK_PROOF) as caller:
            access_log.append(caller.connection, "proof_refused", caller.account, reason=failed.reason)
        log.warning("proof_refused", reason=failed.reason)
        raise


def _complete(
    context: Context, credential: PresentedCredential, state: str, code: str, error: str, browser: str
) -> str:
    provider = _provider(context)
    with context.admit(credential, Verb.ASK_PROOF) as caller:
        begun = identities.end(caller.connection, state, browser, account_id=caller.account.id)
    if begun is None or begun.siret is None:
        raise SignInFailed("state")
    if error or not code:
        raise SignInFailed("denied")
    claims, evidence = provider.claims(code, begun.nonce, begun.verifier)
    if not vouches(claims, context.settings.firms_verified_claims, begun.siret):
        raise SignInFailed("firm")
    with context.admit(credential, Verb.ASK_PROOF) as caller:
        require_linked(caller, begun.siret)
        account_id, db = caller.account.id, caller.connection
        authority_holds.prove(db, begun.siret, account_id, Proof.PROVIDER, caller.actor, evidence=evidence)
    return begun.siret


def vouches(claims: Claims, verified: tuple[str, ...], siret: str) -> bool:
    """Whether a verified claim names the SIREN of an establishment: as a text, or in a list of texts."""
    named = [claims.get(name) for name in verified]
    stated = [each for value in named for each in (value if isinstance(value, list) else [value])]
    return any(isinstance(each, str) and FIRM.fullmatch(each) and each[:9] == siret[:9] for each in stated)


def _provider(context: Context) -> Provider:
    if not context.settings.firms_issuer:
        raise unknown()
    return Provider.of_firms(context.settings)

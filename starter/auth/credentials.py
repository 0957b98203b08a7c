"""The credential of a call, a bearer token or a session cookie, and the limit on guessing either.

Software sends a token. A browser sends the cookie, even for a page of another site: `starter.auth.cookies` checks that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Connection
from starlette.requests import Request

from models.errors import Unknown
from models.labels import TokenScope
from models.store.database import Database
from models.store.people import sessions, tokens
from models.store.people.accounts import Account
from starter.auth import cookies, rate_limits
from starter.http.heads import transaction
from starter.http.problems import problem

BEARER_SCHEME: Final = HTTPBearer(auto_error=False, description="Jeton d’accès, créé dans l’espace de l’employeur.")


@dataclass(frozen=True, slots=True)
class PresentedCredential:
    """The secret that a call carries, not yet verified, and where the call comes from."""

    token: str | None
    session: str | None
    origin: bytes
    """Keyed digest of the address that the call comes from."""

    def __repr__(self) -> str:
        """Omit the secret."""
        return "PresentedCredential()"


class _InvalidCredential(Exception):
    """No account has this credential."""


def read_credential(
    request: Request, site: str, bearer: HTTPAuthorizationCredentials | None, origin: bytes
) -> PresentedCredential:
    """Return the credential of a call; raises 401 without one, 403 when another site made the call."""
    token = bearer.credentials if bearer else None
    session = None if bearer else cookies.read(request, site)
    if token is None and session is None:
        raise unauthenticated()
    return PresentedCredential(token, session, origin)


def authenticate(connection: Connection, credential: PresentedCredential) -> tuple[Account, TokenScope]:
    """Return the account of a credential and the scope of its token; a session has the full scope of its account."""
    if credential.session is not None:
        account = sessions.find_account(connection, credential.session, cookies.SESSION_IDLE_TIMEOUT)
        known: tuple[Account, TokenScope] | None = (account, TokenScope.WRITE) if account else None
    else:
        secret = credential.token or ""
        known = tokens.find_bearer(connection, secret) if secret.isascii() else None
    if known is None:
        raise _InvalidCredential
    return known


def is_known(database: Database, credential: PresentedCredential) -> bool:
    """Whether an account has this credential; asked before a long body is read for it."""
    with transaction(database) as connection:
        try:
            authenticate(connection, credential)
        except _InvalidCredential:
            return False
    return True


def require_known(database: Database, credential: PresentedCredential) -> None:
    """Refuse a credential that no account has, before a long body is read for it; raises 401, or 429 after too many."""
    with guesses_limited(database, credential):
        if not is_known(database, credential):
            raise _InvalidCredential


@contextmanager
def guesses_limited(database: Database, credential: PresentedCredential) -> Iterator[None]:
    """Count an invalid token or an unknown reference as a guess; raises 401, or 429 after too many."""
    try:
        yield
    except _InvalidCredential:
        if credential.token:
            rate_limits.count_apart(database, "token", credential.origin)
        raise unauthenticated() from None
    except Unknown:
        rate_limits.count_apart(
            database, "reference", sha256((credential.token or credential.session or "").encode()).digest()
        )
        raise


def unauthenticated() -> Exception:
    """401 for a missing or unknown credential."""
    return problem(
        "unauthenticated",
        "Présentez un jeton d’accès valable (Authorization: Bearer …), ou ouvrez une session.",
        {"WWW-Authenticate": "Bearer"},
    )

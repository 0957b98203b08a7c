"""Agents as the State's provider of identities says they are: OpenID Connect, authorization code, PKCE.

The provider is asked who somebody is and never what he may do: roles and départements are the register's. Its
answer counts when it is signed by a key it publishes, for us, now, for this very sign-in, at a level that is enough.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError
from joserfc.jwk import KeySet
from pydantic import ConfigDict, TypeAdapter, ValidationError

from models.identifiers import Message
from models.settings import Settings
from starter.http.problems import problem

PROVIDER_TIMEOUT: Final = 5.0
"""Seconds that the provider has for each answer."""
ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""Asymmetric only: a token that our own secret could sign proves nothing."""
LEEWAY: Final = 30
"""Seconds by which two clocks may differ."""
SAID: Final[dict[str, str]] = {
    "state": "Cette connexion n’a pas été commencée ici, a déjà servi ou a trop attendu : recommencez.",
    "denied": "Le fournisseur d’identité n’a pas confirmé qui vous êtes.",
    "token": "La réponse du fournisseur d’identité n’est pas valable.",
    "nonce": "La réponse du fournisseur d’identité n’est pas celle de cette connexion : recommencez.",
    "audience": "La réponse du fournisseur d’identité est destinée à un autre service.",
    "issuer": "La réponse ne vient pas du fournisseur d’identité attendu.",
    "expired": "La réponse du fournisseur d’identité a expiré : recommencez.",
    "level": "Votre connexion au fournisseur d’identité n’est pas assez forte pour ce service.",
    "unknown": "Personne n’est connu ici sous cette identité : demandez à votre chef d’unité d’ouvrir votre compte.",
}
"""Why a sign-in fails → the sentence shown to the person."""


class SignInFailed(Exception):
    """Somebody did not get in; `reason` is one of `SAID`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Metadata(Message):
    model_config = ConfigDict(frozen=True, extra="ignore")
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Answer(Message):
    model_config = ConfigDict(frozen=True, extra="ignore")
    id_token: str


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider of these settings; queried anew each time, in a thread: a sign-in is rare and keys change."""

    settings: Settings

    def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where a browser is sent to say who it is; raises 503 when the provider is away."""
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
        parameters = {
            "response_type": "code",
            "client_id": self.settings.oidc_client,
            "redirect_uri": self.back,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        if self.settings.oidc_acr:
            parameters["acr_values"] = " ".join(self.settings.oidc_acr)
        return f"{self._metadata().authorization_endpoint}?{urlencode(parameters)}"

    @property
    def back(self) -> str:
        """Where the provider sends the browser back to."""
        return f"{self.settings.site.rstrip('/')}/agents/sign-in/return"

    def subject(self, code: str, nonce: str, verifier: str) -> str:
        """Return whom a code stands for; raises `SignInFailed`, or 503 when the provider is away."""
        metadata = self._metadata()
        answer = _asked(lambda: self._exchange(metadata.token_endpoint, code, verifier))
        if answer.status_code != 200:
            raise SignInFailed("token")
        try:
            token = _Answer.model_validate_json(answer.content).id_token
            published = _asked(lambda: httpx.get(metadata.jwks_uri, timeout=PROVIDER_TIMEOUT))
            keys = KeySet.import_key_set(published.json())
            claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
        except (ValidationError, JoseError, ValueError, KeyError, TypeError) as wrong:
            raise SignInFailed("token") from wrong
        return self._checked(claims, nonce)

    def _checked(self, claims: dict[str, object], nonce: str) -> str:
        """Look at what the token states (OpenID Connect Core, 3.1.3.7)."""
        ours = self.settings.oidc_client
        expected: dict[str, jwt.ClaimsOption] = {
            "iss": {"essential": True, "value": self.settings.oidc_issuer},
            "aud": {"essential": True, "value": ours},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        try:
            jwt.JWTClaimsRegistry(None, LEEWAY, **expected).validate(claims)
        except ExpiredTokenError as late:
            raise SignInFailed("expired") from late
        except InvalidClaimError as wrong:
            named = {"iss": "issuer", "aud": "audience", "nonce": "nonce"}
            raise SignInFailed(named.get(wrong.claim, "token")) from wrong
        except JoseError as wrong:
            raise SignInFailed("token") from wrong
        if claims.get("azp", ours) != ours:
            raise SignInFailed("audience")
        if self.settings.oidc_acr and claims.get("acr") not in self.settings.oidc_acr:
            raise SignInFailed("level")
        return str(claims["sub"])

    def _exchange(self, address: str, code: str, verifier: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.back,
            "code_verifier": verifier,
        }
        secret, client = self.settings.oidc_secret, self.settings.oidc_client
        known = httpx.BasicAuth(client, secret.read_text("utf-8").strip() if secret else "")
        return httpx.post(address, data=form, auth=known, timeout=PROVIDER_TIMEOUT)

    def _metadata(self) -> _Metadata:
        address = f"{self.settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
        answer = _asked(lambda: httpx.get(address, timeout=PROVIDER_TIMEOUT))
        try:
            metadata = TypeAdapter(_Metadata).validate_json(answer.content)
        except ValidationError as wrong:
            raise _away() from wrong
        if metadata.issuer != self.settings.oidc_issuer:
            raise _away()
        return metadata


def _asked(call: Callable[[], httpx.Response]) -> httpx.Response:
    try:
        answer = call()
    except httpx.HTTPError as away:
        raise _away() from away
    if answer.status_code >= 500:
        raise _away()
    return answer


def _away() -> Exception:
    return problem(
        "unavailable",
        "Le fournisseur d’identité ne répond pas : réessayez dans quelques minutes.",
        {"Retry-After": "60"},
    )

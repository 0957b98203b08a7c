"""Identity of agents, from the State's identity provider: OpenID Connect, authorization code, PKCE.

The provider says who a person is, never what they may do: roles and départements come from the register. A token is
accepted only if it is signed by a key that the provider publishes, is meant for us, has not expired, belongs to this
sign-in, and has a sufficient authentication level.
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
SIGNING_ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""Asymmetric only: a token that our own client secret could sign proves nothing."""
LEEWAY_SECONDS: Final = 30
"""Tolerated difference between the provider's clock and ours."""
FAILURE_SENTENCES: Final[dict[str, str]] = {
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
"""Reason of a failed sign-in → the sentence shown to the person."""


class SignInFailed(Exception):
    """A sign-in failed; `reason` is a key of `FAILURE_SENTENCES`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Metadata(Message):
    model_config = ConfigDict(frozen=True, extra="ignore")
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _TokenResponse(Message):
    model_config = ConfigDict(frozen=True, extra="ignore")
    id_token: str


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider named in the settings. Nothing is cached, since sign-ins are rare and keys change; calls block."""

    settings: Settings

    def authorization_url(self, state: str, nonce: str, verifier: str) -> str:
        """Return the address to which the browser is redirected; raises 503 when the provider is unavailable."""
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
        parameters = {
            "response_type": "code",
            "client_id": self.settings.oidc_client,
            "redirect_uri": self.redirect_uri,
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
    def redirect_uri(self) -> str:
        """Where the provider redirects the browser after authentication."""
        return f"{self.settings.site.rstrip('/')}/agents/sign-in/return"

    def subject(self, code: str, nonce: str, verifier: str) -> str:
        """Exchange a code for the subject it identifies; raises `SignInFailed`, or 503 without the provider."""
        metadata = self._metadata()
        answer = _fetch(lambda: self._exchange(metadata.token_endpoint, code, verifier))
        if answer.status_code != 200:
            raise SignInFailed("token")
        try:
            token = _TokenResponse.model_validate_json(answer.content).id_token
            response = _fetch(lambda: httpx.get(metadata.jwks_uri, timeout=PROVIDER_TIMEOUT))
            keys = KeySet.import_key_set(response.json())
            claims = jwt.decode(token, keys, algorithms=list(SIGNING_ALGORITHMS)).claims
        except (ValidationError, JoseError, ValueError, KeyError, TypeError) as wrong:
            raise SignInFailed("token") from wrong
        return self._verified_subject(claims, nonce)

    def _verified_subject(self, claims: dict[str, object], nonce: str) -> str:
        """Validate the claims of an ID token (OpenID Connect Core, 3.1.3.7) and return its subject."""
        client_id = self.settings.oidc_client
        expected: dict[str, jwt.ClaimsOption] = {
            "iss": {"essential": True, "value": self.settings.oidc_issuer},
            "aud": {"essential": True, "value": client_id},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        try:
            jwt.JWTClaimsRegistry(None, LEEWAY_SECONDS, **expected).validate(claims)
        except ExpiredTokenError as late:
            raise SignInFailed("expired") from late
        except InvalidClaimError as wrong:
            reasons = {"iss": "issuer", "aud": "audience", "nonce": "nonce"}
            raise SignInFailed(reasons.get(wrong.claim, "token")) from wrong
        except JoseError as wrong:
            raise SignInFailed("token") from wrong
        if claims.get("azp", client_id) != client_id:
            raise SignInFailed("audience")
        if self.settings.oidc_acr and claims.get("acr") not in self.settings.oidc_acr:
            raise SignInFailed("level")
        return str(claims["sub"])

    def _exchange(self, address: str, code: str, verifier: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
        }
        secret = self.settings.oidc_secret
        client = httpx.BasicAuth(self.settings.oidc_client, secret.read_text("utf-8").strip() if secret else "")
        return httpx.post(address, data=form, auth=client, timeout=PROVIDER_TIMEOUT)

    def _metadata(self) -> _Metadata:
        address = f"{self.settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
        answer = _fetch(lambda: httpx.get(address, timeout=PROVIDER_TIMEOUT))
        try:
            metadata = TypeAdapter(_Metadata).validate_json(answer.content)
        except ValidationError as wrong:
            raise _unavailable() from wrong
        if metadata.issuer != self.settings.oidc_issuer:
            raise _unavailable()
        return metadata


def _fetch(call: Callable[[], httpx.Response]) -> httpx.Response:
    """Call the provider; raises 503 when it cannot be reached or fails."""
    try:
        answer = call()
    except httpx.HTTPError as error:
        raise _unavailable() from error
    if answer.status_code >= 500:
        raise _unavailable()
    return answer


def _unavailable() -> Exception:
    return problem(
        "unavailable",
        "Le fournisseur d’identité ne répond pas : réessayez dans quelques minutes.",
        {"Retry-After": "60"},
    )

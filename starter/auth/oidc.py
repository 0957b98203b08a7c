"""OpenID Connect, authorization code, PKCE: the identity of agents, and the firm that somebody speaks for.

A provider says who a person is, never what they may do: roles and départements come from the register. A token is
accepted only if it is signed by a key that the provider publishes, is meant for us, has not expired, belongs to this
sign-in, and has a sufficient authentication level.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError
from joserfc.jwk import KeySet
from pydantic import TypeAdapter, ValidationError

from models.settings import Settings
from starter.auth.oidc_shapes import WRONG_ANSWERS, Claims, Metadata, SignedClaims, TokenResponse
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
    "firm": "Le fournisseur d’identité n’a pas vérifié que vous agissez pour cette entreprise.",
    "unknown": "Personne n’est connu ici sous cette identité : demandez à votre chef d’unité d’ouvrir votre compte.",
}
"""Reason of a failed sign-in → the sentence shown to the person."""


class SignInFailed(Exception):
    """A sign-in failed; `reason` is a key of `FAILURE_SENTENCES`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider, as the settings name it. Nothing is cached: sign-ins are rare and keys change; calls block."""

    issuer: str
    client: str
    secret: Path | None
    levels: tuple[str, ...]
    redirect_uri: str
    """Where the provider redirects the browser after authentication."""
    scope: str = "openid"

    @classmethod
    def of_agents(cls, settings: Settings) -> "Provider":
        """Return the provider of agents' identities."""
        back = f"{settings.site.rstrip('/')}/agents/sign-in/return"
        return cls(settings.oidc_issuer, settings.oidc_client, settings.oidc_secret, settings.oidc_acr, back)

    @classmethod
    def of_firms(cls, settings: Settings) -> "Provider":
        """Return the provider of firms, asked for the claims that it has verified."""
        back = f"{settings.site.rstrip('/')}/proofs/return"
        scope = " ".join(("openid", *settings.firms_verified_claims))
        return cls(
            settings.firms_issuer, settings.firms_client, settings.firms_secret, settings.firms_levels, back, scope
        )

    def authorization_url(self, state: str, nonce: str, verifier: str) -> str:
        """Return the address to which the browser is redirected; raises 503 when the provider is unavailable."""
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
        parameters = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": self.redirect_uri,
            "scope": self.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        if self.levels:
            parameters["acr_values"] = " ".join(self.levels)
        return f"{self._metadata().authorization_endpoint}?{urlencode(parameters)}"

    def subject(self, code: str, nonce: str, verifier: str) -> str:
        """Exchange a code for the subject it identifies; raises `SignInFailed`, or 503 without the provider."""
        claims, _, _ = self._identify(code, nonce, verifier)
        return str(claims["sub"])

    def claims(self, code: str, nonce: str, verifier: str) -> tuple[Claims, str]:
        """Exchange a code for the claims about a person, those of UserInfo included, and a digest of what said so.

        Raises `SignInFailed`, or 503 without the provider.
        """
        claims, response, metadata = self._identify(code, nonce, verifier)
        proof = response.id_token
        if metadata.userinfo_endpoint and response.access_token:
            told, raw = self._user_info(metadata, response.access_token)
            if told.get("sub") != claims["sub"]:
                raise SignInFailed("token")
            claims, proof = told | claims, f"{proof}.{raw}"
        return claims, sha256(proof.encode()).hexdigest()

    def _identify(self, code: str, nonce: str, verifier: str) -> tuple[Claims, TokenResponse, Metadata]:
        metadata = self._metadata()
        answer = _fetch(lambda: self._exchange(metadata.token_endpoint, code, verifier))
        if answer.status_code != 200:
            raise SignInFailed("token")
        try:
            response = TokenResponse.model_validate_json(answer.content)
        except ValidationError as wrong:
            raise SignInFailed("token") from wrong
        claims = self._verified(self._decode(metadata, response.id_token), nonce)
        return claims, response, metadata

    def _decode(self, metadata: Metadata, token: str) -> Claims:
        """Return the claims of a token that the provider signed with a key that it publishes."""
        published = _fetch(lambda: httpx.get(metadata.jwks_uri, timeout=PROVIDER_TIMEOUT))
        try:
            keys = KeySet.import_key_set(published.json())
            claims = dict(jwt.decode(token, keys, algorithms=list(SIGNING_ALGORITHMS)).claims)
            SignedClaims.model_validate(claims)
        except WRONG_ANSWERS as wrong:
            raise SignInFailed("token") from wrong
        return claims

    def _user_info(self, metadata: Metadata, access_token: str) -> tuple[Claims, str]:
        """Return the claims of UserInfo, which a provider signs (ProConnect) or sends as JSON, and their raw text."""
        bearer = {"Authorization": f"Bearer {access_token}"}
        address = metadata.userinfo_endpoint or ""
        answer = _fetch(lambda: httpx.get(address, headers=bearer, timeout=PROVIDER_TIMEOUT))
        if answer.status_code != 200:
            raise SignInFailed("token")
        if answer.headers.get("Content-Type", "").startswith("application/jwt"):
            told = self._decode(metadata, answer.text.strip())
            if told.get("iss") != self.issuer or told.get("aud") not in (self.client, [self.client]):
                raise SignInFailed("audience")
            _require_valid(told, {})
            return told, answer.text
        try:
            return TypeAdapter(dict[str, object]).validate_json(answer.content), answer.text
        except ValidationError as wrong:
            raise SignInFailed("token") from wrong

    def _verified(self, claims: Claims, nonce: str) -> Claims:
        """Validate the claims of an ID token (OpenID Connect Core, 3.1.3.7) and return them."""
        expected: dict[str, jwt.ClaimsOption] = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "sub": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        _require_valid(claims, expected)
        audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        named = claims.get("azp", self.client if len(audiences) == 1 else None)  # several: it must name one
        if named != self.client:
            raise SignInFailed("audience")
        if self.levels and claims.get("acr") not in self.levels:
            raise SignInFailed("level")
        return claims

    def _exchange(self, address: str, code: str, verifier: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
        }
        secret = self.secret.read_text("utf-8").strip() if self.secret else ""
        client = httpx.BasicAuth(self.client, secret)
        return httpx.post(address, data=form, auth=client, timeout=PROVIDER_TIMEOUT)

    def _metadata(self) -> Metadata:
        address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        answer = _fetch(lambda: httpx.get(address, timeout=PROVIDER_TIMEOUT))
        try:
            metadata = TypeAdapter(Metadata).validate_json(answer.content)
        except ValidationError as wrong:
            raise _unavailable() from wrong
        if metadata.issuer != self.issuer:
            raise _unavailable()
        return metadata


def _require_valid(claims: Claims, expected: dict[str, jwt.ClaimsOption]) -> None:
    """Raise `SignInFailed` unless claims are as expected, and valid now, as far as they say when."""
    try:
        jwt.JWTClaimsRegistry(None, LEEWAY_SECONDS, **expected).validate(claims)
    except ExpiredTokenError as late:
        raise SignInFailed("expired") from late
    except InvalidClaimError as wrong:
        reasons = {"iss": "issuer", "aud": "audience", "nonce": "nonce"}
        raise SignInFailed(reasons.get(wrong.claim, "token")) from wrong
    except JoseError as wrong:
        raise SignInFailed("token") from wrong


def _fetch(call: Callable[[], httpx.Response]) -> httpx.Response:
    """Call the provider; raises 503 when it cannot be reached or fails, an address that is none included."""
    try:
        answer = call()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OverflowError) as error:
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

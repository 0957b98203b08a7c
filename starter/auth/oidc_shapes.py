"""What providers of identities answer (OpenID Connect), as far as we read it: types, checked before all else."""

from typing import Annotated, Final

import httpx
from joserfc.errors import JoseError
from pydantic import AfterValidator, ConfigDict, Field

from models.identifiers import Message

WRONG_ANSWERS: Final = (JoseError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""What keys or a token that are none, or that nest without end, make their readers raise."""


def _address(written: str) -> str:
    """Return an address that a browser or we may follow; raises ValueError."""
    try:
        parsed = httpx.URL(written)
    except httpx.InvalidURL as wrong:
        raise ValueError("no address") from wrong
    if parsed.scheme not in ("https", "http") or not parsed.host:
        raise ValueError("no address")
    return written


_Address = Annotated[str, AfterValidator(_address)]


class Metadata(Message):
    """What a provider publishes about itself."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    issuer: str
    authorization_endpoint: _Address
    token_endpoint: _Address
    jwks_uri: _Address
    userinfo_endpoint: _Address | None = None


class TokenResponse(Message):
    """What a provider gives for a code."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id_token: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")]
    access_token: Annotated[str, Field(pattern="^[!-~]+$")] | None = None


Claims = dict[str, object]
_Time = Annotated[float, Field(allow_inf_nan=False)]


class SignedClaims(Message):
    """Types of the claims that we judge, in whatever a provider signs: « ["N"] » is not the nonce « N »."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)
    iss: str
    sub: Annotated[str, Field(min_length=1)]
    aud: str | list[str]
    exp: _Time | None = None
    nbf: _Time | None = None
    iat: _Time | None = None
    nonce: str | None = None
    azp: str | None = None
    acr: str | None = None

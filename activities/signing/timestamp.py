"""Time-stamps (RFC 3161) from several authorities: when one does not answer, or answers falsely, the next is asked.

A token is accepted only on our digest, for our request, signed by an authority that our anchors know, and of the
present hour. What nobody could verify later must not be sealed into a document now.
"""

import asyncio
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from asn1crypto import cms, x509
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from temporalio.exceptions import CancelledError

from activities.http_session import AUTHORITY_TIMEOUT, session
from activities.signing.errors import TimestampUnavailable
from activities.signing.trust import anchors
from models.examination.shapes import MAX_CLOCK_SKEW


class FailoverTimeStamper(TimeStamper):
    """The authorities of `urls` in order of preference, each asked for one token at a time.

    `trust` is the folder of anchors by which they are believed.
    """

    def __init__(self, urls: tuple[str, ...], trust: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._urls = urls
        self._trust = trust

    def certificates(self) -> list[x509.Certificate]:
        """Return the certificates with which each of the authorities signs now; raises TimestampUnavailable."""
        digest = sha256(b"certificates").digest()
        found: dict[bytes, x509.Certificate] = {}
        for url in self._urls:
            one = FailoverTimeStamper((url,), self._trust)
            token = asyncio.run(one.async_timestamp(digest, "sha256"))
            found |= {each.chosen.sha256: each.chosen for each in token["content"]["certificates"]}
        return list(found.values())

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return the first valid token that an authority gives; raises TimestampUnavailable, SigningUnavailable."""
        roots = ValidationContext(trust_roots=anchors(self._trust), allow_fetching=False)
        refusals: list[str] = []
        async with session() as connections:
            for url in self._urls:
                authority = HTTPTimeStamper(url, timeout=AUTHORITY_TIMEOUT, session=connections)
                try:
                    token = await authority.async_timestamp(message_digest, md_algorithm)
                    await _check(token, message_digest, roots)
                except CancelledError:  # the worker stops
                    raise
                # What an authority answers is as untrusted as a file: its parsers fail in many ways, even while they
                # report a wrong nonce. Whatever happens, the next authority is asked.
                except Exception as refusal:  # noqa: BLE001
                    refusals.append(f"{url}: {refusal.__cause__ or refusal}")
                else:
                    return token
        raise TimestampUnavailable("; ".join(refusals) or "no time-stamp authority is configured")


async def _check(token: cms.ContentInfo, message_digest: bytes, roots: ValidationContext) -> None:
    """Raise ValueError unless the token is on this digest, by a known authority, and of this hour."""
    found = await validate_tst_signed_data(token["content"], roots, lambda _algorithm: message_digest)
    status = TimestampSignatureStatus(**found)
    if not (status.intact and status.valid and status.trusted):
        raise ValueError("the token does not stamp what was asked, or is not of a known authority")
    if abs(status.timestamp - datetime.now(UTC)) > MAX_CLOCK_SKEW:
        raise ValueError(f"the token is of {status.timestamp:%Y-%m-%d %H:%M:%S} UTC, our clock is not")

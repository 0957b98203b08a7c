"""Whether a certificate may still sign: its path to our anchors, checked with its authority before use.

An authority that does not answer stops nothing: receipts are owed at once, and verification checks again later.
"""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from time import monotonic
from typing import Final

from asn1crypto import x509
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, RevokedError, ValidationError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend

from activities.http_session import AUTHORITY_TIMEOUT, session
from activities.signing.errors import CertificateRevoked, SignerUnavailable
from activities.signing.keys import load_signer
from activities.signing.trust import anchors

STATUS_LIFETIME: Final = 300.0
"""Seconds for which a certificate that was not revoked is not checked again."""


class CertificateStatus:
    """What the authorities say of the certificates that sign here, under the anchors of `trust`."""

    def __init__(self, trust: Path) -> None:
        self._trust = trust
        self._until: dict[bytes, float] = {}
        """Moment until which each certificate, by its digest, is not checked again."""

    def check(self, signer: Signer) -> None:
        """Raise CertificateRevoked, or SignerUnavailable when the certificate is over or leads to no anchor of ours.

        Only a good status is remembered: a certificate that was reinstated or renewed signs at the next attempt.
        """
        certificate = signer.signing_cert
        if certificate is None:
            raise SignerUnavailable("the signer has no certificate")
        if self._until.get(certificate.sha256, 0.0) > monotonic():
            return
        try:
            asyncio.run(check_revocation(certificate, signer.cert_registry, self._trust))
        except SignerUnavailable:
            load_signer.cache_clear()
            raise
        self._until[certificate.sha256] = monotonic() + STATUS_LIFETIME


async def check_revocation(certificate: x509.Certificate, chain: Iterable[x509.Certificate], trust: Path) -> None:
    """Follow a certificate to the anchors, asking the authorities on the way; raises like `CertificateStatus.check`."""
    async with session() as connections:
        context = ValidationContext(
            trust_roots=anchors(trust),
            allow_fetching=True,
            fetcher_backend=AIOHttpFetcherBackend(connections, AUTHORITY_TIMEOUT),
            revocation_mode="soft-fail",
        )
        try:
            path = CertificateValidator(certificate, chain, validation_context=context)
            await path.async_validate_path()
        except TimeoutError:  # what the library makes of a silent authority; the other ways to be away it forgives
            return
        except RevokedError as revoked:
            raise CertificateRevoked(f"certificat révoqué le {revoked.revocation_dt:%d/%m/%Y}") from revoked
        except (PathError, ValidationError) as wrong:
            raise SignerUnavailable(f"certificat refusé : {wrong}") from wrong

"""Revocation data of our own published signers, fetched beforehand and kept for a while.

Only addresses in our own certificates are called, never one that a document names.
"""

import asyncio
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final

from asn1crypto import x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend

from activities.http_session import AUTHORITY_TIMEOUT, session
from activities.signing.published import PublishedSigners
from activities.signing.trust import anchors
from models.examination.framing import MAX_HEADER_BYTES

LIFETIME: Final = 300.0
"""Seconds for which fetched data serves."""
PATIENCE: Final = 8.0
"""Seconds that all authorities together may take; what has come by then serves."""
MAX_BYTES: Final = MAX_HEADER_BYTES // 4
"""Most DER handed to an examination, whose header also has the certificates; a longer list is left out, and whoever
only it would vouch for is « revocation-unknown »."""
SOON: Final = 30.0
"""Seconds before authorities that did not all answer are asked again."""


@dataclass(frozen=True)
class Revocations:
    """Lists and answers, DER in base64."""

    crls: tuple[str, ...] = ()
    ocsps: tuple[str, ...] = ()


class RevocationCache:
    """The data of the signers published in `trust`, shared by the threads of a worker."""

    def __init__(self, trust: Path) -> None:
        self._trust = trust
        self._lock = Lock()
        self._kept = Revocations()
        self._until = 0.0

    def get(self, published: PublishedSigners) -> Revocations:
        """Return what the authorities say now, or said at most `LIFETIME` ago; of those that are away, nothing."""
        with self._lock:
            if self._until <= monotonic():
                self._kept, whole = asyncio.run(fetch(published, self._trust))
                self._until = monotonic() + (LIFETIME if whole else SOON)
            return self._kept


async def fetch(published: PublishedSigners, trust: Path) -> tuple[Revocations, bool]:
    """Ask the authorities about every published certificate; also returns whether all answered."""
    roots, known = anchors(trust), [_parsed(each) for each in published.authorities]
    whole = True
    async with session() as connections:
        context = ValidationContext(
            trust_roots=roots,
            allow_fetching=True,
            fetcher_backend=AIOHttpFetcherBackend(connections, AUTHORITY_TIMEOUT),
            revocation_mode="soft-fail",
        )
        try:
            async with asyncio.timeout(PATIENCE):
                for signer in published.signers:
                    whole &= await _follow(_parsed(signer.certificate), known, context)
        except TimeoutError:
            whole = False
    kept = _bounded([each.dump() for each in context.ocsps], [each.dump() for each in context.crls])
    return kept, whole and not context.soft_fail_exceptions


def _bounded(ocsps: list[bytes], crls: list[bytes]) -> Revocations:
    """Keep what fits in the header of an examination: answers, then lists, the shortest first."""
    left, kept = MAX_BYTES, set[bytes]()
    for each in (*sorted(ocsps, key=len), *sorted(crls, key=len)):
        if len(each) <= left:
            left -= len(each)
            kept.add(each)
    chosen_crls, chosen_ocsps = (
        tuple(b64encode(each).decode() for each in found if each in kept) for found in (crls, ocsps)
    )
    return Revocations(chosen_crls, chosen_ocsps)


async def _follow(certificate: x509.Certificate, known: list[x509.Certificate], context: ValidationContext) -> bool:
    """Follow one certificate to an anchor, which fetches what the context needs; its state is judged elsewhere."""
    try:
        await CertificateValidator(certificate, known, validation_context=context).async_validate_path()
    except TimeoutError:
        return False
    except (PathError, ValidationError):
        return True
    return True


def _parsed(certificate: str) -> x509.Certificate:
    return x509.Certificate.load(b64decode(certificate))

"""Metrics of what signing depends on: certificates that end or were revoked, authorities that answer.

Each authority is asked for a token, as a signature does: the second one too, whose absence would stay unnoticed until
the first one fails.
"""

import asyncio
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Gauge

from activities.signing.certificate_status import check_revocation
from activities.signing.errors import CertificateRevoked, SignerUnavailable, SigningUnavailable
from activities.signing.keys import DIGEST
from activities.signing.signatories import signatories
from activities.signing.timestamp import FailoverTimeStamper
from activities.signing.trust import certificates
from models.settings import Settings

MEASUREMENT_INTERVAL: Final = 900.0
"""Seconds between two measurements: an authority may count the tokens that it issues."""
NO_CERTIFICATE_END: Final = 0.0
"""End of a certificate that cannot be read: it counts as ended."""


class CertificateMetrics:
    """Measures the seal, the signatories in office and each authority at intervals."""

    def __init__(self, settings: Settings, registry: CollectorRegistry) -> None:
        self._settings = settings
        self._ends = Gauge(
            "tacite_certificate_end_timestamp_seconds",
            "Fin de validité du certificat qui s’achève le premier (secondes depuis 1970 ; 0 : illisible)",
            ("holder",),
            registry=registry,
        )
        self._revoked = Gauge(
            "tacite_certificate_revoked",
            "Un de ces certificats est-il révoqué par son autorité ? 1 ou 0",
            ("holder",),
            registry=registry,
        )
        self._answers = Gauge(
            "tacite_timestamp_authority_up",
            "L’autorité d’horodatage de ce rang dans TACITE_TIMESTAMPS répond-elle ? 1 ou 0",
            ("rank",),
            registry=registry,
        )

    async def run(self) -> None:
        """Measure again and again until cancelled."""
        while True:
            await self.measure()
            await asyncio.sleep(MEASUREMENT_INTERVAL)

    async def measure(self) -> None:
        """Measure everything once."""
        for holder, folders in (await asyncio.to_thread(self._holders)).items():
            self._ends.labels(holder).set(min(map(_end, folders), default=NO_CERTIFICATE_END))
            revoked = [await _is_revoked(folder, self._settings.trust) for folder in folders]
            self._revoked.labels(holder).set(any(revoked))
        for rank, url in enumerate(self._settings.timestamps, start=1):
            self._answers.labels(str(rank)).set(await _answers(url, self._settings.trust))

    def _holders(self) -> dict[str, list[Path]]:
        """Folders of the keys that sign now."""
        try:
            today = datetime.now(UTC).date()
            people = [each for each in signatories(self._settings.signatories) if each.in_office(today)]
        except SignerUnavailable:
            people = []
        return {
            "seal": [self._settings.seal],
            "signatories": [self._settings.signatories / each.folder for each in people],
        }


def _end(folder: Path) -> float:
    try:
        end: datetime = certificates(folder / "certificate.pem")[0].not_valid_after
    except (OSError, ValueError, IndexError):
        return NO_CERTIFICATE_END
    return end.timestamp()


async def _is_revoked(folder: Path, trust: Path) -> bool:
    """Tell whether an authority says so; a certificate that cannot be read or checked counts as not revoked."""
    try:
        certificate, *chain = [
            each for name in ("certificate", "chain") for each in certificates(folder / f"{name}.pem")
        ]
        await check_revocation(certificate, chain, trust)
    except CertificateRevoked:
        return True
    except (OSError, ValueError, SigningUnavailable):
        return False
    return False


async def _answers(url: str, trust: Path) -> bool:
    try:
        await FailoverTimeStamper((url,), trust).async_timestamp(sha256(b"").digest(), DIGEST)
    except SigningUnavailable:
        return False
    return True

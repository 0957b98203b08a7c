"""Whether this installation can sign: tries each key and each authority, by name, for the operator."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from activities.signing.certificate_status import CertificateStatus
from activities.signing.errors import SigningUnavailable
from activities.signing.keys import DIGEST, load_signer
from activities.signing.signatories import signatories
from activities.signing.timestamp import FailoverTimeStamper
from activities.signing.trust import anchors
from models.settings import Settings

EXPIRES_SOON: Final = timedelta(days=30)
"""A certificate that ends within this time is to be renewed now."""

Trial = Callable[[], str]
"""Returns what was found, in French; raises ValueError with what is wrong."""


def trials(settings: Settings) -> Iterator[tuple[str, Trial]]:
    """Everything that a signature needs, each under its French name."""
    yield "Autorités reconnues", partial(_finding, partial(_try_anchors, settings.trust))
    yield "Cachet", partial(_finding, partial(_try_key, settings.seal, settings.trust))
    yield "Signataires", partial(_finding, partial(_try_signatories, settings.signatories, settings.trust))
    for url in settings.timestamps:
        yield f"Horodatage {url}", partial(_finding, partial(_try_authority, url, settings.trust))


def _finding(trial: Trial) -> str:
    try:
        return trial()
    except SigningUnavailable as away:
        raise ValueError(str(away)) from away


def _try_anchors(folder: Path) -> str:
    count = len(anchors(folder))
    return f"{count} certificats" if count > 1 else f"{count} certificat"


def _try_signatories(folder: Path, trust: Path) -> str:
    today = datetime.now(UTC).date()
    able = [each for each in signatories(folder) if each.in_office(today)]
    if not able:
        raise ValueError("aucun signataire en fonction")
    return " ; ".join(f"{each.name}, {_try_key(folder / each.folder, trust)}" for each in able)


def _try_key(folder: Path, trust: Path) -> str:
    signer = load_signer(folder)
    CertificateStatus(trust).check(signer)
    asyncio.run(signer.async_sign_raw(b"", DIGEST))
    if signer.signing_cert is None:
        raise ValueError("certificat absent")
    end: datetime = signer.signing_cert.not_valid_after
    if end < datetime.now(UTC) + EXPIRES_SOON:
        raise ValueError(f"certificat à renouveler, il s’achève le {end:%d/%m/%Y}")
    return f"certificat valable jusqu’au {end:%d/%m/%Y}"


def _try_authority(url: str, trust: Path) -> str:
    asyncio.run(FailoverTimeStamper((url,), trust).async_timestamp(sha256(b"").digest(), DIGEST))
    return "répond"

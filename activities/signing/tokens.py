"""Verification of the token of an anchor, years later: what it stamps, by whom, and when."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from asn1crypto import cms, x509
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from activities.signing.trust import anchors
from models.examination.shapes import MAX_CLOCK_SKEW

_UNREADABLE: Final = "le jeton d’horodatage est illisible"


def token_check(trust: Path) -> Callable[[bytes, bytes, datetime], str | None]:
    """Return what judges a token against its digest and instant; raises SigningUnavailable without anchors."""
    roots = anchors(trust)
    return lambda token, digest, at: judge(token, digest, at, roots)


def judge(token: bytes, digest: bytes, at: datetime, roots: list[x509.Certificate]) -> str | None:
    """Return what is wrong with a token, in French, or None.

    The certificates are judged as of the token's own instant, because those of an authority end before the archive.
    """
    try:
        signed = cms.ContentInfo.load(token)["content"]
        stamped: datetime = signed["encap_content_info"]["content"].parsed["gen_time"].native
        context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=stamped)
        found = asyncio.run(validate_tst_signed_data(signed, context, lambda _algorithm: digest))
        status = TimestampSignatureStatus(**found)
    # Whoever changed the register may have left anything here: parsers of ASN.1 fail on it in many ways.
    except Exception:  # noqa: BLE001
        return _UNREADABLE
    if not status.valid:
        return "la signature du jeton d’horodatage est fausse"
    if not status.intact:
        return "le jeton d’horodatage porte sur une autre empreinte que celle de l’ancrage"
    if not status.trusted:
        return "le jeton d’horodatage n’est pas d’une autorité d’horodatage reconnue"
    if abs(status.timestamp - at) > MAX_CLOCK_SKEW:
        when = f"{status.timestamp:%d/%m/%Y à %H:%M:%S} UTC"
        return f"le jeton d’horodatage est du {when}, loin de l’instant de l’ancrage"
    return None

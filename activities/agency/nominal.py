"""The nominal file of a claim: its people as canonical CSV, enveloped (CMS, AES-256) to the agency’s certificate.

The envelope is made by the library `cryptography`; whoever holds the agency’s key alone opens it.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options
from cryptography.x509 import load_pem_x509_certificate
from sqlalchemy import Connection

from models.claim_files import canonical
from models.claim_files.lines import ClaimLine

MISSING: Final = "TACITE_AGENCY_CERTIFICATE"


class NominalList(NamedTuple):
    """The lines of a claim; `direct` if the agency pays the employees, whose accounts are then in them."""

    lines: Iterable[ClaimLine]
    direct: bool


PeopleReader = Callable[[Connection, str], NominalList]
"""Opens the people of a claim; raises `PeopleUnreadable`."""


class PeopleUnreadable(Exception):
    """What names the people of a claim was altered, or is erased: no other claim need wait for it."""


class CertificateUnusable(OSError):
    """The agency’s certificate is not set, or is not of today: nothing may be enveloped for it."""


def envelop(people: NominalList, certificate: Path | None) -> bytes:
    """Return the nominal file of some lines, in DER. Raises OSError without a certificate of today."""
    if certificate is None:
        raise CertificateUnusable(MISSING)
    recipient = load_pem_x509_certificate(certificate.read_bytes())
    if not recipient.not_valid_before_utc <= datetime.now(UTC) < recipient.not_valid_after_utc:
        raise CertificateUnusable(MISSING)
    content = BytesIO()
    content.writelines(line.encode() for line in canonical.write(people.lines, direct=people.direct))
    envelope = PKCS7EnvelopeBuilder().set_data(content.getvalue()).set_content_encryption_algorithm(AES256)
    return envelope.add_recipient(recipient).encrypt(Encoding.DER, [PKCS7Options.Binary])

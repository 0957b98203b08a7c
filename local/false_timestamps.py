"""False time-stamps, so that tests can check that each kind is refused."""

import secrets
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Final

from asn1crypto import core, keys, tsp, x509
from certomancer.registry import PKIArchitecture, ServiceLabel
from certomancer.services import TimeStamper
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import CertificateBuilder, ExtendedKeyUsage, Name, NameAttribute, random_serial_number
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIES: Final = ("imprint", "nonce", "hour", "signature", "stranger", "noise")
"""Another document is stamped; the nonce of another request; a wrong time; a wrong signature; an unknown authority;
random bytes.
"""


def lie(kind: str, architecture: PKIArchitecture, service: str, request: bytes) -> bytes:
    """Answer a time-stamp request (DER) with one of `LIES`."""
    parsed = tsp.TimeStampReq.load(request)
    if kind == "imprint":
        parsed["message_imprint"]["hashed_message"] = sha256(b"autre document").digest()
    elif kind == "nonce":
        parsed["nonce"] = core.Integer(1)
    elif kind == "noise":
        return secrets.token_bytes(200)
    stamped_at = datetime.now(UTC) - timedelta(hours=26) if kind == "hour" else None
    honest = architecture.service_registry.summon_timestamper(ServiceLabel(service), at_time=stamped_at)
    answer = (_stranger() if kind == "stranger" else honest).request_tsa_response(parsed)
    if kind == "signature":
        signer = answer["time_stamp_token"]["content"]["signer_infos"][0]
        signer["signature"] = bytes(len(signer["signature"].native))
    return bytes(answer.dump(force=True))


@cache
def _stranger() -> TimeStamper:
    """An unknown authority, with a self-signed certificate."""
    key = generate_private_key(SECP256R1())
    name = Name([NameAttribute(NameOID.COMMON_NAME, "Horodatage inconnu")])
    today = datetime.now(UTC)
    certificate = (
        CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=365))
        .add_extension(ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return TimeStamper(x509.Certificate.load(certificate.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(private))

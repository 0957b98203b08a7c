"""What a time-stamp authority may answer that must not be believed, so that tests can see it refused."""

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
"""Something else is stamped; an old answer is given again; at another hour; the signature is wrong; by an unknown
authority; no answer at all, but bytes.
"""


def lie(kind: str, architecture: PKIArchitecture, service: str, request: bytes) -> bytes:
    """Answer a time-stamp request (DER) with one of `LIES`."""
    asked = tsp.TimeStampReq.load(request)
    if kind == "imprint":
        asked["message_imprint"]["hashed_message"] = sha256(b"autre document").digest()
    elif kind == "nonce":
        asked["nonce"] = core.Integer(1)
    elif kind == "noise":
        return secrets.token_bytes(200)
    hour = datetime.now(UTC) - timedelta(hours=26) if kind == "hour" else None
    honest = architecture.service_registry.summon_timestamper(ServiceLabel(service), at_time=hour)
    answer = (_stranger() if kind == "stranger" else honest).request_tsa_response(asked)
    if kind == "signature":
        signer = answer["time_stamp_token"]["content"]["signer_infos"][0]
        signer["signature"] = bytes(len(signer["signature"].native))
    return bytes(answer.dump(force=True))


@cache
def _stranger() -> TimeStamper:
    """An authority that nobody has heard of, with a certificate of its own making."""
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
    return TimeStamper(
        x509.Certificate.load(certificate.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(private)
    )

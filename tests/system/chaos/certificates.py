"""Expired certificates."""

from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import CertificateBuilder, load_pem_x509_certificate


def expired(certificate: bytes, issuing_key: bytes) -> bytes:
    """Return the same certificate (PEM) from the same authority, expired a day ago."""
    good = load_pem_x509_certificate(certificate)
    issuer = load_pem_private_key(issuing_key, None)
    assert isinstance(issuer, RSAPrivateKey)
    builder = (
        CertificateBuilder()
        .subject_name(good.subject)
        .issuer_name(good.issuer)
        .public_key(good.public_key())
        .serial_number(good.serial_number)
        .not_valid_before(good.not_valid_before_utc)
        .not_valid_after(datetime.now(UTC) - timedelta(days=1))
    )
    for extension in good.extensions:
        builder = builder.add_extension(extension.value, critical=extension.critical)
    return builder.sign(issuer, SHA256()).public_bytes(Encoding.PEM)

"""Documents that nobody of the service signed, or not so: certificates of our own authority, made for each case."""

import base64
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from asn1crypto import x509 as asn1_x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

DAY: Final = timedelta(days=1)
USAGES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass
class Forger:
    """Whoever obtains certificates of the authority of `folder`, and publishes some in a `trust` of their own copy."""

    folder: Path
    own: Path

    @property
    def trust(self) -> Path:
        """A copy of the trust folder, in which certificates may be published."""
        copied = self.own / "trust"
        if not copied.exists():
            shutil.copytree(self.folder / "trust", copied)
        return copied

    def identity(
        self,
        name: str,
        start: timedelta = -30 * DAY,
        end: timedelta = 365 * DAY,
        *,
        bits: int = 0,
        usage: str = "content_commitment",
    ) -> Path:
        """Make a key folder whose certificate our authority issued, valid from and until then, from now."""
        key = rsa.generate_private_key(65537, bits) if bits else ec.generate_private_key(ec.SECP256R1())
        issuing = x509.load_pem_x509_certificate((self.folder / "seal" / "chain.pem").read_bytes())
        seal = x509.load_pem_x509_certificate((self.folder / "seal" / "certificate.pem").read_bytes())
        flags = dict.fromkeys(USAGES, False) | {usage: True}
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(issuing.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + start)
            .not_valid_after(now + end)
            .add_extension(x509.KeyUsage(**flags), critical=True)
            .add_extension(seal.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value, critical=False)
            .add_extension(seal.extensions.get_extension_for_class(x509.CRLDistributionPoints).value, critical=False)
        )
        authority = load_pem_private_key((self.folder / "keys" / "issuing.pem").read_bytes(), None)
        assert isinstance(authority, rsa.RSAPrivateKey)
        folder = self.own / name.replace(" ", "-")
        folder.mkdir(parents=True)
        certificate = builder.sign(authority, SHA256())
        (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
        (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        shutil.copy(self.folder / "seal" / "chain.pem", folder)
        return folder

    def publish(
        self,
        identity: Path,
        role: str = "signatory",
        from_on: str = "2020-01-01",
        until_on: str | None = None,
        departments: Sequence[str] = ("*",),
    ) -> Path:
        """Publish a certificate in the own copy of the trust folder."""
        file = self.trust / "signers.json"
        stated = json.loads(file.read_text())
        certificate = x509.load_pem_x509_certificate((identity / "certificate.pem").read_bytes())
        encoded = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
        stated["signers"] = [each for each in stated["signers"] if each["certificate"] != encoded]
        signer = {"role": role, "name": identity.name, "certificate": encoded, "from_on": from_on}
        stated["signers"].append(signer | {"until_on": until_on, "departments": list(departments)})
        file.write_text(json.dumps(stated))
        return identity


def an_authority_of_our_own() -> DummyTimeStamper:
    """A time-stamp authority that nobody recognises."""
    key, now = rsa.generate_private_key(65537, 2048), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Horodatage maison")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stated = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    return DummyTimeStamper(stated, PrivateKeyInfo.load(private))

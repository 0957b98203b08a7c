"""Signature keys: a folder with `certificate.pem`, `chain.pem`, and `key.pem` or `pkcs11.json`.

`pkcs11.json` = `{module, token, pin_file, label}`: the key stays inside the device, the PIN in its own file.
Signers are loaded once for the process: loading a key costs more than ten signatures.
"""

import threading
from functools import cache
from pathlib import Path
from typing import Final

from asn1crypto import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_private_key
from pkcs11.exceptions import PKCS11Error
from pydantic import BaseModel, ConfigDict, ValidationError
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from activities.signing.errors import SignerUnavailable
from activities.signing.trust import certificates

DIGEST: Final = "sha256"
_LARGEST_SIGNATURE: Final = 512
"""Bytes of an RSA-4096 signature: the answer of a dry run, which only estimates the size."""


class TokenSettings(BaseModel):
    """Where a key is inside a PKCS#11 device (`pkcs11.json`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    module: Path
    token: str
    pin_file: Path
    label: str


class InMemoryKeySigner(Signer):
    """A signer with its key in memory: pyHanko's own reloads and checks an RSA key at each signature."""

    def __init__(
        self,
        certificate: x509.Certificate,
        chain: SimpleCertificateStore,
        key: RSAPrivateKey | EllipticCurvePrivateKey,
    ) -> None:
        super().__init__(signing_cert=certificate, cert_registry=chain, embed_roots=False)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Sign `data` with SHA-256, the only digest in use here."""
        if digest_algorithm != DIGEST:
            raise SignerUnavailable(f"digest {digest_algorithm} is not in use here")
        if dry_run:
            return bytes(_LARGEST_SIGNATURE)
        if isinstance(self._key, RSAPrivateKey):
            return self._key.sign(data, PKCS1v15(), SHA256())
        return self._key.sign(data, ECDSA(SHA256()))


class TokenSigner(PKCS11Signer):
    """A signer whose key is in a PKCS#11 device: one session, hence one signature at a time."""

    def __init__(self, settings: TokenSettings, certificate: x509.Certificate, chain: list[x509.Certificate]) -> None:
        session = open_pkcs11_session(
            str(settings.module),
            token_criteria=TokenCriteria(label=settings.token),
            user_pin=settings.pin_file.read_text("utf-8").strip(),
        )
        super().__init__(
            session,
            signing_cert=certificate,
            ca_chain=chain,
            embed_roots=False,
            key_label=settings.label,
            # SoftHSM and many cards know ECDSA only without its digest
            use_raw_mechanism=certificate.public_key.algorithm == "ec",
        )
        self._one_at_a_time = threading.Lock()

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Sign inside the device; a dry run only estimates the size."""
        if dry_run:
            return bytes(_LARGEST_SIGNATURE)
        with self._one_at_a_time:
            try:
                return await super().async_sign_raw(data, digest_algorithm)
            except PKCS11Error as away:
                load_signer.cache_clear()
                raise SignerUnavailable(f"the PKCS#11 device refused to sign: {away!r}") from away


@cache
def load_signer(folder: Path) -> Signer:
    """Return the signer of a key folder, loaded once for the process; raises SignerUnavailable."""
    try:
        certificate = certificates(folder / "certificate.pem")[0]
        chain = certificates(folder / "chain.pem")
        if (folder / "pkcs11.json").exists():
            settings = TokenSettings.model_validate_json((folder / "pkcs11.json").read_bytes())
            return TokenSigner(settings, certificate, chain)
        return _signer_from_file(folder / "key.pem", certificate, chain)
    except (OSError, ValueError, ValidationError, UnsupportedAlgorithm, PKCS11Error) as wrong:
        raise SignerUnavailable(f"the key of {folder.name} cannot be used: {wrong!r}") from wrong


def _signer_from_file(path: Path, certificate: x509.Certificate, chain: list[x509.Certificate]) -> Signer:
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise ValueError("neither an RSA key nor an elliptic one")
    if key.public_key() != load_der_public_key(certificate.public_key.dump()):
        raise ValueError("the key is not that of the certificate")  # it would sign, and nobody would believe it
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([certificate, *chain])
    return InMemoryKeySigner(certificate, store, key)
